import type { LimiterPlugin, PrepareProgress } from "../../contract/index.ts";
import { LabError } from "../../errors.ts";
import { door } from "../../hosting/door.ts";
import type { Entry } from "../../hosting/registry.ts";
import type { RunContext } from "../rig/context.ts";

/** Progress of a preparation with an estimate. */
export interface EstimatedProgress extends PrepareProgress {
  /** Seconds until all bytes are there, at the rate so far; absent where nothing can be said. */
  readonly remainingSeconds?: number;
}

const shortestGapSeconds = 0.25;
/** Before this a rate says little. */
const settlingSeconds = 1;

/** Lets a limiter make ready what it needs, images among it. Throws LAB_UNAVAILABLE, LAB_PLUGIN or LAB_INTERRUPTED. */
export async function prepareLimiter(
  { host, signal }: RunContext,
  { plugin, options }: Entry<LimiterPlugin>,
  images: readonly string[],
  tell: (progress: EstimatedProgress) => void,
): Promise<void> {
  try {
    signal.throwIfAborted();
    await door.prepare(plugin, host, options, { images, onProgress: preparationProgress(tell), signal });
    signal.throwIfAborted();
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new LabError("LAB_INTERRUPTED", `interrupted while ${plugin.id} was made ready`, { cause: error });
  }
}

/**
 * Takes progress as a limiter reports it and passes it on: with an estimate of the time left, and no more than four times
 * a second unless the task or the number of finished layers changed.
 */
export function preparationProgress(
  tell: (progress: EstimatedProgress) => void,
  nowSeconds: () => number = () => performance.now() / 1000,
): (progress: PrepareProgress) => void {
  let last: { progress: PrepareProgress; at: number } | undefined;
  let begun = { task: "", at: 0, bytes: 0 };
  return (progress) => {
    const at = nowSeconds();
    if (progress.task !== begun.task) begun = { task: progress.task, at, bytes: progress.doneBytes ?? 0 };
    const changed = last?.progress.task !== progress.task || last.progress.layers?.done !== progress.layers?.done;
    if (last && !changed && at - last.at < shortestGapSeconds) return;
    last = { progress, at };
    const remainingSeconds = estimate(progress, begun.bytes, at - begun.at);
    tell({ ...progress, ...(remainingSeconds === undefined ? {} : { remainingSeconds }) });
  };
}

function estimate({ doneBytes, totalBytes }: PrepareProgress, bytesBefore: number, seconds: number) {
  if (doneBytes === undefined || totalBytes === undefined || seconds < settlingSeconds) return undefined;
  const bytesPerSecond = (doneBytes - bytesBefore) / seconds;
  return bytesPerSecond > 0 ? (totalBytes - doneBytes) / bytesPerSecond : undefined;
}
