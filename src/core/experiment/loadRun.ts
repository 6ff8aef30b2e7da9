import type { LoadPlugin, LoadReport, LoadSample, LoadSetup } from "../contract/index.ts";
import { LabError } from "../errors.ts";
import { door } from "../plugins/door.ts";
import type { Entry } from "../plugins/registry.ts";
import { resolveLaunch } from "../process/launcher.ts";
import type { CapturedProcess } from "../process/start.ts";
import type { Bench } from "./bench.ts";

/** A reply that takes longer is given up on; far over what a throttled proxy needs. */
export const replyTimeoutSeconds = 30;
const graceSeconds = replyTimeoutSeconds + 15;

export type LoadWish = Omit<LoadSetup, "scratchDir" | "options" | "timeoutSeconds" | "threads" | "loop">;

/** Who wants to see a load while it goes on. */
export interface LoadWatch {
  readonly onStart?: (child: { readonly pid: number }) => void;
  readonly onSample?: (sample: LoadSample) => void;
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
      loop: "closed",
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
    const launch = await resolveLaunch(door.planLoad(entry.plugin, setup), place);
    bench.signal.throwIfAborted();
    const child = bench.host.start(launch, { capture: true, onLine: liveReader(entry.plugin, options.onSample) });
    options.onStart?.(child);
    const exit = await bounded(child, wish, entry.plugin.id, bench.signal);
    return door.parseLoad(entry.plugin, { ...exit, stdout: child.stdout(), stderr: child.stderr() }, setup);
  } finally {
    await scratch.remove();
  }
}

function liveReader(plugin: LoadPlugin, onSample: ((sample: LoadSample) => void) | undefined) {
  return (line: string) => {
    const sample = onSample && plugin.sample?.(line);
    if (sample) onSample(sample);
  };
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
