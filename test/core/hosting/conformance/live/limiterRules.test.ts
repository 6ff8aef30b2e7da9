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

  it.each<[string, Limits, Limits, string]>([
    ["another CPU limit", { ...asked, cpu: 0.25 }, asked, "0.25 CPU, asked for 0.2 CPU"],
    ["no CPU limit", { memoryBytes: 2 ** 26 }, asked, "no limit on CPU, asked for 0.2 CPU"],
    ["no memory limit", { cpu: 0.2 }, asked, "no limit on memory, asked for 67108864 bytes"],
    ["a limit that was lifted", asked, { memoryBytes: 2 ** 26 }, "0.2 CPU, asked for no limit on CPU"],
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

  it("is counted by the limiter", () => {
    expect(() => judgeCpu({ ...quiet, own: undefined, system: 0.2 }, 0.2, 2)).toThrow("usage() tells no cpuSeconds");
  });
});

describe("the end of a program", () => {
  it("is passed on with its last words", async () => {
    await expect(passesExitOn(program({ exit: { code: 7 }, tail: "last words" }))).resolves.toBeUndefined();
    await expect(passesExitOn(program({ exit: { code: 0 }, tail: "last words" }))).rejects.toThrow("exited says 0");
    await expect(passesExitOn(program({ exit: { code: 7 }, tail: "" }))).rejects.toThrow('tail() says ""');
  });

  it("is by SIGKILL where it does not heed SIGTERM", async () => {
    const ready = { ready: "" };
    await expect(stopsStubborn(program({ exit: { signal: "SIGKILL" } }, ready))).resolves.toBeUndefined();
    await expect(stopsStubborn(program({ exit: { code: 137 } }, ready))).resolves.toBeUndefined();
    await expect(stopsStubborn(program({ exit: { signal: "SIGTERM" } }, ready))).rejects.toThrow("not by SIGKILL");
  });

  it("at its memory limit is counted", async () => {
    const killed = { signal: "SIGKILL" };
    const counted = { oomKills: 1, memoryPeakBytes: 2 ** 26 };
    await expect(isKilledAtLimit(program({ exit: killed, usage: () => counted }), 2 ** 26)).resolves.toBeUndefined();
    await expect(isKilledAtLimit(program({ exit: { code: 1 } }), 2 ** 26)).rejects.toThrow("ended with code 1");
    const uncounted = program({ exit: killed, usage: () => ({ oomKills: 0 }) });
    await expect(isKilledAtLimit(uncounted, 2 ** 26)).rejects.toThrow("usage() tells no oomKills");
    const above = program({ exit: killed, usage: () => ({ oomKills: 1, memoryPeakBytes: 2 ** 27 }) });
    await expect(isKilledAtLimit(above, 2 ** 26)).rejects.toThrow("134217728 bytes, more than its limit");
  });
});

describe("the surroundings of a program", async () => {
  const host = await LocalHost.open(new Ledger());
  const lab = { host, owned: () => 0 };
  const sound = "HOME=/scratch\nLAB_CHECK=given\nPWD=/x\nopen files: 1234\nCpus_allowed_list:\t0\n";
  const look = (text: string) => givesItsSurroundings(lab, program({}, { surroundings: text }));

  it("are those of its launch", async () => await expect(look(sound)).resolves.toBeUndefined());

  it.each([
    ["no variable of its own", sound.replace("LAB_CHECK", "OTHER"), 'LAB_CHECK was not "given"'],
    ["a variable of the lab", `${sound}VITEST=true\n`, "it had VITEST of the lab's own environment"],
    ["another limit on open files", sound.replace("1234", "1024"), "limit on open files was not 1234"],
    ["all cores", sound.replace("\t0", "\t0-3"), "it ran on cores 0-3, not 0"],
  ])("are not %s", async (_, text, reason) => await expect(look(text)).rejects.toThrow(reason));

  it("have a folder to write to", async () => {
    await expect(givesItsSurroundings(lab, program({}))).rejects.toThrow("could not write to its folder");
  });
});
