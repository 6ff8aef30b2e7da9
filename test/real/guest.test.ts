import { beforeAll, describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/core/domain/events.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { runGuest, type Step, whyNoGuest } from "../fixtures/guest.ts";

const MiB = 1024 * 1024;
const guestTimeoutMs = 1_200_000;
/** How a shell reports SIGKILL. */
const killed = 137;
const why = process.env.LAB_REQUIRE === "all" ? "" : whyNoGuest();

describe.skipIf(why)(`a guest with systemd and version 2 of control groups (${why || "emulated"})`, () => {
  let steps: ReadonlyMap<string, Step>;
  beforeAll(async () => {
    steps = await runGuest(guestTimeoutMs);
  }, 2_100_000);

  /** What a step printed, if it ended with the code that it should. */
  function printed(name: string, expectedCode = 0): string {
    const { code, stdout, stderr } = steps.get(name) ?? { code: undefined, stdout: "", stderr: "not reached" };
    expect(code, `${name}: ${stderr}`).toBe(expectedCode);
    return stdout;
  }

  function recordsOf(name: string): TrialRecord[] {
    const lines = printed(name).trim().split("\n");
    const events = lines.map((line) => JSON.parse(line) as LabEvent);
    expect(events.at(-1)?.type).toBe("sweep-finished");
    return events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
  }

  it("has systemd as process 1 and version 2 alone", () => {
    expect(printed("machine")).toMatch(/^\d.*\ncgroup2fs\nsystemd\n$/);
  });

  it.each([
    ["sweep", "cgroup"],
    ["sweep", "systemd-run"],
    ["user-sweep", "systemd-run"],
  ])("measures HAProxy with wrk in a %s under %s", (name, limiter) => {
    const records = recordsOf(name).filter(({ point }) => point.limiter === limiter);
    const [low, high, ...others] = records.toSorted((a, b) => a.point.cpu - b.point.cpu);
    expect(others).toEqual([]);
    expect([low!.point.cpu, high!.point.cpu]).toEqual([0.2, 0.5]);
    for (const record of [low!, high!]) expectHonest(record);
    expect(high!.result!.requestsPerSecond).toBeGreaterThan(1.2 * low!.result!.requestsPerSecond);
  });

  it.each([
    ["cgroup", /^v2$/],
    ["systemd-run", /^252 \(system manager\)$/],
    ["user", /^252 \(user manager\)$/],
  ])(
    "lets %s set, change and lift limits of a running program, count what the kernel killed, and end all of it",
    (name, version) => {
      const { detected, limits, outOfMemory, stubborn, owned } = JSON.parse(printed(name, killed));
      expect(detected).toEqual({ available: true, version: expect.stringMatching(version) });
      for (const { asked, inForce, cpu, throttled } of limits.seen) {
        expect(inForce).toEqual({
          ...(asked.cpu === undefined ? {} : { cpu: asked.cpu, periodSeconds: asked.periodSeconds ?? 0.1 }),
          memoryBytes: 64 * MiB,
        });
        if (asked.cpu === undefined) expect(throttled).toBe(0);
        else expect(throttled).toBeGreaterThan(3);
        expect(cpu).toBeLessThan((asked.cpu ?? 1) * 1.3);
        expect(cpu).toBeGreaterThan((asked.cpu ?? 0.5) * 0.6);
      }
      expect(limits.reloaded.cpu).toBe(0.4);
      expect(limits.lifted).toEqual({});
      expect(outOfMemory.exit).toEqual({ signal: "SIGKILL" });
      expect(outOfMemory.usage).toMatchObject({ oomKills: 1, memoryPeakBytes: 32 * MiB });
      expect(stubborn).toEqual({ exit: { signal: "SIGKILL" }, strayRuns: false });
      expect(owned).toEqual([]);
    },
  );

  it("says that a user may not limit CPU where systemd has not delegated it", () => {
    const { detected } = JSON.parse(printed("undelegated"));
    expect(detected).toMatchObject({ available: false, reason: "systemd does not let this user limit cpu" });
  });

  it("leaves nothing, though the lab was killed under each limiter", () => {
    expect(printed("leftovers")).toBe("");
  });
});

function expectHonest(record: TrialRecord): void {
  const { point, usage, limitsInForce, result, originServed } = record;
  expect(record.error?.message).toBeUndefined();
  expect(record.status).toBe("completed");
  expect(limitsInForce).toMatchObject({ cpu: point.cpu, memoryBytes: 64 * MiB });
  expect(result!.completedRequests).toBeGreaterThan(20);
  expect(originServed).toBeGreaterThanOrEqual(result!.completedRequests);
  // Where other work keeps the emulator waiting, the guest has less CPU than it takes itself to have.
  expect(usage!.cpuAchieved! / point.cpu).toBeLessThan(1.25);
  expect(usage!.cpuAchieved! / point.cpu).toBeGreaterThan(0.6);
  expect(usage!.throttledShare).toBeGreaterThan(0);
  expect(usage!.memoryPeakBytes).toBeLessThanOrEqual(64 * MiB);
  expect(usage!.oomKills).toBe(0);
}
