import type { LoadPlugin, LoadReport, LoadSetup } from "../../contract/index.ts";
import { LabError } from "../../errors.ts";
import { door } from "../../hosting/door.ts";
import type { Entry } from "../../hosting/registry.ts";
import { resolveLaunch } from "../../process/launcher.ts";
import type { CapturedProcess } from "../../process/start.ts";
import type { Bench } from "./bench.ts";
import { type LiveWatch, liveReader } from "./liveReader.ts";

/** A reply that takes longer is given up on; far over what a throttled proxy needs. */
export const replyTimeoutSeconds = 30;
const graceSeconds = replyTimeoutSeconds + 15;

export type LoadWish = Omit<LoadSetup, "scratchDir" | "options" | "timeoutSeconds" | "threads">;

/** Who wants to see a load while it goes on. */
export interface LoadWatch extends LiveWatch {
  readonly onStart?: (child: { readonly pid: number }) => void;
  /** Asked when the tool has ended: was it told to, before its time? */
  readonly wasInterrupted?: () => boolean;
}

/** Runs a load tool once. Throws LAB_LOAD when it gives no report. */
export async function runLoad(
  bench: Bench,
  entry: Entry<LoadPlugin>,
  wish: LoadWish,
  options: LoadWatch & { readonly cores?: readonly number[] } = {},
): Promise<LoadReport> {
  const found = await bench.registry.require(entry, bench.host);
  const scratch = await bench.host.scratchDir();
  try {
    const setup: LoadSetup = {
      ...wish,
      timeoutSeconds: replyTimeoutSeconds,
      threads: 1,
      scratchDir: scratch.path,
      options: entry.options,
    };
    const place = {
      name: entry.plugin.id,
      found,
      scratchDir: scratch.path,
      ...(options.cores ? { cores: options.cores } : {}),
    };
    const launch = await resolveLaunch(await door.planLoad(entry.plugin, setup, bench.signal), place);
    bench.signal.throwIfAborted();
    const live = liveReader(entry.plugin, options, bench.signal);
    const child = bench.host.start(launch, { capture: true, onLine: live.onLine });
    options.onStart?.(child);
    const exit = await bounded(child, wish, entry.plugin.id, bench.signal);
    live.close();
    return await door.parseLoad(
      entry.plugin,
      { ...exit, stdout: child.stdout(), stderr: child.stderr(), interrupted: options.wasInterrupted?.() ?? false },
      setup,
      bench.signal,
    );
  } finally {
    await scratch.remove();
  }
}

/** Waits for the tool's end; ends it when it takes far too long or the work is aborted. */
async function bounded(child: CapturedProcess, wish: LoadWish, name: string, signal: AbortSignal) {
  const seconds = "seconds" in wish.until ? wish.until.seconds : 600;
  let late = false;
  const stop = () => void child.stop(500);
  const timer = setTimeout(
    () => {
      late = true;
      stop();
    },
    (seconds + graceSeconds) * 1000,
  );
  signal.addEventListener("abort", stop);
  const exit = await child.exited;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (late)
    throw new LabError("LAB_LOAD", `${name} did not end ${graceSeconds} s after its time was up and was stopped`);
  return exit;
}
