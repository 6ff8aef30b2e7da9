import type { FactorName } from "../domain/factors.ts";
import { plural } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { geometricMean } from "../statistics/index.ts";
import { levelsAmong } from "../views/series.ts";
import { type Condition, levelsIn, trialsOf, withMostMemory } from "./conditions.ts";

/** Trials that are drawn together: the same charts, against one factor. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly x: "cpu" | "rate";
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
 * What there is to see in the trials of a condition: what several offered rates do, if there are any; then the comparisons
 * of the origin study, as far as they were measured, with a line for each of the rates.
 */
export function viewsOf(condition: Condition): View[] {
  const views = [rateViews, serverViews, proxyViews, handicapViews, memoryViews].flatMap((of) => of(condition));
  return views.map((view): View => {
    const rates = new Set(view.records.map(({ point }) => point.requestsPerSecond));
    return view.x === "cpu" && rates.size > 1 ? { ...view, by: [...view.by, "rate"] } : view;
  });
}

/** Each proxy at several rates of an open loop, with a line for each CPU limit. */
function rateViews({ id, proxies, records }: Condition): View[] {
  return proxies.flatMap((proxy) => {
    const own = withMostMemory(trialsOf(proxy, records).filter(({ point }) => point.requestsPerSecond !== undefined));
    if (levelsAmong(own, "rate").length < 2) return [];
    const by: FactorName[] = levelsIn(own, serversOf).length > 1 ? ["servers", "cpu"] : ["cpu"];
    const title = `${proxy}: latency against the offered rate`;
    return [{ id: `${id}-${proxy}-rates`, title, x: "rate", records: own, by, figures: ["latencyMs.p99"] }];
  });
}

/** Each proxy in front of one server and of several. */
function serverViews({ id, proxies, records }: Condition): View[] {
  return proxies.flatMap((proxy) => {
    const own = withMostMemory(trialsOf(proxy, records));
    if (levelsIn(own, serversOf).length < 2) return [];
    const title = `${proxy}: one server and several`;
    return [{ id: `${id}-${proxy}-servers`, title, x: "cpu", records: own, by: ["servers"], figures: ALL }];
  });
}

/** All proxies side by side. */
function proxyViews({ id, proxies, records }: Condition): View[] {
  const own = withMostMemory(records);
  const by: FactorName[] = levelsIn(own, serversOf).length > 1 ? ["proxy", "servers"] : ["proxy"];
  if (proxies.length > 1) {
    return [{ id: `${id}-proxies`, title: proxies.join(" against "), x: "cpu", records: own, by, figures: ALL }];
  }
  return by.length > 1 ? [] : [{ id: `${id}-all`, title: proxies.join(), x: "cpu", records: own, by, figures: ALL }];
}

/** The slower proxy with the most servers against the faster one with the fewest. */
function handicapViews(condition: Condition): View[] {
  const sides = handicapOf(condition);
  if (!sides) return [];
  const { slow, fast } = sides;
  const title = `${slow.name} against ${fast.name}`;
  const records = [...slow.records, ...fast.records];
  return [{ id: `${condition.id}-handicap`, title, x: "cpu", records, by: ["proxy", "servers"], figures: EFFECTS }];
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
    return [{ id: `${id}-${proxy}-memory`, title, x: "cpu", records: few, by: ["memory"], figures: OF_MEMORY }];
  });
}

function meanRate(records: readonly TrialRecord[]): number {
  return geometricMean(
    records.flatMap(({ result }) => (result && result.requestsPerSecond > 0 ? result.requestsPerSecond : [])),
  );
}
