import type { Table } from "../../cells/table.ts";
import type { Block, ReportDocument } from "../document.ts";

/** A report as Markdown; drawings are files in a folder beside it. */
export function markdownPage(report: ReportDocument, chartsDir: string): string {
  const sections = report.sections.map(({ title, blocks }) =>
    [`## ${title}`, ...blocks.map((block) => blockText(block, chartsDir))].join("\n\n"),
  );
  return `${[`# ${report.title}`, report.subtitle, ...sections].join("\n\n")}\n`;
}

function blockText(block: Block, chartsDir: string): string {
  switch (block.kind) {
    case "heading":
      return `### ${block.text}`;
    case "paragraph":
      return block.text;
    case "list":
      return block.items.map((item) => `- ${item}`).join("\n");
    case "chart":
      return [`![${block.chart.title}](${chartsDir}/${block.id}.svg)`, ...(block.chart.remarks ?? [])].join("\n\n");
    case "matrix":
      return `**${block.title}**\n\n![${block.title}](${chartsDir}/${block.id}.svg)`;
    case "table":
      return `**${block.caption}**\n\n${markdownTable(block.table)}`;
    case "code":
      return `${block.title}:\n\n\`\`\`\n${block.text}\n\`\`\``;
  }
}

/** A table with the alignment of its columns. */
export function markdownTable({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = `|${columns.map(({ align }) => (align === "right" ? "---:" : "---")).join("|")}|`;
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line)].join("\n");
}
