import type { Table } from "../../cells/table.ts";
import type { Block, ReportDocument } from "../document.ts";
import { type Markup, markup, separated } from "../markup.ts";

type Markdown = Markup<"markdown">;

/** Markdown. Whatever is put in becomes text in one line, without links, code, HTML or the border of a cell. */
const md = markup("markdown", (text) =>
  text
    .replace(/\s+/g, " ")
    .replace(/[\\`[\]|]|<(?=[a-z/!?])/gi, "\\$&")
    .replace(/^(?=[#>=]|[+-] )/, "\\"),
);

/** A report as Markdown; drawings are files in a folder beside it. */
export function markdownPage(report: ReportDocument, chartsDir: string): string {
  const sections = report.sections.flatMap(({ title, blocks }) => [
    md`## ${title}`,
    ...blocks.flatMap((block) => paragraphs(block, chartsDir)),
  ]);
  const parts = [md`# ${report.title}`, md`${report.subtitle}`, ...sections];
  return md`${separated(parts, "\n\n")}\n`.text;
}

function paragraphs(block: Block, chartsDir: string): Markdown[] {
  const picture = (title: string, id: string) => md`![${title}](${chartsDir}/${id}.svg)`;
  switch (block.kind) {
    case "heading":
      return [md`### ${block.text}`];
    case "paragraph":
      return [md`${block.text}`];
    case "list":
      return [md`${separated(block.items.map((item) => md`- ${item}`))}`];
    case "chart":
      return [picture(block.chart.title, block.id), ...(block.chart.remarks ?? []).map((remark) => md`${remark}`)];
    case "matrix":
      return [md`**${block.title}**`, picture(block.title, block.id)];
    case "map":
      return [picture(block.map.title, block.id)];
    case "table":
      return [md`**${block.caption}**`, tableText(block.table)];
    case "code":
      return [md`${block.title}:`, fenced(block.text)];
  }
}

/** A table with the alignment of its columns. */
export function markdownTable(table: Table): string {
  return tableText(table).text;
}

function tableText({ columns, rows }: Table): Markdown {
  const line = (cells: readonly string[]) => {
    const parts = cells.map((cell) => md`${cell}`);
    return md`| ${separated(parts, " | ")} |`;
  };
  const rule = columns.map(({ align }) => (align === "right" ? md`---:|` : md`---|`));
  const lines = [line(columns.map(({ title }) => title)), md`|${rule}`, ...rows.map(line)];
  return md`${separated(lines)}`;
}

/** Code between fences that are longer than any in it. */
function fenced(text: string): Markdown {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return { language: "markdown", text: `${fence}\n${text}\n${fence}` };
}
