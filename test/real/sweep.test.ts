import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/core/records/events.ts";
import type { TrialRecord } from "../../src/core/records/record.ts";
import { missing, type Part } from "../fixtures/parts.ts";
import { runLab } from "../fixtures/runLab.ts";

interface Case {
  readonly role: "reverse" | "forward";
  readonly proxy: string;
  readonly load: string;
  readonly limiter: string;
}

const tools = ["wrk", "ab", "autocannon"];
const limiters = ["cgroup", "docker"];
const playing = { reverse: ["haproxy", "traefik", "builtin"], forward: ["squid", "mitmproxy"] } as const;

/** Each proxy under each limiter, with the load tools in turn. */
const cases: Case[] = (["reverse", "forward"] as const).flatMap((role) =>
  playing[role].flatMap((proxy, row) =>
    limiters.map((limiter, column) => ({ role, proxy, limiter, load: tools[(row + column) % tools.length]! })),
  ),
);

async function sweep(one: Case): Promise<{ events: LabEvent[]; records: TrialRecord[]; code: number | null }> {
  const chosen = (["role", "proxy", "load", "limiter"] as const).flatMap((name) => [`--${name}`, one[name]]);
  const point = ["--memory", "256M", "--servers", "3", "--cpu", "0.1,0.4", "--window", "3s", "--warmup", "1s"];
  const run = await runLab(["sweep", ...chosen, ...point, "--json"]);
  const events = run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LabEvent);
  const records = events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
  return { events, records, code: run.code };
}

const parts = ({ proxy, load, limiter }: Case): Part[] => [`proxy/${proxy}`, `load/${load}`, `limiter/${limiter}`];
const withReasons = await Promise.all(cases.map(async (one) => ({ ...one, without: await missing(...parts(one)) })));

describe("a sweep of real parts", () => {
  for (const { without, ...one } of withReasons) {
    const title = `${one.proxy} (${one.role}) under ${one.limiter}, loaded by ${one.load}, gives more requests/s for more CPU`;
    it.skipIf(without)(without ? `${title} (not run: ${without})` : title, async () => {
      const { records, events, code } = await sweep(one);
      expect(code).toBe(0);
      expect(events[0]?.type).toBe("sweep-planned");
      expect(events.at(-1)?.type).toBe("sweep-finished");
      const [low, high] = [...records].sort((a, b) => a.point.cpu - b.point.cpu);
      expect(high!.result!.requestsPerSecond).toBeGreaterThan(1.5 * low!.result!.requestsPerSecond);
      for (const record of records) expectHonest(record);
    });
  }
});

function expectHonest(record: TrialRecord): void {
  const { point, usage, limitsInForce, result, originServed, originGap, verdict } = record;
  expect(limitsInForce).toMatchObject({ cpu: point.cpu, memoryBytes: point.memoryBytes });
  expect(usage!.memoryPeakBytes).toBeGreaterThan(0);
  expect(usage!.memoryPeakBytes).toBeLessThanOrEqual(point.memoryBytes!);
  expect(usage!.oomKills).toBe(0);
  if (verdict!.bound === "proxy-bound") expect(Math.abs(usage!.cpuAchieved! / point.cpu - 1)).toBeLessThan(0.1);
  const gap = Math.abs(originServed! - result!.completedRequests) / result!.completedRequests;
  if (originGap === undefined) expect(gap).toBeLessThanOrEqual(0.01);
}
