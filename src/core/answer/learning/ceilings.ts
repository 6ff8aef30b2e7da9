import type { Training } from "../../contract/index.ts";
import type { Figure, Reading } from "../../domain/figures.ts";
import { isOpenLoop } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { geometricMean } from "../../statistics/index.ts";
import { rowOf } from "./comparable.ts";

/** The most that was seen where the load tool or the origins, not the proxy, were the limit. */
export interface Ceiling {
  readonly bound: "client-bound" | "origin-bound";
  /** In the unit of the target. */
  readonly figure: number;
  /** CPU limit of the proxy in that trial, in cores. */
  readonly cpu: number;
  readonly servers: number;
  readonly concurrency: number;
}

/**
 * The highest ceiling for each number of servers and each concurrency, among the completed trials; visits of one
 * configuration count as their mean, since the highest of hundreds would be chance.
 */
export function highestCeilings(trials: readonly TrialRecord[], { of }: Figure): Ceiling[] {
  const highest = new Map<string, Ceiling>();
  const rows = [...Map.groupBy(trials, rowOf).values()].map((row) =>
    row.flatMap((trial) => ceilingOf(trial, of) ?? []),
  );
  for (const ceiling of rows.flatMap((row) => meanOf(row) ?? [])) {
    const key = `${ceiling.servers} ${ceiling.concurrency}`;
    if (ceiling.figure > (highest.get(key)?.figure ?? 0)) highest.set(key, ceiling);
  }
  return [...highest.values()];
}

/**
 * The ceiling where the levels are those of row `x`, in the order of the training's factors; `undefined` where none was
 * met. It is never below what the proxy itself reached there: the load tool and the origins carried that.
 */
export function ceilingAt(ceilings: readonly Ceiling[], training: Training, x: readonly number[]): Ceiling | undefined {
  const columns = (["servers", "concurrency"] as const).map(
    (factor) => [factor, training.factors.indexOf(factor)] as const,
  );
  const here = ceilings.find((ceiling) => columns.every(([factor, column]) => ceiling[factor] === x[column]));
  if (!here) return undefined;
  const reached = training.y.filter((_, i) => columns.every(([, column]) => training.x[i]![column] === x[column]));
  return { ...here, figure: Math.max(here.figure, ...reached) };
}

/** What gave out, in words. */
export function ceilingCause({ bound }: Ceiling): string {
  return bound === "client-bound" ? "the load tool" : "the origins";
}

/** What to add. */
export function ceilingRemedy({ bound, servers }: Ceiling): string {
  return bound === "client-bound"
    ? "give the load tool more cores, or more connections"
    : `add servers (${servers} ${servers === 1 ? "was" : "were"} behind it)`;
}

function meanOf(row: readonly Ceiling[]): Ceiling | undefined {
  if (row.length < 2) return row[0];
  return { ...row[0]!, figure: geometricMean(row.map(({ figure }) => figure)) };
}

function ceilingOf(trial: TrialRecord, of: Reading): Ceiling | undefined {
  const bound = trial.verdict?.bound;
  const figure = of(trial);
  const { cpu, servers, concurrency } = trial.point;
  // The most that an open loop reaches is what it was offered.
  if (trial.status !== "completed" || figure === undefined || isOpenLoop(trial)) return undefined;
  return bound === "client-bound" || bound === "origin-bound"
    ? { bound, figure, cpu, servers, concurrency }
    : undefined;
}
