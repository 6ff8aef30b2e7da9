import { describe, expect, it } from "vitest";
import { drawTable } from "../../../../src/core/cells/table.ts";
import type { TrialRecord } from "../../../../src/core/domain/record.ts";
import { observe } from "../../../../src/core/statistics/trials/observe.ts";
import { observationTable } from "../../../../src/core/views/observationTable.ts";
import { trial } from "../../../fixtures/madeRecords.ts";

const MEMORY = [64, 128, 256].map((size) => size * 2 ** 20);
const CPU = [0.1, 0.2, 0.3, 0.5, 1];

/** A grid in which the rate follows CPU, falls a little with memory, and other figures do as they are told. */
function grid(figures: (cpu: number, memory: number) => Parameters<typeof trial>[0]): TrialRecord[] {
  return CPU.flatMap((cpu) => MEMORY.map((memoryBytes, level) => trial({ cpu, memoryBytes, ...figures(cpu, level) })));
}

describe("observe", () => {
  it("tells what rises, what falls, what stays and what was not varied", () => {
    const records = grid((cpu, memory) => ({ rate: 1000 * cpu, p99: 100 - 50 * cpu - memory, failed: 0 }));
    const found = observe(records, ["requestsPerSecond", "latencyMs.p99", "failedRequests"]);
    expect(found.map(({ figure, factor, effect }) => `${figure} ${factor} ${effect}`)).toEqual([
      "requestsPerSecond cpu +",
      "requestsPerSecond memory 0",
      "requestsPerSecond servers not varied",
      "latencyMs.p99 cpu -",
      "latencyMs.p99 memory -",
      "latencyMs.p99 servers not varied",
      "failedRequests cpu 0",
      "failedRequests memory 0",
      "failedRequests servers not varied",
    ]);
  });

  it("sees a small effect beside a large one, because it compares like with like", () => {
    const records = grid((cpu, memory) => ({ rate: 10_000 * cpu + memory }));
    expect(observe(records, ["requestsPerSecond"], ["memory"])).toEqual([
      { proxy: "haproxy", figure: "requestsPerSecond", factor: "memory", effect: "+", rho: 1, n: 15, effectiveN: 11 },
    ]);
  });

  it("does not call noise an effect", () => {
    const noise = [3, 1, 2, 2, 3, 1, 1, 2, 3, 3, 2, 1, 2, 1, 3];
    const records = grid(() => ({})).map((record, index) => ({
      ...record,
      result: { ...record.result!, requestsPerSecond: noise[index]! },
    }));
    expect(observe(records, ["requestsPerSecond"], ["cpu", "memory"]).map(({ effect }) => effect)).toEqual(["0", "0"]);
  });

  it("says so when there are too few trials to tell", () => {
    const three = [0.1, 0.2, 0.3].map((cpu) => trial({ cpu, rate: 1000 * cpu }));
    expect(observe(three, ["requestsPerSecond"], ["cpu"])[0]).toMatchObject({ effect: "?", rho: 1, n: 3 });
    const failing = [trial({ cpu: 0.1, status: "failed" }), trial({ cpu: 0.2 })];
    expect(observe(failing, ["requestsPerSecond"], ["cpu"])[0]).toMatchObject({ effect: "?" });
  });

  it("compares all trials where no two are alike in the other factors", () => {
    const scattered = [1, 2, 3, 4, 5, 6].map((i) =>
      trial({ cpu: i / 10, memoryBytes: ((i * 5) % 7) * 2 ** 26, rate: i }),
    );
    expect(observe(scattered, ["requestsPerSecond"], ["cpu"])[0]).toMatchObject({ effect: "+", rho: 1, n: 6 });
  });

  it("never compares service times with response times", () => {
    const service = CPU.map((cpu) => trial({ cpu, p99: 10 * cpu, latencyKind: "service" }));
    const response = CPU.map((cpu) => trial({ cpu: cpu + 1, p99: 1 + cpu, latencyKind: "response" }));
    expect(observe([...service, ...response], ["latencyMs.p99"], ["cpu"])[0]).toMatchObject({ rho: 1, n: 10 });
  });

  it("ranks no memory limit above every limit", () => {
    const records = [0, 1, 2, 3, 4].map((level) => {
      const record = trial({ memoryBytes: (level + 1) * 2 ** 26, rate: 100 + level });
      const { memoryBytes: _, ...unlimited } = record.point;
      return level === 4 ? { ...record, point: unlimited } : record;
    });
    expect(observe(records, ["requestsPerSecond"], ["memory"])[0]).toMatchObject({ effect: "+", rho: 1 });
  });
});

describe("observationTable", () => {
  it("has a row per proxy and figure, with the evidence", () => {
    const records = [
      ...grid((cpu) => ({ proxy: "squid", rate: 1000 * cpu, p99: 100 - 50 * cpu })),
      ...grid((cpu) => ({ proxy: "mitmproxy", rate: 10 * cpu, p99: 500 - 50 * cpu })),
    ];
    const table = observationTable(observe(records, ["requestsPerSecond", "latencyMs.p99"]));
    expect(`\n${drawTable(table, { width: 80, colour: false, ascii: false })}\n`).toMatchInlineSnapshot(`
      "
      proxy      figure       CPU bandwidth   memory limit  servers
      ─────────  ───────────  ──────────────  ────────────  ──────────
      mitmproxy  requests/s   + ρ  1.00 n 15  0 n 15        not varied
      mitmproxy  p99 latency  - ρ -1.00 n 15  0 n 15        not varied
      squid      requests/s   + ρ  1.00 n 15  0 n 15        not varied
      squid      p99 latency  - ρ -1.00 n 15  0 n 15        not varied
      "
    `);
  });
});
