import type { Sample } from "./telemetry.ts";

/** Slow enough to cost nothing, fast enough to see where a run of some seconds starts and ends. */
const intervalMs = 200;

/** Takes samples until stopped; one at once, one at the (first) stop. A read that fails is left out. */
export function startSampler(read: () => Promise<Omit<Sample, "atSeconds">>): { stop(): Promise<readonly Sample[]> } {
  const samples: Sample[] = [];
  let pending = take();
  const timer = setInterval(() => {
    pending = pending.then(take);
  }, intervalMs);

  async function take(): Promise<void> {
    const atSeconds = performance.now() / 1000;
    const counters = await read().catch(() => undefined);
    if (counters) samples.push({ atSeconds, ...counters });
  }

  let stopped: Promise<readonly Sample[]> | undefined;
  const stop = async () => {
    clearInterval(timer);
    await pending;
    await take();
    return samples;
  };
  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
