import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/core/domain/events.ts";
import { bootSystemd, nodeInside, type SystemdContainer, whyNoContainer } from "../fixtures/systemdContainer.ts";

const MiB = 1024 * 1024;
const why = process.env.LAB_REQUIRE === "all" ? "" : await whyNoContainer();

describe.skipIf(why)(`the systemd-run limiter (${why || "with systemd in a container"})`, () => {
  let container: SystemdContainer;
  beforeAll(async () => {
    container = await bootSystemd();
  }, 600_000);
  afterAll(() => container?.close());

  async function scene(id: string) {
    const command = [nodeInside, "--disable-warning=ExperimentalWarning", "test/fixtures/systemd-inside.ts", id];
    return JSON.parse(await container.inside(...command));
  }

  async function expectNothingLeft(): Promise<void> {
    await expect.poll(container.leftovers, { interval: 100 }).toBe("");
  }

  it("finds systemd and its version, and that version 1 of control groups is not for users", async () => {
    expect(await scene("detect")).toMatchObject({ available: true, version: expect.stringMatching(/^\d+ \(system/) });
    expect(await scene("user")).toMatchObject({ available: false, reason: expect.stringContaining("version 1") });
  });

  it("sets, changes and lifts limits of a running program, and holds it to them by the kernel's counters", async () => {
    const { seen, lifted, usage, refused, groups, stay } = await scene("limits");
    for (const { asked, inForce, cpu, throttledShare } of seen) {
      expect(inForce.memoryBytes).toBe(64 * MiB);
      if (asked.cpu === undefined) {
        expect(inForce).not.toHaveProperty("cpu");
        expect(throttledShare).toBe(0);
      } else {
        expect(inForce.cpu).toBeCloseTo(asked.cpu, 6);
        expect(inForce.periodSeconds).toBe(asked.periodSeconds ?? 0.1);
        expect(cpu).toBeLessThan(asked.cpu * 1.1);
        // Other work on the machine may keep it below its limit; then it is throttled less often.
        if (throttledShare > 0.9) expect(cpu).toBeGreaterThan(asked.cpu * 0.8);
      }
    }
    expect(lifted).toEqual({});
    expect(usage.throttledPeriods).toBeGreaterThan(20);
    expect(usage.oomKills).toBe(0);
    expect(refused).toMatch(/\b1000 us\b/);
    expect(groups.length).toBeGreaterThan(0);
    expect(stay).toEqual([]);
    await expectNothingLeft();
  });

  it("gives the program its environment, folder, cores and limit on open files, and nothing more", async () => {
    const { printed, scratch, cores, swappiness, exit, stopMs, used } = await scene("world");
    expect(printed).toContain(`\n1234\n${scratch}\nready`);
    const variables = [...printed.matchAll(/^(\w+)=/gm)].map(([, one]) => one).sort();
    expect(variables.filter((one) => one !== "PWD" && one !== "OLDPWD")).toEqual(["HOME", "PATH"]);
    expect(cores).toBe("0");
    expect(swappiness ?? "0").toBe("0");
    expect(exit).toEqual({ signal: "SIGTERM" });
    expect(stopMs).toBeLessThan(5_000);
    expect(used.memoryBytes).toBeLessThan(4 * MiB);
    await expectNothingLeft();
  });

  it("counts a kill at the memory limit, also after the unit is gone", async () => {
    const { exit, usage } = await scene("oom");
    expect(exit).toEqual({ signal: "SIGKILL" });
    expect(usage.oomKills).toBe(1);
    expect(usage.memoryPeakBytes).toBe(32 * MiB);
    await expectNothingLeft();
  });

  it("ends a program that does not heed SIGTERM, and children that left its process group", async () => {
    expect(await scene("stubborn")).toEqual({ exit: { signal: "SIGKILL" }, owned: [] });
    await expectNothingLeft();
  });

  it("passes on how a program ended at once, and what was said of one that is not there", async () => {
    const { exit, never, tail } = await scene("missing");
    expect(exit).toEqual({ code: 7 });
    expect(never).toEqual({ code: 127 });
    expect(tail).toContain("/nowhere/at/all");
    await expectNothingLeft();
  });

  it("leaves nothing when the lab is killed", async () => {
    await expect(scene("killed")).rejects.toMatchObject({ code: 137 });
    await expectNothingLeft();
  });

  it("measures HAProxy at 0.3 CPU and 64 MiB", async () => {
    const point = ["--cpu", "0.3", "--memory", "64M", "--window", "3s", "--warmup", "1s"];
    const parts = ["--proxy", "haproxy", "--load", "wrk", "--limiter", "systemd-run"];
    const printed = await container.inside("./lab", "run", ...parts, ...point, "--store", "/tmp/lab.sqlite", "--json");
    const events = printed.split("\n").map((line) => JSON.parse(line) as LabEvent);
    const [record] = events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
    expect(record).toMatchObject({ status: "completed", limitsInForce: { cpu: 0.3, memoryBytes: 64 * MiB } });
    expect(record!.result!.completedRequests).toBeGreaterThan(100);
    if (record!.verdict!.bound === "proxy-bound") expect(record!.usage!.cpuAchieved! / 0.3).toBeGreaterThan(0.9);
    expect(record!.usage!.cpuAchieved! / 0.3).toBeLessThan(1.1);
    expect(record!.usage!.memoryPeakBytes).toBeLessThanOrEqual(64 * MiB);
    await expectNothingLeft();
  });
});
