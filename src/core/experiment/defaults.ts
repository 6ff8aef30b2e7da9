import type { Scenario } from "../domain/point.ts";
import type { SweepSpec } from "../domain/spec.ts";

/** Small enough that the network stack, not copying, is what costs. */
const bodyBytes = 1024;

export const defaultScenario: Scenario = {
  profile: "fair",
  keepAlive: true,
  bodyBytes,
  originDelayMs: 0,
  windowSeconds: 5,
  maxWindowSeconds: 10,
  warmupSeconds: 3,
  fresh: false,
};

/** What a sweep is where neither flags nor an experiment file say otherwise; proxies are the user's choice. */
export const defaultSpec: Omit<SweepSpec, "proxies" | "seed"> = {
  loadTools: ["wrk"],
  limiters: ["cgroup"],
  role: "reverse",
  cpu: [0.1, 0.2, 0.3, 0.5, 0.7],
  memoryBytes: [],
  servers: [1],
  concurrency: [32],
  replicates: 1,
  anchors: 6,
  plan: "grid",
  scenario: defaultScenario,
};
