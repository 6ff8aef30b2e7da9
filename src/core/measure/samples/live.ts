import { withoutAbsent } from "../../domain/absent.ts";
import type { SweepEventBody } from "../../domain/events.ts";
import { type Sample, slope, throttledShare } from "./telemetry.ts";

type SampleEvent = Extract<SweepEventBody, { type: "sample" }>;

/** What the display of a running trial shows. */
export type LiveFigures = Omit<SampleEvent, "type" | "sequence" | "phase">;

/** Samples between two figures: enough time for the rate of a throttled proxy to mean something. */
const span = 2;

/** Figures of the newest samples, at each second sample; `undefined` between them. */
export function liveFigures(samples: readonly Sample[]): LiveFigures | undefined {
  const recent = samples.slice(-1 - span);
  const [first, last] = [recent[0], recent.at(-1)];
  if (!first || !last || recent.length <= span || (samples.length - 1) % span !== 0) return undefined;
  return withoutAbsent<LiveFigures>({
    seconds: last.atSeconds - samples[0]!.atSeconds,
    requestsPerSecond: slope(recent, ({ served }) => served),
    cpuAchieved: slope(recent, ({ proxy }) => proxy.cpuSeconds),
    throttledShare: throttledShare(first.proxy, last.proxy),
    memoryBytes: last.proxy.memoryBytes,
  });
}
