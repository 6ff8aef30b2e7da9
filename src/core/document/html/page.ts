import type { Chart } from "../../cells/chartData.ts";
import type { Table } from "../../cells/table.ts";
import { formatFigure } from "../../domain/format.ts";
import type { Block, ChartBlock, MatrixBlock, ReportDocument, Section, TableBlock } from "../document.ts";
import { escapeHtml as text } from "./escape.ts";
import { STYLE } from "./style.ts";

/** A report as one HTML file that needs nothing else. `svgs`: the drawings by their id. */
export function htmlPage(report: ReportDocument, svgs: ReadonlyMap<string, string>): string {
  const links = report.sections.map(({ id, title }) => `<li><a href="#${id}">${text(title)}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${text(report.title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<div class="page">
<header>
<h1>${text(report.title)}</h1>
<p class="subtitle">${text(report.subtitle)}</p>
</header>
<nav aria-label="Sections"><ul>${links.join("")}</ul></nav>
<main>
${report.sections.map((section) => sectionHtml(section, svgs)).join("\n")}
</main>
<footer><p>Made by Proxy Lab from its stored trials. This file is complete in itself: nothing is loaded from elsewhere.</p></footer>
</div>
</body>
</html>
`;
}

function sectionHtml({ id, title, blocks }: Section, svgs: ReadonlyMap<string, string>): string {
  const parts = runs(blocks).map((run) =>
    run[0]!.kind === "chart"
      ? `<div class="charts">\n${run.map((block) => blockHtml(block, svgs)).join("\n")}\n</div>`
      : run.map((block) => blockHtml(block, svgs)).join("\n"),
  );
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${text(title)}</h2>\n${parts.join("\n")}\n</section>`;
}

/** Neighbouring charts share a grid. */
function runs(blocks: readonly Block[]): Block[][] {
  const found: Block[][] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    if (last && (last[0]!.kind === "chart") === (block.kind === "chart")) last.push(block);
    else found.push([block]);
  }
  return found;
}

function blockHtml(block: Block, svgs: ReadonlyMap<string, string>): string {
  switch (block.kind) {
    case "heading":
      return `<h3>${text(block.text)}</h3>`;
    case "paragraph":
      return `<p>${text(block.text)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${text(item)}</li>`).join("")}</ul>`;
    case "chart":
      return chartHtml(block, svgs.get(block.id) ?? "");
    case "matrix":
      return matrixHtml(block, svgs.get(block.id) ?? "");
    case "table":
      return tableHtml(block);
    case "code":
      return `<details class="block"><summary>${text(block.title)}</summary>\n<pre tabindex="0">${text(block.text)}</pre></details>`;
  }
}

function chartHtml({ chart }: ChartBlock, svg: string): string {
  const remarks = chart.remarks?.map((remark) => `<p class="remark">${text(remark)}</p>`).join("") ?? "";
  return `<figure><figcaption>${text(capital(chart.title))}</figcaption>
${svg}
${remarks}<details><summary>Figures</summary>${tableMarkup(figuresOf(chart), "")}</details></figure>`;
}

function matrixHtml({ title }: MatrixBlock, svg: string): string {
  return `<figure class="wide"><figcaption>${text(title)}</figcaption>
${svg}</figure>`;
}

/** The figures of a chart: a row for each level, a column for each line. */
function figuresOf({ x, y, series }: Chart): Table {
  const levels = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))].sort((a, b) => a - b);
  const cell = (points: Chart["series"][number]["points"], level: number): string => {
    const point = points.find((one) => one.x === level);
    if (!point) return "";
    if (point.y === undefined) return point.note ?? "";
    const range =
      point.low === undefined ? "" : ` (${formatFigure(point.low, y.unit)} to ${formatFigure(point.high, y.unit)})`;
    return `${formatFigure(point.y, y.unit)}${range}${point.note ? `, ${point.note}` : ""}`;
  };
  return {
    columns: [
      { title: `${x.label} (${x.unit})`, align: "left" },
      ...series.map(({ name }) => ({ title: name, align: "left" as const })),
    ],
    rows: levels.map((level) => [formatFigure(level, x.unit), ...series.map(({ points }) => cell(points, level))]),
  };
}

function tableHtml({ caption, table, folded }: TableBlock): string {
  if (!folded) return tableMarkup(table, caption);
  return `<details class="block"><summary>${text(caption)}</summary>\n${tableMarkup(table, "")}</details>`;
}

function tableMarkup({ columns, rows }: Table, caption: string): string {
  const side = (index: number) => (columns[index]?.align === "right" ? ' class="right"' : "");
  const heads = columns.map(({ title }, index) =>
    title === "" ? `<td${side(index)}></td>` : `<th scope="col"${side(index)}>${text(title)}</th>`,
  );
  const body = rows.map(
    (cells) =>
      `<tr>${cells
        .map((cell, index) =>
          index === 0 ? `<th scope="row"${side(0)}>${text(cell)}</th>` : `<td${side(index)}>${text(cell)}</td>`,
        )
        .join("")}</tr>`,
  );
  const title = caption === "" ? "" : `<caption>${text(caption)}</caption>`;
  const label = caption === "" ? "Figures" : caption;
  return `<div class="scroll" tabindex="0" role="group" aria-label="${text(label)}"><table>${title}<thead><tr>${heads.join("")}</tr></thead>
<tbody>${body.join("\n")}</tbody></table></div>`;
}

function capital(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
