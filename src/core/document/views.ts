import type { FactorName } from "../domain/factors.ts";
import { plural } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { geometricMean } from "../statistics/index.ts";
import { type Condition, levelsIn, trialsOf, withMostMemory } from "./conditions.ts";

/** Trials that are drawn together: the same charts, against CPU bandwidth. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly records: readonly TrialRecord[];
  /** Trials that differ in these get lines of their own. */
  readonly by: readonly FactorName[];
  readonly figures: readonly string[];
}

/** Trials under a name. */
export type NamedTrials = Pick<Condition, "records"> & { readonly name: string };

const EFFECTS = ["requestsPerSecond", "latencyMs.mean", "transferredBytes"];
const OTHERS = ["latencyMs.p99", "completedRequests", "failedShare", "memoryPeakBytes", "throttledShare"];
const ALL = [...EFFECTS, ...OTHERS];
const OF_MEMORY = ["requestsPerSecond", "latencyMs.mean", "failedShare", "memoryPeakBytes"];

const serversOf = ({ point }: TrialRecord) => point.servers;

/**
 * What there is to see in the trials of a condition: the comparisons of the origin study, as far as they were measured; with
 * a line for each offered rate, where there are several.
 */
export function viewsOf(condition: Condition): View[] {
  const views = [serverViews, proxyViews, handicapViews, memoryViews].flatMap((of) => of(condition));
  return views.map((view): View => {
    const rates = new Set(view.records.map(({ point }) => point.requestsPerSecond));
    return rates.size > 1 ? { ...view, by: [...view.by, "rate"] } : view;
  });
}

/** Each proxy in front of one server and of several. */
function serverViews({ id, proxies, records }: Condition): View[] {
  return proxies.flatMap((proxy) => {
    const own = withMostMemory(trialsOf(proxy, records));
    if (levelsIn(own, serversOf).length < 2) return [];
    const title = `${proxy}: one server and several`;
    return [{ id: `${id}-${proxy}-servers`, title, records: own, by: ["servers"], figures: ALL }];
  });
}

/** All proxies side by side. */
function proxyViews({ id, proxies, records }: Condition): View[] {
  const own = withMostMemory(records);
  const by: FactorName[] = levelsIn(own, serversOf).length > 1 ? ["proxy", "servers"] : ["proxy"];
  if (proxies.length > 1) {
    return [{ id: `${id}-proxies`, title: proxies.join(" against "), records: own, by, figures: ALL }];
  }
  return by.length > 1 ? [] : [{ id: `${id}-all`, title: proxies.join(), records: own, by, figures: ALL }];
}

/** The slower proxy with the most servers against the faster one with the fewest. */
function handicapViews(condition: Condition): View[] {
  const sides = handicapOf(condition);
  if (!sides) return [];
  const { slow, fast } = sides;
  const title = `${slow.name} against ${fast.name}`;
  const records = [...slow.records, ...fast.records];
  return [{ id: `${condition.id}-handicap`, title, records, by: ["proxy", "servers"], figures: EFFECTS }];
}

/** Of two proxies the slower one with the most servers, the faster one with the fewest. */
export function handicapOf({ proxies, records }: Condition): { slow: NamedTrials; fast: NamedTrials } | undefined {
  const servers = levelsIn(records, serversOf);
  const [least, most] = [servers[0], servers.at(-1)];
  if (proxies.length !== 2 || least === undefined || most === undefined || least === most) return undefined;
  const [slow, fast] = proxies
    .map((proxy) => withMostMemory(trialsOf(proxy, records)))
    .sort((a, b) => meanRate(a) - meanRate(b)) as [TrialRecord[], TrialRecord[]];
  const side = (own: readonly TrialRecord[], count: number): NamedTrials => ({
    name: `${own[0]!.point.proxy} with ${plural(count, "server")}`,
    records: own.filter(({ point }) => point.servers === count),
  });
  return { slow: side(slow, most), fast: side(fast, least) };
}

/** A line for each memory limit, in front of the fewest servers. */
function memoryViews({ id, proxies, records }: Condition): View[] {
  return proxies.flatMap((proxy) => {
    const own = trialsOf(proxy, records);
    const few = own.filter(({ point }) => point.servers === levelsIn(own, serversOf)[0]);
    if (levelsIn(few, ({ point }) => point.memoryBytes).length < 2) return [];
    const title = `${proxy}: a line for each memory limit`;
    return [{ id: `${id}-${proxy}-memory`, title, records: few, by: ["memory"], figures: OF_MEMORY }];
  });
}

function meanRate(records: readonly TrialRecord[]): number {
  return geometricMean(
    records.flatMap(({ result }) => (result && result.requestsPerSecond > 0 ? result.requestsPerSecond : [])),
  );
}
