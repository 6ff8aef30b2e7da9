import type { Training } from "../../../core/contract/index.ts";
import { meanAndDeviation } from "../shared/spread.ts";

/** The factors that the law knows. `cpu` in cores, memory in bytes. */
const KNOWN_FACTORS = ["cpu", "servers", "concurrency", "memoryBytes"] as const;
/** Logarithms of a row's factors in the order of KNOWN_FACTORS, less their means; 0 for a factor not in use. */
export type Logs = readonly [cpu: number, servers: number, concurrency: number, memory: number];

/** LogRows in logarithms: factors as `u`, measured figures as `v`. */
export interface LogRows {
  readonly u: readonly Logs[];
  readonly v: readonly number[];
}

/** Where the factors in use are found, and from where their logarithms are measured. */
export interface Origin {
  /** Column of each factor in use. */
  readonly columns: Readonly<Record<string, number>>;
  /** Mean of the logarithm of each. */
  readonly means: Readonly<Record<string, number>>;
}

/** Throws an Error where there are too few rows, or where a known factor or a figure is no number above 0. */
export function checkKnown({ factors, x, y }: Training, minimumRows: number): void {
  if (y.length < minimumRows) throw new Error(`the capacity law needs ${minimumRows} rows, got ${y.length}`);
  const positive = (value: number | undefined) => value !== undefined && value > 0 && value < Infinity;
  y.forEach((figure, i) => {
    if (!positive(figure)) throw new Error(`row ${i}: the measured figure must be above 0, is ${figure}`);
    factors.forEach((factor, column) => {
      const level = x[i]?.[column];
      if (isKnown(factor) && !positive(level)) throw new Error(`row ${i}: ${factor} must be above 0, is ${level}`);
    });
  });
}

/** Factors in use: the known ones that vary, and `cpu` even if it does not. */
export function originOf({ factors, x }: Training): Origin {
  const varies = (column: number) => x.some((row) => row[column] !== x[0]![column]);
  const known = factors.map((factor, column) => [factor, column] as const).filter(([factor]) => isKnown(factor));
  const used = known.filter(([factor, column]) => factor === "cpu" || varies(column));
  const means = used.map(
    ([factor, column]) => [factor, meanAndDeviation(x.map((row) => Math.log(row[column]!))).mean] as const,
  );
  return { columns: Object.fromEntries(used), means: Object.fromEntries(means) };
}

export function logsOf({ columns, means }: Origin, row: readonly number[]): Logs {
  const log = (factor: string) => (factor in columns ? Math.log(row[columns[factor]!]!) - means[factor]! : 0);
  return [log("cpu"), log("servers"), log("concurrency"), log("memoryBytes")];
}

export function logarithms(origin: Origin, { x, y }: Training): LogRows {
  return { u: x.map((row) => logsOf(origin, row)), v: y.map(Math.log) };
}

/** For each of KNOWN_FACTORS, whether the rows differ in it. */
export function varyingFactors({ u }: LogRows): readonly boolean[] {
  return KNOWN_FACTORS.map((_, i) => u.some((logs) => logs[i] !== u[0]![i]));
}

function isKnown(factor: string): boolean {
  return (KNOWN_FACTORS as readonly string[]).includes(factor);
}
