import type { Chart } from "../../cells/chartData.ts";
import { left, type Table, tableOf } from "../../cells/table.ts";
import { distinct } from "../../domain/factors.ts";
import { formatFigure } from "../../domain/format.ts";
import type { Block, ChartBlock, Drawing, ReportDocument, Section, TableBlock } from "../document.ts";
import { separated } from "../markup.ts";
import { type Html, html, safeHtml } from "./html.ts";
import { STYLE } from "./style.ts";

/** A report as one HTML file that needs nothing else. `svgs`: the drawings by their id. */
export function htmlPage(report: ReportDocument, svgs: ReadonlyMap<string, string>): string {
  const links = report.sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${report.title}</title>
<link rel="icon" href="data:,">
<style>${safeHtml(STYLE)}</style>
</head>
<body>
<div class="page">
<header>
<h1>${report.title}</h1>
<p class="subtitle">${report.subtitle}</p>
</header>
<nav aria-label="Sections"><ul>${links}</ul></nav>
<main>
${separated(report.sections.map((section) => sectionHtml(section, svgs)))}
</main>
<footer><p>Made by Proxy Lab from its stored trials. This file is complete in itself: nothing is loaded from elsewhere.</p></footer>
</div>
</body>
</html>
`.text;
}

function sectionHtml({ id, title, blocks }: Section, svgs: ReadonlyMap<string, string>): Html {
  const parts = runs(blocks).map((run) => {
    const inside = separated(run.map((block) => blockHtml(block, svgs)));
    return isInGrid(run[0]!) ? html`<div class="charts">\n${inside}\n</div>` : html`${inside}`;
  });
  return html`<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${separated(parts)}\n</section>`;
}

/** Neighbouring charts and maps share a grid. */
function runs(blocks: readonly Block[]): Block[][] {
  const found: Block[][] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    if (last && isInGrid(last[0]!) === isInGrid(block)) last.push(block);
    else found.push([block]);
  }
  return found;
}

function isInGrid({ kind }: Block): boolean {
  return kind === "chart" || kind === "map";
}

function blockHtml(block: Block, svgs: ReadonlyMap<string, string>): Html {
  switch (block.kind) {
    case "heading":
      return html`<h3>${block.text}</h3>`;
    case "paragraph":
      return html`<p>${block.text}</p>`;
    case "list":
      return html`<ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>`;
    case "chart":
      return chartHtml(block, drawn(block, svgs));
    case "matrix":
      return html`<figure class="wide"><figcaption>${block.title}</figcaption>\n${drawn(block, svgs)}</figure>`;
    case "map":
      return html`<figure><figcaption>${capital(block.map.title)}</figcaption>\n${drawn(block, svgs)}</figure>`;
    case "table":
      return tableHtml(block);
    case "code":
      return html`<details class="block"><summary>${block.title}</summary>\n<pre tabindex="0">${block.text}</pre></details>`;
  }
}

/** Vega escapes the texts of its drawings. */
function drawn({ id }: Drawing, svgs: ReadonlyMap<string, string>): Html {
  return safeHtml(svgs.get(id) ?? "");
}

function chartHtml({ chart }: ChartBlock, svg: Html): Html {
  const remarks = chart.remarks?.map((remark) => html`<p class="remark">${remark}</p>`) ?? [];
  return html`<figure><figcaption>${capital(chart.title)}</figcaption>
${svg}
${remarks}<details><summary>Figures</summary>${tableMarkup(figuresOf(chart), "")}</details></figure>`;
}

/** The figures of a chart: a row for each level, a column for each line. */
function figuresOf({ x, y, series }: Chart): Table {
  const levels = distinct(series.flatMap(({ points }) => points.map((point) => point.x)));
  const cell = (points: Chart["series"][number]["points"], level: number): string => {
    const point = points.find((one) => one.x === level);
    if (!point) return "";
    if (point.y === undefined) return point.note ?? "";
    const figure = (value: number | undefined) => formatFigure(value, y.unit);
    const range = point.low === undefined ? "" : ` (${figure(point.low)} to ${figure(point.high)})`;
    return `${figure(point.y)}${range}${point.note ? `, ${point.note}` : ""}`;
  };
  return tableOf(levels, [
    left(`${x.label} (${x.unit})`, (level) => formatFigure(level, x.unit)),
    ...series.map(({ name, points }) => left<number>(name, (level) => cell(points, level))),
  ]);
}

function tableHtml({ caption, table, folded }: TableBlock): Html {
  if (!folded) return tableMarkup(table, caption);
  return html`<details class="block"><summary>${caption}</summary>\n${tableMarkup(table, "")}</details>`;
}

function tableMarkup({ columns, rows }: Table, caption: string): Html {
  const side = (index: number) => (columns[index]?.align === "right" ? html` class="right"` : "");
  const heads = columns.map(({ title }, index) =>
    title === "" ? html`<td${side(index)}></td>` : html`<th scope="col"${side(index)}>${title}</th>`,
  );
  const cellHtml = (cell: string, index: number) =>
    index === 0 ? html`<th scope="row"${side(0)}>${cell}</th>` : html`<td${side(index)}>${cell}</td>`;
  const body = rows.map((cells) => html`<tr>${cells.map(cellHtml)}</tr>`);
  const title = caption === "" ? "" : html`<caption>${caption}</caption>`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption || "Figures"}"><table>${title}<thead><tr>${heads}</tr></thead>
<tbody>${separated(body)}</tbody></table></div>`;
}

function capital(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
