import { LabError, toLabError } from "../errors.ts";
import { door } from "../plugins/door.ts";
import { pinSelf } from "../process/pin.ts";
import { loopback, requireFree } from "../process/ports.ts";
import type { Point } from "../records/point.ts";
import type { SweepSpec } from "../records/spec.ts";
import type { Bench } from "./bench.ts";
import { describeEnvironment } from "./environment.ts";
import type { SweepJob, SweepOutcome } from "./job.ts";
import { placeRoles } from "./placement.ts";
import { type PlannedGroup, type PlannedTrial, planSweep, threadsFor } from "./plan.ts";
import { type Outcome, Recorder } from "./recorder.ts";
import type { Rig } from "./rig.ts";
import { RigKeeper } from "./rigKeeper.ts";
import { Supplies } from "./supplies.ts";
import { measure } from "./trial.ts";

/** Runs the trials of a sweep. A trial that fails becomes a record; only an abort ends the sweep early. */
export async function runSweep(bench: Bench, job: SweepJob): Promise<SweepOutcome> {
  const place = placeRoles(bench.host.platform, bench.host.cores, Math.max(...job.spec.cpu.map(threadsFor)));
  const environment = await describeEnvironment(bench.host, await requirePlugins(bench, job.spec), place);
  if (bench.proxyPort !== undefined) await requireFree(loopback, bench.proxyPort);
  job.begin();
  const groups = withoutDone(planSweep(job.spec), job.done);
  const recorder = new Recorder(bench, job, environment, groups);
  const supplies = new Supplies(bench, job, place);
  const unpin = await pinSelf(place?.rest);
  try {
    for (const group of groups)
      await runGroup(bench, recorder, supplies, new RigKeeper(bench, job.spec.scenario, place), group);
  } catch (error) {
    if (!bench.signal.aborted) throw error;
  } finally {
    await supplies.close();
    await unpin();
  }
  return recorder.finish(bench.signal.aborted ? "interrupted" : "finished");
}

/** Checks that everything a sweep needs is there before anything is started; returns plugin id -> version. */
async function requirePlugins({ registry, host }: Bench, spec: SweepSpec): Promise<Record<string, string>> {
  const limiters = spec.limiters.map((id) => registry.get("limiter", id));
  const entries = [
    ...spec.proxies.map((id) => registry.get("proxy", id)),
    ...spec.loadTools.map((id) => registry.get("load", id)),
    ...limiters,
  ];
  const versions: Record<string, string> = {};
  for (const entry of entries) {
    const { version } = await registry.require(entry, host);
    if (version) versions[entry.plugin.id] = version;
  }
  for (const { plugin, options } of limiters) await door.prepare(plugin, host, options);
  return versions;
}

function withoutDone(groups: readonly PlannedGroup[], done: ReadonlySet<number>): PlannedGroup[] {
  return groups
    .map((group) => ({ ...group, trials: group.trials.filter(({ sequence }) => !done.has(sequence)) }))
    .filter(({ trials }) => trials.length > 0);
}

async function runGroup(
  bench: Bench,
  recorder: Recorder,
  supplies: Supplies,
  keeper: RigKeeper,
  group: PlannedGroup,
): Promise<void> {
  try {
    for (const trial of group.trials) {
      bench.signal.throwIfAborted();
      recorder.begin(trial);
      recorder.end(trial, await attempt(bench, supplies, keeper, trial), keeper.openedSeconds);
    }
  } finally {
    await keeper.close();
  }
}

/** One trial as the outcome it had; throws only when the sweep was aborted. */
async function attempt(bench: Bench, supplies: Supplies, keeper: RigKeeper, trial: PlannedTrial): Promise<Outcome> {
  const { point } = trial;
  const circumstances = () => ({
    deviations: keeper.rig?.deviations ?? [],
    freshProcess: keeper.openedSeconds !== undefined,
    ...supplies.knownBaseline(point),
  });
  try {
    const context = await supplies.contextOf(trial);
    const rig = await keeper.rigFor(context, point);
    return { ...(await measure(context, rig, point)), ...circumstances() };
  } catch (error) {
    bench.signal.throwIfAborted();
    return { error: await explain(error, keeper.rig, point), ...circumstances() };
  }
}

/** A load that failed because its proxy died is a fault of the proxy, most often of its memory limit. */
async function explain(error: unknown, rig: Rig | undefined, point: Point): Promise<LabError> {
  const fault = toLabError(error);
  const { oomKills } = rig ? await rig.control.usage() : {};
  if (!oomKills) return fault;
  return new LabError("LAB_MEMORY", `${point.proxy} was killed at its memory limit while under load`, { cause: error });
}
