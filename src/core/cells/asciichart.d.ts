/** Types for asciichart 1.5.25, which brings none: the part that this folder uses. */
declare module "asciichart" {
  export interface PlotOptions {
    /** Smallest and largest value of the axis; widened where the series goes beyond. */
    readonly min?: number;
    readonly max?: number;
    /** Rows between `min` and `max`: the plot has one line more. */
    readonly height?: number;
    /** Columns before the first value; the last of them holds the axis. */
    readonly offset?: number;
    /** Label of a row of the axis. */
    readonly format?: (value: number, row: number) => string;
    /** Ten characters: `┼ ┤ ╶ ╴ ─ ╰ ╭ ╮ ╯ │`. */
    readonly symbols?: readonly string[];
  }

  const asciichart: {
    /** Draws values at equal distances; n values take n - 1 columns. */
    plot(series: readonly number[], options?: PlotOptions): string;
  };
  export default asciichart;
}
