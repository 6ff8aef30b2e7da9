/** The long recording of bench/rounds/record.ts, as the benches that judge by it read it. */
import { fileURLToPath } from "node:url";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { unpackBundle } from "../../src/core/store/unpack.ts";

export const roundsFile = fileURLToPath(new URL("../../data/rounds.ndjson.gz", import.meta.url));

/** HAProxy four times: itself, itself again, and made slower by about 5 and 10 %. */
export const sides = {
  first: "haproxy",
  same: "haproxy-same",
  slower5: "haproxy-slower5",
  slower10: "haproxy-slower10",
};

/** The visits of one proxy under one limiter, in order of time. */
export interface Series {
  readonly proxy: string;
  readonly limiter: string;
  readonly visits: readonly TrialRecord[];
}

export interface Recording {
  /** Long curves under cgroup, one a proxy. */
  readonly curves: readonly Series[];
  /** All series that are not of the set for A/A and A/B. */
  readonly series: readonly Series[];
  /** The set for A/A and A/B. */
  readonly pairs: readonly TrialRecord[];
  /** Date and machine, for people. */
  readonly origin: string;
}

/** Reads a bundle; visits that failed are left out. Throws LAB_BUNDLE, and an Error where it holds nothing measured. */
export async function readRecording(file = process.argv[2] ?? roundsFile): Promise<Recording> {
  const { trials } = await unpackBundle(file, file);
  return recordingOf(trials, file);
}

export function recordingOf(trials: readonly TrialRecord[], file = "the recording"): Recording {
  const measured = trials.filter(({ status, result }) => status === "completed" && result!.requestsPerSecond > 0);
  if (measured.length === 0) throw new Error(`${file} has no completed trial`);
  const inPairs = new Set(measured.filter(({ point }) => point.proxy === sides.same).map(({ sweepId }) => sweepId));
  const [pairs, others] = [true, false].map((wanted) => measured.filter((one) => inPairs.has(one.sweepId) === wanted));
  const groups = Map.groupBy(others!, ({ point: { proxy, limiter } }) => `${proxy} ${limiter}`);
  const series = [...groups.values()].map((visits) => ({ ...visits[0]!.point, visits }));
  const failed = trials.length - measured.length;
  const lost = failed > 0 ? `; ${failed} more failed` : "";
  return {
    series: series.map(({ proxy, limiter, visits }) => ({ proxy, limiter, visits })),
    curves: series.filter(({ limiter }) => limiter === "cgroup"),
    pairs: pairs!,
    origin: `${file}: ${measured.length} visits${lost}\n${originOf(measured)}`,
  };
}

/** The visits of each round, in order of time. */
export function roundsOf(visits: readonly TrialRecord[]): TrialRecord[][] {
  return [...Map.groupBy(visits, ({ replicate }) => replicate)].sort(([a], [b]) => a - b).map(([, round]) => round);
}

/** Date and machine of trials. */
export function originOf(trials: readonly TrialRecord[]): string {
  const { environment, startedAt } = trials[0]!;
  const { cpuModel, cores, kernel, cgroupVersion = "no control groups", labVersion } = environment;
  const last = trials.at(-1)!.startedAt;
  const minutes = Math.round((Date.parse(last) - Date.parse(startedAt)) / 60_000);
  return `${startedAt.slice(0, 16)}Z, over ${minutes} min; ${cpuModel}, ${cores} cores, Linux ${kernel}, cgroup ${cgroupVersion}; lab ${labVersion}`;
}
