import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Arrivals } from "../../../src/core/contract/index.ts";
import pacer from "../../../src/plugins/load/pacer.ts";
import { loadSetup, squid } from "./recorded.ts";

const { duesOf }: { duesOf(arrivals: Arrivals, rate: number, seed: number): Generator<number> } = await import(
  new URL("../../../src/plugins/load/pacer.arrivals.mjs", import.meta.url).href
);

function first(count: number, ...plan: Parameters<typeof duesOf>): number[] {
  const dues: number[] = [];
  for (const due of duesOf(...plan)) if (dues.push(due) === count) break;
  return dues;
}

const open = { loop: "open", requestsPerSecond: 250 } as const;
const told = (changes: Parameters<typeof loadSetup>[0]) =>
  JSON.parse(pacer.plan(loadSetup({ ...open, ...changes })).argv[2]!) as Record<string, unknown>;

describe("the plan of an open loop", () => {
  it("has requests at equal distances, or as many together as a burst has", () => {
    expect(first(4, { kind: "constant" }, 250, 1)).toEqual([0, 4, 8, 12]);
    expect(first(7, { kind: "bursts", size: 3 }, 250, 1)).toEqual([0, 0, 0, 12, 12, 12, 24]);
  });

  it("has independent distances of one mean where arrivals are a Poisson process", () => {
    const dues = first(20_000, { kind: "poisson" }, 250, 1);
    const gaps = dues.slice(1).map((due, at) => due - dues[at]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeCloseTo(4, 1);
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
  });

  it("never goes back, keeps its rate, and is the same for the same seed", () => {
    const kinds = [{ kind: "constant" }, { kind: "poisson" }, { kind: "bursts", size: 7 }] as const;
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.integer({ min: 1, max: 50_000 }), fc.nat(), (kind, rate, seed) => {
        const dues = first(400, kind, rate, seed);
        expect(dues).toEqual(dues.toSorted((a, b) => a - b));
        expect(dues).toEqual(first(400, kind, rate, seed));
        const share = dues.at(-1)! / ((399 * 1000) / rate);
        expect(Math.abs(share - 1)).toBeLessThan(kind.kind === "poisson" ? 0.35 : 0.02);
      }),
    );
  });
});

describe("pacer", () => {
  it("is told where to send, how often, and when", () => {
    expect(told({ until: { seconds: 2 } })).toMatchObject({
      host: "127.0.0.1",
      rate: 250,
      seconds: 2,
      arrivals: { kind: "constant" },
    });
    expect(told({ arrivals: { kind: "bursts", size: 5 } })).toMatchObject({ arrivals: { kind: "bursts", size: 5 } });
    expect(told({ forwardProxy: squid, urls: ["http://127.0.0.1:9001/a?b"] })).toMatchObject({
      port: 3128,
      requests: [{ path: "http://127.0.0.1:9001/a?b", host: "127.0.0.1:9001" }],
    });
  });

  it("needs a rate", () => {
    expect(() => pacer.plan(loadSetup({ loop: "open" }))).toThrow(/requests per second/);
  });

  const sending = { due: 1003, waited: 3, latenessMs: { p50: 0.5, p99: 1.1, max: 2 } };
  const books = {
    seconds: 2,
    sent: 1000,
    completed: 990,
    inFlight: 3,
    bytes: 5000,
    failures: { connect: 0, reset: 7, timeout: 0, http4xx: 0, http5xx: 0, lost: 0, other: 0 },
    latencyMs: { mean: 1, p50: 1, p90: 2, p99: 3, max: 4 },
  };
  const parsed = (result: object) =>
    pacer.parse({ code: 0, stdout: `LAB_RESULT ${JSON.stringify(result)}\n`, stderr: "" }, loadSetup(open));

  it("reports response times and how well it kept its plan", () => {
    expect(parsed({ ...books, sending })).toMatchObject({
      loop: "open",
      durationSeconds: 2,
      completedRequests: 990,
      failedRequests: 7,
      latencyKind: "response",
      sending,
    });
  });

  it("refuses books that do not add up, or say nothing of the plan", () => {
    expect(() => parsed({ ...books, sending, sent: 1001 })).toThrow(/^pacer/);
    expect(() => parsed(books)).toThrow(/^pacer/);
  });
});
