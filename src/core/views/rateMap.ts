import { type HeatMap, heatMapLines } from "../cells/heatMap.ts";
import { type Line, type Piece, piece, type Size } from "../cells/line.ts";
import type { Pen } from "../cells/pen.ts";
import { byLevels, findFactor, variedFactors } from "../domain/factors.ts";
import { type Figure, figureOf } from "../domain/figures.ts";
import { formatCount, formatCpuLevel, formatFigure, isFigure } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { TABLES } from "../domain/tables.ts";
import { centresOf } from "../statistics/trials/centre.ts";
import { levelsAmong, noteOf, rateMissed, tried } from "./series.ts";
import { figureLabel } from "./trialChart.ts";

/** A figure over CPU limits and offered rates. */
export interface RateMap {
  readonly title: string;
  /** The figure, and its unit as of `formatFigure`. */
  readonly label: string;
  readonly unit: string;
  /** CPU limits in cores, rising. */
  readonly cpus: readonly number[];
  /** Offered requests/s, rising. */
  readonly rates: readonly number[];
  /** A cell for each pair of them that was tried. */
  readonly cells: readonly RateCell[];
}

export interface RateCell {
  readonly cpu: number;
  readonly rate: number;
  /** The middle of its trials; absent where none has the figure. */
  readonly value?: number;
  /** Where the value lies between the least and the most of the map, 0 to 1; by its logarithm where all are above 0. */
  readonly strength?: number;
  /** Why it is not like others: its rate was missed, or something else than the proxy was at its limit. */
  readonly note?: string;
}

/**
 * Maps of trials of open loops: one for each proxy, and for each combination of levels of whatever else varies, where it
 * was measured at several CPU limits and several rates.
 */
export function rateMaps(records: readonly TrialRecord[], y: string, { factors, figures } = TABLES): RateMap[] {
  const figure = figureOf(y, figures);
  const offered = tried(records).filter(({ point }) => point.requestsPerSecond !== undefined);
  const varied = variedFactors(offered, factors).filter(({ id }) => id !== "cpu" && id !== "rate");
  const by = [...new Set([findFactor("proxy", factors), ...varied])];
  const groups = Map.groupBy(offered, ({ point }) => by.map(({ describe }) => describe(point)).join(", "));
  const order = byLevels(by);
  return [...groups]
    .filter(([, group]) => levelsAmong(group, "cpu").length > 1 && levelsAmong(group, "rate").length > 1)
    .sort(([, a], [, b]) => order(a[0]!, b[0]!))
    .map(([name, group]) => rateMap(name, group, figure));
}

function rateMap(name: string, records: readonly TrialRecord[], figure: Figure): RateMap {
  const label = figureLabel(records, figure);
  const [cpus, rates] = [levelsAmong(records, "cpu"), levelsAmong(records, "rate")];
  const centreOf = centresOf(records, figure);
  const cells = cpus.flatMap((cpu) =>
    rates.flatMap((rate) => {
      const own = records.filter(({ point }) => point.cpu === cpu && point.requestsPerSecond === rate);
      if (own.length === 0) return [];
      const { y: value } = centreOf(own);
      const note = noteOf(own, "rate served");
      return [{ cpu, rate, ...(value !== undefined && { value }), ...(note !== undefined && { note }) }];
    }),
  );
  const { label: cpuLabel } = findFactor("cpu");
  const title = `${label} of ${name} over ${cpuLabel} and ${findFactor("rate").label}`;
  return { title, label, unit: figure.unit, cpus, rates, cells: withStrength(cells) };
}

function withStrength(cells: readonly RateCell[]): RateCell[] {
  const values = cells.flatMap(({ value }) => value ?? []);
  const scale = Math.min(...values) > 0 ? Math.log : (value: number) => value;
  const [least, most] = [scale(Math.min(...values)), scale(Math.max(...values))];
  return cells.map((cell) => {
    if (!isFigure(cell.value)) return cell;
    return { ...cell, strength: most > least ? (scale(cell.value) - least) / (most - least) : 0 };
  });
}

/** The figure of a cell, without the unit, which a legend says. */
export function cellFigure({ value }: RateCell, unit: string): string {
  const text = formatFigure(value, unit);
  return text.endsWith(` ${unit}`) ? text.slice(0, -unit.length - 1) : text;
}

/** A map as characters, its title first and its legend last: a row for each CPU limit, a column for each rate. */
export function rateMapLines(map: RateMap, { width, height }: Size, pen: Pen): Line[] {
  const legend = pen.paragraph(legendOf(map, pen), width, "faint");
  const body = heatMapLines(heatMapOf(map, pen), { width, height: Math.max(2, height - 1 - legend.length) }, pen);
  return [[pen.cell(` ${map.title}`, width, "title")], ...body, ...legend].slice(0, Math.max(0, height));
}

function heatMapOf(map: RateMap, pen: Pen): HeatMap {
  const { cpus, rates, cells, unit } = map;
  const width = Math.max(...cells.map((cell) => cellFigure(cell, unit).length));
  const cellAt = (cpu: number, rate: number) => cells.find((cell) => cell.cpu === cpu && cell.rate === rate);
  const drawn = (cell: RateCell | undefined): Piece | undefined => {
    if (!cell) return undefined;
    const { text, style } = signOf(cell, pen);
    return piece(`${shadeOf(cell, pen)} ${cellFigure(cell, unit).padStart(width)} ${text}`, style);
  };
  return {
    corner: `${findFactor("cpu").quantity.short} / ${findFactor("rate").unit}`,
    rows: cpus.map(formatCpuLevel),
    columns: rates.map((rate) => `${formatCount(rate)}  `),
    cells: cpus.map((cpu) => rates.map((rate) => drawn(cellAt(cpu, rate)))),
  };
}

/** Two columns of a shade: the figure's strength in fifths. */
function shadeOf({ strength }: RateCell, { glyphs }: Pen): string {
  if (strength === undefined) return glyphs.failed.repeat(2);
  return glyphs.shades[Math.min(4, Math.floor(strength * 5))]!.repeat(2);
}

/** A blank where the rate was served. */
function signOf({ note }: RateCell, { glyphs }: Pen): Piece {
  if (note === undefined) return piece(" ", "good");
  return note === rateMissed ? piece(glyphs.down, "bad") : piece(glyphs.warning, "warning");
}

/** `shades: from 1.9 ms to 10,231 ms; ▼ rate missed; ! send-bound`. */
function legendOf({ cells, unit }: RateMap, { glyphs }: Pen): string {
  const values = cells.flatMap(({ value }) => value ?? []);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = values.length > 0 ? [`shades: ${formatFigure(least, unit)} to ${formatFigure(most, unit)}`] : [];
  const notes = [...new Set(cells.flatMap(({ note }) => note ?? []))];
  const missed = notes.includes(rateMissed) ? [`${glyphs.down} ${rateMissed}`] : [];
  const others = notes.filter((note) => note !== rateMissed);
  return [...range, ...missed, ...(others.length > 0 ? [`${glyphs.warning} ${others.join(", ")}`] : [])].join("; ");
}
