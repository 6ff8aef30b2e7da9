import { describe, expect, it } from "vitest";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { gridPoints } from "../../../src/core/plan/grid.ts";

const spec = { ...gridSpec, proxies: ["haproxy", "traefik"], loadTools: ["wrk", "ab"], cpu: [0.1, 0.3], seed: 1 };

describe("gridPoints", () => {
  it("changes the CPU limit most often, then what a running proxy can be told, and the proxy least often", () => {
    const points = gridPoints({ ...spec, servers: [1, 3] });
    expect(points.map(({ proxy, servers, loadTool, cpu }) => `${proxy} ${servers} ${loadTool} ${cpu}`)).toEqual([
      "haproxy 1 wrk 0.1",
      "haproxy 1 wrk 0.3",
      "haproxy 1 ab 0.1",
      "haproxy 1 ab 0.3",
      "haproxy 3 wrk 0.1",
      "haproxy 3 wrk 0.3",
      "haproxy 3 ab 0.1",
      "haproxy 3 ab 0.3",
      "traefik 1 wrk 0.1",
      "traefik 1 wrk 0.3",
      "traefik 1 ab 0.1",
      "traefik 1 ab 0.3",
      "traefik 3 wrk 0.1",
      "traefik 3 wrk 0.3",
      "traefik 3 ab 0.1",
      "traefik 3 ab 0.3",
    ]);
  });

  it("offers each rate at each CPU limit, and no rate in a closed loop", () => {
    const points = gridPoints({
      ...spec,
      proxies: ["haproxy"],
      loadTools: ["autocannon"],
      requestsPerSecond: [500, 50],
    });
    expect(points.map(({ requestsPerSecond, cpu }) => [requestsPerSecond, cpu])).toEqual([
      [500, 0.1],
      [500, 0.3],
      [50, 0.1],
      [50, 0.3],
    ]);
    expect(gridPoints(spec)[0]).not.toHaveProperty("requestsPerSecond");
  });

  it("leaves memory out where no limit is asked for, and has no points without a proxy", () => {
    expect(gridPoints({ ...spec, memoryBytes: [] })[0]).not.toHaveProperty("memoryBytes");
    expect(gridPoints({ ...spec, memoryBytes: [2 ** 26] })[0]).toHaveProperty("memoryBytes", 2 ** 26);
    expect(gridPoints({ ...spec, proxies: [] })).toEqual([]);
  });
});
