/** Which value stands on which row. Ticks always fall on whole rows. */
export interface YScale {
  /** Rows that have a label, from the lowest. */
  readonly ticks: readonly { readonly row: number; readonly value: number }[];
  /** Row of a value, not rounded. */
  row(value: number): number;
}

/** Which x stands in which column. */
export interface XScale {
  readonly low: number;
  readonly high: number;
  /** Column of an x, not rounded. */
  column(x: number): number;
  /** The x of a column. */
  at(column: number): number;
}

/** Differences that no chart shows. */
export const TINY = 1e-12;
const FEWEST_TICKS = 4;
const MOST_TICKS = 9;

const WHOLE_UNITS = new Set(["requests", "servers", "connections", "kills"]);

/** Scale over rows 0 to `top` that holds all values and 0; `unit` decides which steps are round. */
export function yScale(values: readonly number[], top: number, unit: string): YScale {
  const low = Math.min(0, ...values);
  const highest = Math.max(0, ...values);
  const high = highest - low < TINY ? 1 : highest;
  const { step, rowsPerTick } = bestStep(low, high, top, unit);
  const below = Math.ceil((-low / step) * rowsPerTick - 1e-9);
  const first = Math.ceil(-below / rowsPerTick);
  const count = Math.floor((top - below) / rowsPerTick) - first + 1;
  return {
    ticks: Array.from({ length: count }, (_, i) => ({
      row: below + (first + i) * rowsPerTick,
      value: (first + i) * step,
    })),
    row: (value) => (value / step) * rowsPerTick + below,
  };
}

/** The step on which the data stand tallest, among those that give a readable number of ticks. */
function bestStep(low: number, high: number, top: number, unit: string) {
  let best = { step: high - low, rowsPerTick: top, score: Number.NEGATIVE_INFINITY };
  for (const step of niceSteps((high - low) / top, high - low, unit)) {
    const rowsPerTick = largestSpacing(low / step, high / step, top);
    if (rowsPerTick === 0) continue;
    const ticks = Math.floor(top / rowsPerTick) + 1;
    const outside = Math.max(0, FEWEST_TICKS - ticks, ticks - MOST_TICKS);
    const score = (((high - low) / step) * rowsPerTick) / top - 0.15 * outside;
    if (score > best.score + 1e-9) best = { step, rowsPerTick, score };
  }
  return best;
}

/** Most rows from tick to tick that leave low and high (counted in steps) and two ticks on the page; 0 if none do. */
function largestSpacing(low: number, high: number, top: number): number {
  const needed = (rows: number): number => Math.ceil(high * rows - 1e-9) + Math.ceil(-low * rows - 1e-9);
  let rows = Math.min(top, Math.floor(top / (high - low) + 1e-9));
  while (rows > 0 && needed(rows) > top) rows -= 1;
  return rows;
}

/** Log scale over rows 0 to `top` that holds all values above 0; others stand on row 0. */
export function logYScale(values: readonly number[], top: number): YScale {
  const positive = values.filter((value) => value > 0);
  const least = Math.min(...positive);
  const steps = logSteps(least, Math.max(2 * least, ...positive));
  const [low, high] = [steps[0]!, steps.at(-1)!];
  const row = (value: number) => (value <= low ? 0 : (top * Math.log(value / low)) / Math.log(high / low));
  return { ticks: logTicks(steps, (value) => Math.round(row(value))), row };
}

/** Ticks at 1, 2 and 5 if there is a row between them, else at powers of ten if each has a row, else at both ends. */
function logTicks(steps: readonly number[], row: (value: number) => number): YScale["ticks"] {
  const powers = powersOfTen(steps);
  const apart = (values: readonly number[], rows: number) =>
    values.length > 1 && values.every((value, at) => at === 0 || row(value) >= row(values[at - 1]!) + rows);
  const chosen = apart(steps, 2) ? steps : apart(powers, 1) ? powers : [steps[0]!, steps.at(-1)!];
  return chosen.map((value) => ({ row: row(value), value }));
}

/** 1, 2 and 5 times powers of ten: from the last that is at most `low`, which is above 0, to the first that is at least `high`. */
export function logSteps(low: number, high: number): number[] {
  const [lowest, highest] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = Array.from({ length: highest - lowest + 3 }, (_, index) => lowest - 1 + index);
  const steps = decades.flatMap((decade) => [1, 2, 5].map((digit) => digit * 10 ** decade));
  const first = steps.findLastIndex((step) => step <= low);
  return steps.slice(first, steps.findIndex((step) => step >= high) + 1);
}

/** Those of some steps that are powers of ten. */
export function powersOfTen(steps: readonly number[]): number[] {
  return steps.filter((value) => value.toExponential().startsWith("1"));
}

/** Scale over `columns` columns: from 0 where that leaves most of the width to the data, else from the smallest x. */
export function xScale(xs: readonly number[], columns: number): XScale {
  const smallest = Math.min(...xs);
  const high = Math.max(...xs);
  const low = smallest >= 0 && smallest <= 0.25 * high && high > 0 ? 0 : smallest;
  const left = low === 0 && smallest > 0 ? 0 : 2;
  const last = columns - 3;
  if (high - low < TINY) return { low, high, column: () => Math.floor(columns / 2), at: () => low };
  return {
    low,
    high,
    column: (x) => left + ((x - low) / (high - low)) * (last - left),
    at: (column) => low + ((column - left) / (last - left)) * (high - low),
  };
}

/** Round steps from `smallest` to `largest`: 1, 2, 2.5, 5 times a power of ten; powers of two for bytes; whole for counts. */
export function niceSteps(smallest: number, largest: number, unit: string): number[] {
  const steps = unit.startsWith("bytes") ? binarySteps(smallest, largest) : decimalSteps(smallest, largest);
  return WHOLE_UNITS.has(unit) ? [...new Set(steps.map((step) => Math.ceil(step)))] : steps;
}

function decimalSteps(smallest: number, largest: number): number[] {
  const steps: number[] = [];
  for (let power = Math.floor(Math.log10(smallest)); power <= Math.log10(largest) + 1; power += 1) {
    for (const leading of [1, 2, 2.5, 5]) steps.push(Number(`${leading}e${power}`));
  }
  return steps;
}

function binarySteps(smallest: number, largest: number): number[] {
  const steps: number[] = [];
  for (let step = 2 ** Math.floor(Math.log2(smallest)); step <= 2 * largest; step *= 2) steps.push(step);
  return steps;
}
