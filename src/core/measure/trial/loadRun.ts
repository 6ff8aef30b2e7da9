import type { LoadPlugin, LoadReport, LoadSample, LoadSetup } from "../../contract/index.ts";
import { LabError } from "../../errors.ts";
import { door } from "../../hosting/door.ts";
import type { Entry } from "../../hosting/registry.ts";
import { resolveLaunch } from "../../process/launcher.ts";
import type { CapturedProcess } from "../../process/start.ts";
import type { RunContext } from "../rig/context.ts";
import { withPercentiles } from "./percentiles.ts";

/** A reply that takes longer is given up on; far over what a throttled proxy needs. */
const timeoutSeconds = 30;
const graceSeconds = timeoutSeconds + 15;
/** Lines that may wait to be read; a tool that prints more than its plugin can read loses some of its live figures. */
const mostWaiting = 100;

export type LoadWish = Omit<LoadSetup, "scratchDir" | "options" | "timeoutSeconds" | "threads">;

/** Who wants to see a load while it goes on. */
export interface LoadWatch {
  readonly onSample?: (sample: LoadSample) => void;
  /** Called at the first fault of the plugin's `sample`; there are no more figures then. */
  readonly onSampleFault?: (fault: LabError) => void;
  readonly onStart?: (child: { readonly pid: number }) => void;
  /** Called when its process has ended, with the seconds since it was started. */
  readonly onEnd?: (seconds: number) => void;
  /** Asked when the tool has ended: was it told to, before its time? */
  readonly wasInterrupted?: () => boolean;
}

/** Runs one load tool with a wish, as `runLoad` does. */
export type Load = (wish: LoadWish, watch?: LoadWatch) => Promise<LoadReport>;

/** Runs a load tool once. Throws LAB_LOAD when it gives no report, and LAB_PLUGIN for one that cannot be. */
export async function runLoad(
  { host, registry, signal }: RunContext,
  entry: Entry<LoadPlugin>,
  wish: LoadWish,
  watch: LoadWatch & { readonly cores?: readonly number[] | undefined } = {},
): Promise<LoadReport> {
  const { plugin, options } = entry;
  const found = await registry.require(entry, host);
  const scratch = await host.scratchDir();
  try {
    const setup: LoadSetup = { ...wish, timeoutSeconds, threads: 1, scratchDir: scratch.path, options };
    const details = { name: plugin.id, found, scratchDir: scratch.path, cores: watch.cores };
    const launch = await resolveLaunch(await door.planLoad(plugin, setup, signal), details);
    signal.throwIfAborted();
    const live = liveReader(plugin, watch, signal);
    const startedMs = performance.now();
    const child = host.start(launch, { capture: true, onLine: live.onLine });
    watch.onStart?.(child);
    const exit = await bounded(child, wish, plugin.id, signal);
    watch.onEnd?.((performance.now() - startedMs) / 1000);
    live.close();
    const interrupted = watch.wasInterrupted?.() ?? false;
    const output = { ...exit, stdout: child.stdout(), stderr: child.stderr(), interrupted };
    return await withPercentiles(plugin, await door.parseLoad(plugin, output, setup, signal));
  } finally {
    await scratch.remove();
  }
}

/** Waits for the tool's end; ends it when it takes far too long or the work is aborted. */
async function bounded(child: CapturedProcess, wish: LoadWish, name: string, signal: AbortSignal) {
  const seconds = ("seconds" in wish.until ? wish.until.seconds : 600) + graceSeconds;
  let late = false;
  const stop = () => void child.stop(500);
  const onLate = () => {
    late = true;
    stop();
  };
  const timer = setTimeout(onLate, seconds * 1000);
  signal.addEventListener("abort", stop);
  const exit = await child.exited;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (late)
    throw new LabError("LAB_LOAD", `${name} did not end ${graceSeconds} s after its time was up and was stopped`);
  return exit;
}

/** Reads a load tool's lines one after the other. Without figures the load goes on. */
function liveReader(plugin: LoadPlugin, watch: LoadWatch, signal: AbortSignal) {
  const { onSample, onSampleFault } = watch;
  let last = Promise.resolve();
  let waiting = 0;
  let over = onSample === undefined || plugin.sample === undefined;

  async function read(line: string): Promise<void> {
    waiting--;
    if (over) return;
    try {
      const sample = await door.sample(plugin, line, signal);
      if (sample && !over) onSample?.(sample);
    } catch (fault) {
      if (!over && !signal.aborted) onSampleFault?.(fault as LabError);
      over = true;
    }
  }

  return {
    onLine(line: string): void {
      if (over || waiting >= mostWaiting) return;
      waiting++;
      last = last.then(() => read(line));
    },
    /** Whoever still waits is not read. */
    close(): void {
      over = true;
    },
  };
}
