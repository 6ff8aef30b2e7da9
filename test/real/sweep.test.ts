import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/core/records/events.ts";
import type { TrialRecord } from "../../src/core/records/record.ts";
import { missing, type Part } from "../fixtures/parts.ts";
import { runLab } from "../fixtures/runLab.ts";

interface Case {
  readonly proxy: string;
  readonly load: string;
  readonly limiter: string;
}

const proxies = ["haproxy", "traefik", "builtin"];
const tools = ["wrk", "ab", "autocannon"];
const limiters = ["cgroup", "docker"];
const cases: Case[] = proxies.flatMap((proxy) =>
  limiters.map((limiter, index) => ({ proxy, limiter, load: tools[(proxies.indexOf(proxy) + index) % tools.length]! })),
);

async function sweep({
  proxy,
  load,
  limiter,
}: Case): Promise<{ events: LabEvent[]; records: TrialRecord[]; code: number | null }> {
  const chosen = ["--proxy", proxy, "--load", load, "--limiter", limiter, "--memory", "256M", "--servers", "3"];
  const run = await runLab(["sweep", ...chosen, "--cpu", "0.1,0.4", "--window", "3s", "--warmup", "1s", "--json"]);
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
    const title = `${one.proxy} under ${one.limiter}, loaded by ${one.load}, gives more requests/s for more CPU`;
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
