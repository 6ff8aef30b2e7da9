/** What the benches of prediction share: the recorded trials of real proxies, and the models. */
import { fileURLToPath } from "node:url";
import { comparableTrials } from "../src/core/answer/learning/comparable.ts";
import type { Model } from "../src/core/answer/learning/crossValidation.ts";
import { trainingRows } from "../src/core/answer/learning/rows.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { gridSpec } from "../src/core/experiment/defaults.ts";
import { door } from "../src/core/hosting/door.ts";
import { loadPlugins } from "../src/core/hosting/load.ts";
import { adaptiveQueue } from "../src/core/plan/adaptive.ts";
import { geometricMean } from "../src/core/statistics/index.ts";
import { random, shuffled } from "../src/core/statistics/random.ts";
import { unpackBundle } from "../src/core/store/unpack.ts";

export const dataFile = fileURLToPath(new URL("../data/prediction.ndjson.gz", import.meta.url));

/** The teaching trials of each proxy in a bundle: those that were limited by the proxy. */
export async function recordedTrials(file: string): Promise<Map<string, TrialRecord[]>> {
  const { trials } = await unpackBundle(file, file);
  const byProxy = Map.groupBy(trials, ({ point }) => point.proxy);
  return new Map([...byProxy].map(([proxy, all]) => [proxy, teaching(all)]));
}

/** Fewer completed requests say little: their number alone is off by a tenth and more by chance. */
const fewestRequests = 100;

/** Trials that teach the predictor, of those made alike. */
export function teaching(all: readonly TrialRecord[]): TrialRecord[] {
  const { trials } = comparableTrials(all);
  const ids = new Set(trainingRows(trials).trials);
  return trials.filter(({ id, result }) => ids.has(id) && result!.completedRequests >= fewestRequests);
}

/** The trials of the sweep that was begun first: the others were made at other times, on a faster or slower machine. */
export function firstSweep(trials: readonly TrialRecord[]): TrialRecord[] {
  const id = trials.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))[0]!.sweepId;
  return trials.filter(({ sweepId }) => sweepId === id);
}

/** Windows of different lengths are runs of the same configuration. */
export function configurationKeyOf({ point }: TrialRecord): string {
  return `${point.cpu} ${point.servers} ${point.concurrency} ${point.memoryBytes}`;
}

/** The first run of each configuration. */
export function firstRuns(trials: readonly TrialRecord[]): TrialRecord[] {
  return [...Map.groupBy(trials, configurationKeyOf).values()].map(([first]) => first!);
}

/** A configuration by its levels, as models take them, and the rates of its runs. */
interface Configuration {
  readonly levels: readonly number[];
  readonly runs: readonly number[];
}

/** The configurations of which no trial was chosen, with all their runs. */
export function configurationsLeftOut(all: readonly TrialRecord[], chosen: readonly TrialRecord[]): Configuration[] {
  const known = new Set(chosen.map(configurationKeyOf));
  const unseen = all.filter((trial) => !known.has(configurationKeyOf(trial)));
  const { x, y } = trainingRows(unseen).training;
  const rows = Map.groupBy(y.keys(), (row) => configurationKeyOf(unseen[row]!));
  return [...rows.values()].map((own) => ({ levels: x[own[0]!]!, runs: own.map((row) => y[row]!) }));
}

/** How far estimates are from what the runs of their configurations had in the middle, relatively. */
export function errorsOf(estimates: readonly number[], configurations: readonly Configuration[]): number[] {
  return configurations.map(({ runs }, i) => Math.abs(estimates[i]! / geometricMean(runs) - 1));
}

/** The models that answer, or all. */
export async function loadModels(all = false): Promise<Model[]> {
  const registry = await loadPlugins(fileURLToPath(new URL("../plugins.json", import.meta.url)));
  const models = registry.list("model").map(({ plugin }) => door.model(plugin));
  return models.filter(({ comparisonOnly }) => all || !comparisonOnly);
}

/** The order in which the adaptive plan would have measured: at each step the recorded trial nearest to what it asks for. */
function adaptiveOrder(trials: readonly TrialRecord[], count: number): TrialRecord[] {
  const [first] = trials;
  const levels = (read: (trial: TrialRecord) => number) => [...new Set(trials.map(read))].sort((a, b) => a - b);
  const cpu = levels(({ point }) => point.cpu);
  const { proxy, loadTool, limiter, role, memoryBytes } = first!.point;
  const queue = adaptiveQueue({
    ...gridSpec,
    proxies: [proxy],
    loadTools: [loadTool],
    limiters: [limiter],
    role,
    cpu: [cpu[0]!, cpu.at(-1)!],
    memoryBytes: memoryBytes === undefined ? [] : [memoryBytes],
    servers: levels(({ point }) => point.servers),
    concurrency: levels(({ point }) => point.concurrency),
    plan: "adaptive",
    trials: count,
    seed: 1,
  });
  const left = [...trials];
  const [chosen, seen]: [TrialRecord[], TrialRecord[]] = [[], []];
  while (chosen.length < count && left.length > 0) {
    const next = queue.next(seen);
    if (!next) break;
    const { point } = next;
    const nearest = nearestTo(left, point);
    if (!nearest) break;
    left.splice(left.indexOf(nearest), 1);
    chosen.push(nearest);
    // The plan sees the rate at the limit that it asked for, as if a request cost the same CPU there.
    const rate = nearest.result!.requestsPerSecond * (point.cpu / nearest.point.cpu);
    seen.push({ ...nearest, point, result: { ...nearest.result!, requestsPerSecond: rate } });
  }
  return chosen;
}

/** Like `spreadDraw`, of half as many configurations, each with two of its runs. */
export function pairedDraw(trials: readonly TrialRecord[], count: number, seed: number): TrialRecord[] {
  const runs = Map.groupBy(shuffled(trials, random(seed)), configurationKeyOf);
  return spreadDraw(firstRuns(trials), Math.ceil(count / 2), seed)
    .flatMap((first) => runs.get(configurationKeyOf(first))!.slice(0, 2))
    .slice(0, count);
}

/** The adaptive order, with the runs of a configuration in an order by chance. */
export function adaptiveDraw(trials: readonly TrialRecord[], count: number, seed: number): TrialRecord[] {
  return adaptiveOrder(shuffled(trials, random(seed)), count);
}

function nearestTo(trials: readonly TrialRecord[], { cpu, servers, concurrency }: TrialRecord["point"]) {
  const same = trials.filter(({ point }) => point.servers === servers && point.concurrency === concurrency);
  const away = (trial: TrialRecord) => Math.abs(Math.log(trial.point.cpu / cpu));
  return same.toSorted((a, b) => away(a) - away(b))[0];
}

/** Trials spread over the range: the settings in turn, in each of as many steps of CPU a trial by chance. */
export function spreadDraw(trials: readonly TrialRecord[], count: number, seed: number): TrialRecord[] {
  const draw = random(seed);
  const sorted = trials.toSorted(
    (a, b) => a.point.concurrency - b.point.concurrency || a.point.cpu - b.point.cpu || (a.id < b.id ? -1 : 1),
  );
  return Array.from({ length: count }, (_, step) => {
    const [from, to] = [step, step + 1].map((edge) => Math.round((edge * sorted.length) / count));
    return shuffled(sorted.slice(from, to), draw)[0]!;
  });
}
