import type { Training } from "../../contract/index.ts";

/** Requests/s of HAProxy under wrk with 32 connections, measured by the lab, by CPU limit and number of servers. */
const measured: readonly (readonly [cpu: number, servers: number, requestsPerSecond: number])[] = [
  [0.05, 1, 1424.9],
  [0.05, 3, 1303.7],
  [0.1, 1, 3190.6],
  [0.1, 3, 3112.3],
  [0.2, 1, 7109.5],
  [0.2, 3, 5916.0],
  [0.35, 1, 12_189.2],
  [0.35, 3, 11_479.7],
  [0.6, 1, 22_336.1],
  [0.6, 3, 19_110.2],
];

/**
 * A sweep as it was recorded, noise and all, with a factor that has but one level, as most sweeps have; again from its
 * start where a model needs more rows.
 */
export function recordedRows(minimum: number): Training {
  const rows = Array.from(
    { length: Math.max(minimum, measured.length) },
    (_, index) => measured[index % measured.length]!,
  );
  return {
    factors: ["cpu", "servers", "concurrency"],
    x: rows.map(([cpu, servers]) => [cpu, servers, 32]),
    y: rows.map(([, , requestsPerSecond]) => requestsPerSecond),
  };
}
