import type { LatencyMs, LoadPlugin, LoadReport } from "../../contract/index.ts";
import { messageOf } from "../../errors.ts";
import { PluginFault } from "../../hosting/call.ts";

/** Latencies that a histogram tells, in per cent of the requests below. */
const percents: readonly (readonly [keyof LatencyMs, number])[] = [
  ["p50", 50],
  ["p90", 90],
  ["p95", 95],
  ["p99", 99],
  ["p999", 99.9],
];

/**
 * A report with the percentiles that its tool does not tell, where it keeps a histogram of all latencies. Throws LAB_PLUGIN
 * for a histogram that cannot be read.
 */
export async function withPercentiles(plugin: LoadPlugin, report: LoadReport): Promise<LoadReport> {
  const { latencyMs, latencyHistogram } = report;
  const missing = percents.filter(([name]) => latencyMs[name] === undefined);
  if (latencyHistogram === undefined || missing.length === 0) return report;
  const valueAt = await readHistogram(plugin, latencyHistogram);
  const found = missing.flatMap(([name, percent]) => {
    const micros = valueAt(percent);
    return micros === undefined ? [] : [[name, micros / 1000] as const];
  });
  return { ...report, latencyMs: { ...latencyMs, ...Object.fromEntries(found) } };
}

/** Value at a percentile, in microseconds; `undefined` for a histogram of nothing. */
async function readHistogram(plugin: LoadPlugin, text: string): Promise<(percent: number) => number | undefined> {
  // Loaded where it is needed: the tools of the lab tell all percentiles themselves.
  const { decodeFromCompressedBase64 } = await import("hdr-histogram-js");
  try {
    const histogram = decodeFromCompressedBase64(text);
    return (percent) => (histogram.totalCount > 0 ? histogram.getValueAtPercentile(percent) : undefined);
  } catch (cause) {
    throw new PluginFault(plugin, "parse", `returned a latencyHistogram that is none: ${messageOf(cause)}`, cause);
  }
}
