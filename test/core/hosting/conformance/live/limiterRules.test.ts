import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Exit, Limits, UsageCounters } from "../../../../../src/core/contract/index.ts";
import { judgeCpu } from "../../../../../src/core/hosting/conformance/live/limiterCpu.ts";
import {
  givesItsSurroundings,
  hasInForce,
  isKilledAtLimit,
  passesExitOn,
  stopsStubborn,
} from "../../../../../src/core/hosting/conformance/live/limiterRules.ts";
import { type HeldProgram, ownVariable } from "../../../../../src/core/hosting/conformance/live/program.ts";
import { LocalHost } from "../../../../../src/core/process/host.ts";
import { Ledger } from "../../../../../src/core/process/ledger.ts";

/** No process has it. */
const nobody = 2 ** 22 + 1;

interface Said {
  readonly limits?: Limits;
  readonly exit?: Exit;
  readonly tail?: string;
  usage?(): UsageCounters;
}

/** A program that has ended, with what its limiter says of it and what it wrote into its folder. */
function program(said: Said, files: Record<string, string> = {}): HeldProgram {
  const scratchDir = mkdtempSync(join(tmpdir(), "limiter-rules-"));
  onTestFinished(() => rmSync(scratchDir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(scratchDir, name), text);
  return {
    ownedBefore: 0,
    launch: {
      name: "check",
      argv: ["sh"],
      env: { HOME: "/scratch", ...ownVariable },
      scratchDir,
      readOnlyDirs: [],
      cores: [0],
      openFiles: 1234,
    },
    confined: {
      pid: nobody,
      exited: Promise.resolve(said.exit ?? {}),
      limits: async () => said.limits ?? {},
      usage: async () => said.usage?.() ?? {},
      tail: async () => said.tail ?? "",
      update: async () => {},
      stop: async () => {},
    },
  };
}

describe("limits in force", () => {
  const asked = { cpu: 0.2, memoryBytes: 2 ** 26 };

  it("are those that were asked for, but for the kernel's rounding", async () => {
    const limits = { cpu: 0.2001, memoryBytes: 2 ** 26 - 4096, periodSeconds: 0.1 };
    await expect(hasInForce(program({ limits }), asked)).resolves.toBeUndefined();
  });

  it.each<[string, Limits, Limits, RegExp]>([
    ["another CPU limit", { ...asked, cpu: 0.25 }, asked, /\b0\.25 CPU\b.*\b0\.2 CPU\b/],
    ["no CPU limit", { memoryBytes: 2 ** 26 }, asked, /\bno limit on CPU\b.*\b0\.2 CPU\b/],
    ["no memory limit", { cpu: 0.2 }, asked, /\bno limit on memory\b.*\b67108864 bytes\b/],
    ["a limit that was lifted", asked, { memoryBytes: 2 ** 26 }, /\b0\.2 CPU\b.*\bno limit on CPU\b/],
  ])("are not %s", async (_, limits, wanted, reason) => {
    await expect(hasInForce(program({ limits }), wanted)).rejects.toThrow(reason);
  });
});

describe("CPU time of a busy program", () => {
  const quiet = { machine: 0.5 };

  it("is what its limit allows, by both counters", () => {
    expect(judgeCpu({ ...quiet, own: 0.199, system: 0.2 }, 0.2, 2)).toBe("0.199 by usage(), 0.200 by the system");
    expect(judgeCpu({ ...quiet, own: 0.2, system: undefined }, 0.2, 2)).toContain("nothing by the system");
  });

  it.each([
    ["more than its limit", { ...quiet, own: 0.3, system: 0.3 }],
    ["more by the system than the limiter says", { ...quiet, own: 0.2, system: 1 }],
    ["less than its limit, on a machine with time to spare", { ...quiet, own: 0.1, system: 0.1 }],
    ["not the same by both counters", { ...quiet, own: 0.17, system: 0.215 }],
  ])("is not %s", (_, used) => expect(() => judgeCpu(used, 0.2, 2)).toThrow(/^it used /));

  it("may be less where other work takes all the rest", () => {
    expect(judgeCpu({ machine: 1.98, own: 0.1, system: 0.1 }, 0.2, 2)).toContain("no more to give");
  });

  it("has user and system parts in the same unit, or neither, and throttled time that can be", () => {
    const used = { ...quiet, own: 0.2, system: 0.2 };
    expect(judgeCpu({ ...used, user: 0.15, kernel: 0.02, throttled: 0.8 }, 0.2, 2)).toContain("0.200 by usage()");
    expect(() => judgeCpu({ ...used, user: 0.2 }, 0.2, 2)).toThrow(/\buserCpuSeconds\b.*\balone\b/);
    expect(() => judgeCpu({ ...used, user: 200, kernel: 1 }, 0.2, 2)).toThrow(/^user and system time make 201\b/);
    expect(() => judgeCpu({ ...used, throttled: 800_000 }, 0.2, 2)).toThrow(/^throttledSeconds\b/);
  });

  it("is counted by the limiter", () => {
    expect(() => judgeCpu({ ...quiet, own: undefined, system: 0.2 }, 0.2, 2)).toThrow(/\busage\(\).*\bcpuSeconds\b/);
  });
});

describe("the end of a program", () => {
  it("is passed on with its last words", async () => {
    await expect(passesExitOn(program({ exit: { code: 7 }, tail: "last words" }))).resolves.toBeUndefined();
    await expect(passesExitOn(program({ exit: { code: 0 }, tail: "last words" }))).rejects.toThrow(
      /\bcode 7\b.*\bexited\b.*\b0\b/,
    );
    await expect(passesExitOn(program({ exit: { code: 7 }, tail: "" }))).rejects.toThrow(
      /"last words".*\btail\(\).*""/,
    );
  });

  it("is by SIGKILL where it does not heed SIGTERM", async () => {
    const ready = { ready: "" };
    await expect(stopsStubborn(program({ exit: { signal: "SIGKILL" } }, ready))).resolves.toBeUndefined();
    await expect(stopsStubborn(program({ exit: { code: 137 } }, ready))).resolves.toBeUndefined();
    await expect(stopsStubborn(program({ exit: { signal: "SIGTERM" } }, ready))).rejects.toThrow(
      /\bSIGTERM\b.*\bSIGKILL\b/,
    );
  });

  it("at its memory limit is counted", async () => {
    const killed = { signal: "SIGKILL" };
    const counted = { oomKills: 1, memoryPeakBytes: 2 ** 26 };
    await expect(isKilledAtLimit(program({ exit: killed, usage: () => counted }), 2 ** 26)).resolves.toBeUndefined();
    await expect(isKilledAtLimit(program({ exit: { code: 1 } }), 2 ** 26)).rejects.toThrow(/\bcode 1\b/);
    const uncounted = program({ exit: killed, usage: () => ({ oomKills: 0 }) });
    await expect(isKilledAtLimit(uncounted, 2 ** 26)).rejects.toThrow(/\busage\(\).*\boomKills\b/);
    const above = program({ exit: killed, usage: () => ({ oomKills: 1, memoryPeakBytes: 2 ** 27 }) });
    await expect(isKilledAtLimit(above, 2 ** 26)).rejects.toThrow(/\b134217728 bytes\b/);
  });
});

describe("the surroundings of a program", async () => {
  const host = await LocalHost.open(new Ledger());
  const lab = { host, owned: () => 0 };
  const sound = "HOME=/scratch\nLAB_CHECK=given\nPWD=/x\nopen files: 1234\nCpus_allowed_list:\t0\n";
  const look = (text: string) => givesItsSurroundings(lab, program({}, { surroundings: text }));

  it("are those of its launch", async () => await expect(look(sound)).resolves.toBeUndefined());

  it.each([
    ["no variable of its own", sound.replace("LAB_CHECK", "OTHER"), /\bLAB_CHECK\b/],
    ["a variable of the lab", `${sound}VITEST=true\n`, /\bVITEST\b/],
    ["another limit on open files", sound.replace("1234", "1024"), /\bopen files\b.*\b1234\b/],
    ["all cores", sound.replace("\t0", "\t0-3"), /\bcores 0-3\b.*\b0$/],
  ])("are not %s", async (_, text, reason) => await expect(look(text)).rejects.toThrow(reason));

  it("have a folder to write to", async () => {
    await expect(givesItsSurroundings(lab, program({}))).rejects.toThrow(/\bfolder\b/);
  });
});
