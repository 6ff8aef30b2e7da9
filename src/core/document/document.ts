import type { Chart } from "../cells/chartData.ts";
import type { Table } from "../cells/table.ts";
import type { CorrelationMatrix } from "../statistics/trials/correlation.ts";
import type { RateMap } from "../views/rateMap.ts";

/** A report as plain data; HTML, Markdown and JSON are made from it. */
export interface ReportDocument {
  readonly title: string;
  /** Where and when the figures come from, in a line. */
  readonly subtitle: string;
  readonly sections: readonly Section[];
}

export interface Section {
  /** What it is called in links; see `withSlugs`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | ChartBlock
  | MatrixBlock
  | MapBlock
  | TableBlock
  | { readonly kind: "code"; readonly title: string; readonly text: string };

export interface ChartBlock {
  readonly kind: "chart";
  /** Names its element, and its file where charts are files; see `withSlugs`. */
  readonly id: string;
  readonly chart: Chart;
}

export interface MatrixBlock {
  readonly kind: "matrix";
  readonly id: string;
  readonly title: string;
  readonly matrix: CorrelationMatrix;
}

export interface MapBlock {
  readonly kind: "map";
  readonly id: string;
  readonly map: RateMap;
}

export interface TableBlock {
  readonly kind: "table";
  readonly caption: string;
  readonly table: Table;
  /** Long tables are shown on demand. */
  readonly folded?: boolean;
}

/** Blocks that are drawn. */
export type Drawing = ChartBlock | MatrixBlock | MapBlock;

const DRAWN: ReadonlySet<Block["kind"]> = new Set<Drawing["kind"]>(["chart", "matrix", "map"]);

export function drawingsOf({ sections }: ReportDocument): Drawing[] {
  return sections.flatMap(({ blocks }) => blocks.filter(isDrawing));
}

function isDrawing(block: Block): block is Drawing {
  return DRAWN.has(block.kind);
}
