import { LabError } from "../../errors.ts";
import type { Sample } from "./telemetry.ts";

/** Slow enough to cost nothing, fast enough to see where a run of some seconds starts and ends. */
const intervalMs = 200;

/**
 * Takes samples until stopped; one at once, one at the (first) stop. A read that fails is left out. `onSample` gets all
 * samples so far, the newest last. `stop` resolves to all samples. It throws LAB_PLUGIN where a plugin failed to give its
 * part of one.
 */
export function startSampler(
  read: () => Promise<Omit<Sample, "atSeconds">>,
  onSample: (samples: readonly Sample[]) => void,
) {
  const samples: Sample[] = [];
  let fault: LabError | undefined;
  let busy = false;
  let pending = take();
  const timer = setInterval(() => {
    if (!busy) pending = take(); // one that takes long does not pile up others behind it
  }, intervalMs);

  async function take(): Promise<void> {
    busy = true;
    const atSeconds = performance.now() / 1000;
    const counters = await read().catch((error) => {
      if (error instanceof LabError && error.code === "LAB_PLUGIN") fault ??= error;
    });
    busy = false;
    if (!counters) return;
    samples.push({ atSeconds, ...counters });
    onSample(samples);
  }

  let stopped: Promise<readonly Sample[]> | undefined;
  const stop = async () => {
    clearInterval(timer);
    await pending;
    await take();
    if (fault) throw fault;
    return samples;
  };
  return { stop: () => (stopped ??= stop()) };
}
