import type { LabEvent } from "../../core/domain/events.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";

/** A sweep in rounds up to the end of its last whole round: what is drawn of it changes once a round, not once a visit. */
export interface RoundsSeen {
  /** The last whole round, from 1; proxies that cannot all run side by side have rounds of their own. */
  readonly round: number;
  /** Of all visits so far. */
  readonly records: readonly TrialRecord[];
  /** What the sweep said of it; absent where it is known from the store alone. */
  readonly told?: Extract<LabEvent, { type: "round-finished" }>;
}

/** A sweep whose trials are visits of about a second, in rounds or not. */
export function hasVisits({ spec }: { readonly spec?: SweepSpec }): boolean {
  return spec?.scenario.method === "visit";
}

export function isInRounds({ spec }: { readonly spec?: SweepSpec }): boolean {
  return spec?.plan === "rounds";
}

/** Of a sweep that another process runs or ran: all but the round in work. `before`: what was known so far. */
export function roundsStored(
  records: readonly TrialRecord[],
  ended: boolean,
  before: RoundsSeen | undefined,
): RoundsSeen | undefined {
  const inWork = records.at(-1)?.replicate;
  const whole = ended ? records : records.slice(0, 1 + records.findLastIndex(({ replicate }) => replicate !== inWork));
  const last = whole.at(-1);
  if (!last) return undefined;
  return before?.records.length === whole.length ? before : { round: last.replicate + 1, records: whole };
}
