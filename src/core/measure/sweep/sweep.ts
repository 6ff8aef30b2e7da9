import { withoutAbsent } from "../../domain/absent.ts";
import type { Point } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { LabError, toLabError } from "../../errors.ts";
import { type PlannedTrial, type Queue, threadsFor } from "../../plan/plan.ts";
import { queueOf, rigKeyOf } from "../../plan/queue.ts";
import { localPorts, timeWaitSockets } from "../../process/kernel/sockets.ts";
import { pinSelf } from "../../process/pin.ts";
import { loopback, requireFree } from "../../process/ports.ts";
import { judgeFailure, type SocketEvidence } from "../samples/verdict.ts";
import type { Bench } from "../trial/bench.ts";
import { placeRoles } from "../trial/placement.ts";
import type { Rig } from "../trial/rig.ts";
import { measure } from "../trial/trial.ts";
import { describeEnvironment } from "./environment.ts";
import type { SweepJob, SweepOutcome } from "./job.ts";
import { type Outcome, Recorder } from "./recorder.ts";
import { requirePlugins } from "./requirements.ts";
import { RigKeeper } from "./rigKeeper.ts";
import { Supplies } from "./supplies.ts";

/** Runs the trials of a sweep. A trial that fails becomes a record; only an abort ends the sweep early. */
export async function runSweep(bench: Bench, job: SweepJob): Promise<SweepOutcome> {
  const place = placeRoles(bench.host.platform, bench.host.coreIds, Math.max(...job.spec.cpu.map(threadsFor)));
  const versions = await requirePlugins(bench, job.id, job.spec);
  const environment = describeEnvironment(bench.host, versions, place);
  if (bench.proxyPort !== undefined) await requireFree(loopback, bench.proxyPort);
  job.begin();
  const queue = queueOf(job.spec, job.earlier);
  const recorder = new Recorder(bench, job, environment, queue);
  const supplies = new Supplies(bench, job, place);
  const connections = Math.max(...job.spec.concurrency);
  const keeper = new RigKeeper(bench, job.spec.scenario, place, connections, ({ message }) => recorder.warn(message));
  const unpin = await pinSelf(place?.rest);
  const records = [...job.earlier];
  try {
    await runAll(bench, job, queue, recorder, supplies, keeper, records);
    await supplies.repeatBaselines();
  } catch (error) {
    if (!bench.signal.aborted) throw error;
  } finally {
    await keeper.keepOnly(() => false);
    await supplies.close();
    await unpin();
  }
  return recorder.finish(bench.signal.aborted ? "interrupted" : "finished", records);
}

/** Adds the record of each trial to `records`, by which the queue chooses the next one. */
async function runAll(
  bench: Bench,
  job: SweepJob,
  queue: Queue,
  recorder: Recorder,
  supplies: Supplies,
  keeper: RigKeeper,
  records: TrialRecord[],
): Promise<void> {
  for (let trial = queue.next(records); trial; trial = queue.next(records)) {
    await job.control.untilResumed(bench.signal);
    bench.signal.throwIfAborted();
    if (!recorder.hasTime()) return;
    recorder.begin(trial);
    const key = rigKeyOf(trial.point, job.spec.scenario.fresh, trial.sequence);
    // A port that was asked for is one proxy's at a time.
    if (bench.proxyPort !== undefined) await keeper.keepOnly((one) => one === key);
    const outcome = await attempt(bench, job, supplies, keeper, key, trial);
    await keeper.keepOnly((one) => queue.needs(one));
    records.push(recorder.end(trial, outcome, keeper.startSeconds));
  }
}

/** One trial as the outcome it had; throws only when the sweep was aborted. */
async function attempt(
  bench: Bench,
  { spec, control }: SweepJob,
  supplies: Supplies,
  keeper: RigKeeper,
  key: string,
  trial: PlannedTrial,
): Promise<Outcome> {
  const { point } = trial;
  const circumstances = () => {
    const rig = keeper.rig(key);
    return {
      deviations: rig?.deviations ?? [],
      ...(rig ? { configuration: rig.configuration } : {}),
      freshProcess: keeper.startSeconds !== undefined,
      ...supplies.knownBaseline(point),
    };
  };
  try {
    const measured = await control.trial(bench.signal, async (signal) => {
      // A trial that is repeated wants a new proxy, too.
      if (spec.scenario.fresh) await keeper.keepOnly((one) => one !== key);
      const context = await supplies.contextOf(trial);
      const rig = await keeper.rigFor(key, context, point);
      signal.throwIfAborted();
      return measure({ ...context, bench: { ...bench, signal } }, rig, point);
    });
    return measured ? { ...measured, ...circumstances() } : { skipped: true, ...circumstances() };
  } catch (error) {
    bench.signal.throwIfAborted();
    return { ...(await explain(error, keeper.rig(key), point)), ...circumstances() };
  }
}

/** A load that failed because its proxy died is a fault of the proxy, most often of its memory limit. */
async function explain(
  cause: unknown,
  rig: Rig | undefined,
  { proxy }: Point,
): Promise<Pick<Outcome, "error" | "verdict">> {
  const counters = await rig?.control.usage().catch(() => undefined);
  const error = counters?.oomKills
    ? new LabError("LAB_MEMORY", `${proxy} was killed at its memory limit while under load`, { cause })
    : toLabError(cause);
  const sockets = withoutAbsent<SocketEvidence>({ timeWaitSockets: timeWaitSockets(), localPorts: localPorts() });
  const verdict = judgeFailure(error, sockets);
  return { error, ...(verdict ? { verdict } : {}) };
}
