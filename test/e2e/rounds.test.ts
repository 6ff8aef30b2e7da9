import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/core/domain/events.ts";
import { watchLeftovers } from "../fixtures/leftovers.ts";
import { missing } from "../fixtures/parts.ts";
import { ownStore, type Run, runLab, startLab } from "../fixtures/runLab.ts";

const without = await missing("proxy/haproxy", "load/wrk", "limiter/cgroup");
const haproxy = ["sweep", "--proxy", "haproxy", "--load", "wrk", "--limiter", "cgroup"];
const levels = [...haproxy, "--cpu", "0.05,0.1,0.2,0.4", "--json"];

const eventsOf = ({ stdout }: Run) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LabEvent);
const recordsOf = (run: Run) =>
  eventsOf(run).flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));

describe.skipIf(without)(`a sweep in rounds${without && ` (not run: ${without})`}`, () => {
  it("visits each level once a round, beside a speed probe, and tells the bands", async () => {
    const leftovers = watchLeftovers();
    const run = await runLab([...levels, "--rounds", "3"]);
    expect(run.code).toBe(0);
    const records = recordsOf(run);
    expect(records.map(({ replicate }) => replicate)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    for (const { result, speed, usage, scenario } of records) {
      expect(scenario.method).toBe("visit");
      expect(result).toMatchObject({ countedBy: "origins", latencyMs: { p99: expect.any(Number) } });
      expect(result!.durationSeconds).toBeLessThan(3.5);
      expect(usage!.cpuAchieved! * result!.durationSeconds).toBeCloseTo(usage!.cpuSeconds!);
      expect(speed!.samples).toBeGreaterThan(4);
      expect(speed!.probeMicros).toBeGreaterThan(0.5);
      expect(speed!.probeCpu).toBeLessThan(0.1);
    }
    const rounds = eventsOf(run).filter((event) => event.type === "round-finished");
    expect(rounds.map(({ round }) => round)).toEqual([1, 2, 3]);
    expect(
      rounds
        .at(-1)!
        .bands.map(({ point }) => point.cpu)
        .toSorted(),
    ).toEqual([0.05, 0.1, 0.2, 0.4]);
    expect(rounds.at(-1)!.halfWidth).toBeGreaterThan(0);
    expect(await leftovers()).toEqual([]);
  });

  it("ends of itself at the precision that is wanted", async () => {
    const run = await runLab([...levels, "--precision", "30%"]);
    const last = eventsOf(run).findLast((event) => event.type === "round-finished");
    expect(last).toMatchObject({ wantedHalfWidth: 0.3, remainingSeconds: 0 });
    expect(last!.halfWidth).toBeLessThanOrEqual(0.3);
  });

  it("has no reading of the machine's speed where no probe is wanted", async () => {
    const records = recordsOf(await runLab([...levels, "--rounds", "1", "--no-probe"]));
    expect(records).toHaveLength(4);
    for (const record of records) expect(record).not.toHaveProperty("speed");
  });

  it("goes on where it was interrupted", async () => {
    const store = ownStore();
    const first = startLab([...levels, "--rounds", "2"], { store });
    await first.until(/("trial-finished".*\n[\s\S]*){3}/);
    first.child.kill("SIGINT");
    const before = await first.finished;
    expect(before.code).toBe(130);
    const after = await runLab(["sweep", "--resume", "--json"], { store });
    expect(after.code).toBe(0);
    const visits = [...recordsOf(before), ...recordsOf(after)];
    expect(visits.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(visits.map(({ replicate }) => replicate)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it("leaves nothing running when the lab is killed, the probe included", async () => {
    const leftovers = watchLeftovers();
    const run = startLab([...levels, "--rounds", "20"]);
    await run.until(/trial-finished/);
    run.child.kill("SIGKILL");
    await run.finished;
    expect(await leftovers()).toEqual([]);
  });
});
