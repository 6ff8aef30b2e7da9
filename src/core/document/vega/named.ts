import type { Chart } from "../../cells/chartData.ts";
import { formatFigure, plural } from "../../domain/format.ts";
import type { RateMap } from "../../views/rateMap.ts";
import type { Drawing } from "../document.ts";
import { html } from "../html/html.ts";

/** Characters that no SVG may have, in whatever way they are written. */
const CONTROL = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;

/** An SVG that says what it shows to those who cannot see it, instead of Vega's words on each of its parts. */
export function namedSvg(svg: string, drawing: Drawing): string {
  const { id } = drawing;
  const [title, description] = wordsOn(drawing);
  const names = html` role="img" aria-labelledby="${id}-title ${id}-desc"`;
  const labels = html`<title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>`;
  return svg
    .replace(/ role="[^"]*"| aria-[a-z]+="[^"]*"/g, "")
    .replace(
      /^<svg([^>]*?) class="marks"([^>]*)>/,
      (_, before, after) => `<svg${before} class="chart"${after}${names.text}>${labels.text}`,
    )
    .replace(CONTROL, "");
}

function wordsOn(drawing: Drawing): [title: string, description: string] {
  if (drawing.kind === "chart") return [drawing.chart.title, courseOf(drawing.chart)];
  if (drawing.kind === "map") return [drawing.map.title, cellsInWords(drawing.map)];
  return [drawing.title, `Rank correlations of ${drawing.matrix.variables.length} factors and figures.`];
}

/** How many cells were served their rate, and what the figure is there at least and at most. */
function cellsInWords({ cells, unit }: RateMap): string {
  const values = cells.flatMap(({ value, note }) => (value === undefined || note !== undefined ? [] : value));
  const served = `${values.length} of ${plural(cells.length, "cell")} were served their rate`;
  if (values.length === 0) return `${served}.`;
  return `${served}: ${formatFigure(Math.min(...values), unit)} to ${formatFigure(Math.max(...values), unit)}.`;
}

/** The ends of each line. */
function courseOf({ series, y }: Chart): string {
  const lines = series.flatMap(({ name, points }) => {
    const known = points.filter((point) => point.y !== undefined);
    const [first, last] = [known[0], known.at(-1)];
    if (!first || !last) return [`${name}: no figures.`];
    const figure = (value: number | undefined) => formatFigure(value, y.unit);
    return [`${name}: ${figure(first.y)} at ${first.x}, ${figure(last.y)} at ${last.x}.`];
  });
  return lines.join(" ");
}
