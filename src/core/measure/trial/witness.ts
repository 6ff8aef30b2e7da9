import { withoutAbsent } from "../../domain/absent.ts";
import type { Contradiction } from "../../domain/record.ts";
import { acceptedConnections } from "../../process/kernel/sockets.ts";
import type { Origins } from "../origin/origin.ts";
import { type Claims, contradictionsOf, isInDoubt, type Seen } from "../samples/claims.ts";
import { peakRate } from "../samples/rates.ts";
import { inquire } from "./inquiry.ts";
import type { TrialSetup, WatchedLoad } from "./watchedLoad.ts";

type Run = Pick<WatchedLoad, "report" | "samples">;

/** What the lab itself counted during a run, and what of the tool's report that contradicts. */
export interface Witnessed {
  readonly originServed: number | undefined;
  readonly contradictions: readonly Contradiction[];
}

/** Has one run of a load tool done, with the setup that `run` gets, and checks what the tool says of itself. */
export async function witnessed<R extends Run>(
  setup: TrialSetup,
  run: (setup: TrialSetup) => Promise<R>,
): Promise<R & Witnessed> {
  let tookSeconds: number | undefined;
  const onEnd = (seconds: number) => {
    tookSeconds = seconds;
  };
  const load: TrialSetup["load"] = (wish, watch) => setup.load(wish, { ...watch, onEnd });
  const before = await countersOf(setup.origins);
  const done = await run({ ...setup, load });
  const after = await countersOf(setup.origins);

  const { report, samples } = done;
  const claims: Claims = { ...report, concurrency: setup.point.concurrency, keepAlive: setup.scenario.keepAlive };
  const served = difference(after.served, before.served);
  const peak = served === undefined ? undefined : peakRate(samples, report.durationSeconds);
  const seen = withoutAbsent<Seen>({ tookSeconds, served, peakRate: peak, opened: opened(before, after) });
  const inquiry = isInDoubt(claims, seen) ? await inquire(setup, tookSeconds ?? report.durationSeconds) : undefined;
  const contradictions = contradictionsOf(claims, withoutAbsent<Seen>({ ...seen, inquiry }));
  return { ...done, originServed: served, contradictions };
}

/** Counters at one moment. */
interface Counters {
  readonly served: number | undefined;
  /** Connections that the origins have accepted. */
  readonly atOrigins: number | undefined;
  /** Connections that anybody here has accepted. */
  readonly atAll: number | undefined;
}

async function countersOf(origins: Origins): Promise<Counters> {
  const counted = await origins.counters();
  return { served: counted?.served, atOrigins: counted?.accepted, atAll: acceptedConnections() };
}

/** Connections made from one moment to another, less those of the origins where they are known. */
function opened(before: Counters, after: Counters): number | undefined {
  const all = difference(after.atAll, before.atAll);
  return all === undefined ? undefined : all - (difference(after.atOrigins, before.atOrigins) ?? 0);
}

function difference(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}
