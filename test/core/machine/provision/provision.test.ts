import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Detection } from "../../../../src/core/contract/index.ts";
import { byHand } from "../../../../src/core/machine/advice.ts";
import { failureCause, remedyFor } from "../../../../src/core/machine/provision/failure.ts";
import { provision, type RunStep, type SetupProgress } from "../../../../src/core/machine/provision/provision.ts";
import type { InstallPlan } from "../../../../src/core/machine/provision/recipes.ts";
import type { Step } from "../../../../src/core/machine/provision/steps.ts";
import { runCommand } from "../../../../src/core/process/command.ts";

const dir = mkdtempSync(join(tmpdir(), "provision-test-"));
afterAll(() => rmSync(dir, { recursive: true }));

const step = (command: string, programs: string[], changes: Partial<Step> = {}): Step => ({
  title: command,
  argv: [command],
  programs,
  ...changes,
});
const planOf = (...steps: Step[]): InstallPlan => ({ steps, byHand: [] });

/** Runs nothing: a command fails when there is an output for it. */
function fake(failing: Record<string, string> = {}) {
  const ran: string[] = [];
  const run: RunStep = async ([command], { onLine }) => {
    ran.push(command);
    onLine?.(`${command} at work`);
    const tail = failing[command];
    return tail === undefined ? { code: 0, tail: "" } : { code: 100, tail };
  };
  return { run, ran };
}

const present = async (): Promise<Detection> => ({ available: true, version: "1.2" });
const absent = async (): Promise<Detection> => ({
  available: false,
  reason: "not on this machine",
  help: "look again",
});

describe("installing", () => {
  it("runs the steps in order, tells the progress, and looks for the programs afterwards", async () => {
    const { run, ran } = fake();
    const told: SetupProgress[] = [];
    const plan = planOf(step("one", ["a"]), step("two", ["a", "b"]));
    const outcomes = await provision(plan, { run, detect: present, onProgress: (progress) => told.push(progress) });
    expect(ran).toEqual(["one", "two"]);
    expect(told).toEqual([
      { step: 1, of: 2, title: "one" },
      { step: 1, of: 2, title: "one", line: "one at work" },
      { step: 2, of: 2, title: "two" },
      { step: 2, of: 2, title: "two", line: "two at work" },
    ]);
    expect(outcomes).toEqual([
      { program: "a", state: "installed", version: "1.2" },
      { program: "b", state: "installed", version: "1.2" },
    ]);
  });

  it("passes on what only the user can do", async () => {
    const advice = { do: "run", command: "apt-get install squid", by: "root" } as const;
    const plan = { steps: [], byHand: [{ program: "squid", advice }] };
    expect(await provision(plan, { ...fake(), detect: present })).toEqual([
      { program: "squid", state: "by-hand", advice },
    ]);
  });

  it("fails the programs that need a failed step, skips their other steps, and goes on with the rest", async () => {
    const { run, ran } = fake({ venv: "first line\nNo space left on device" });
    const plan = planOf(step("venv", ["a"]), step("pip", ["a"]), step("other", ["b"]));
    const outcomes = await provision(plan, { run, detect: async (name) => (name === "b" ? present() : absent()) });
    expect(ran).toEqual(["venv", "other"]);
    expect(outcomes).toEqual([
      {
        program: "a",
        state: "failed",
        reason: expect.stringMatching(/"venv".*\b100\b/),
        advice: remedyFor("diskFull"),
        tail: "first line\nNo space left on device",
      },
      { program: "b", state: "installed", version: "1.2" },
    ]);
  });

  it("does without an optional step that fails", async () => {
    const { run, ran } = fake({ update: "one source is broken" });
    const plan = planOf(step("update", ["a"], { optional: true }), step("install", ["a"]));
    expect(await provision(plan, { run, detect: present })).toMatchObject([{ state: "installed" }]);
    expect(ran).toEqual(["update", "install"]);
  });

  it("believes what it finds, not what the steps say", async () => {
    const failedButThere = await provision(planOf(step("x", ["a"])), { ...fake({ x: "oops" }), detect: present });
    expect(failedButThere).toMatchObject([{ state: "installed" }]);
    const doneButAbsent = await provision(planOf(step("x", ["a"])), { ...fake(), detect: absent });
    expect(doneButAbsent).toEqual([
      {
        program: "a",
        state: "failed",
        reason: expect.stringMatching(/: not on this machine$/),
        advice: byHand("look again"),
      },
    ]);
  });

  it.each([
    ["E: Could not get lock /var/lib/dpkg/lock-frontend", "locked"],
    ["E: Unable to locate package wrk", "unknownPackage"],
    ["ERROR: No matching distribution found for x", "noBuild"],
    ["Temporary failure in name resolution", "unreachable"],
    ["E: dpkg was interrupted, you must manually run", "interruptedDpkg"],
    ["No space left on device", "diskFull"],
    ["are you root?", "noPermission"],
    ["something new", undefined],
  ] as const)("knows the cause of %j", async (tail, cause) => {
    expect(failureCause(tail)).toBe(cause);
    const [outcome] = await provision(planOf(step("x", ["a"])), { ...fake({ x: tail }), detect: absent });
    expect(outcome).toMatchObject({ state: "failed", advice: remedyFor(cause) });
  });

  it("reports a command that cannot even be started", async () => {
    const run: RunStep = () => Promise.reject(new Error("spawn brew ENOENT"));
    const [outcome] = await provision(planOf(step("brew", ["a"])), { run, detect: absent });
    expect(outcome).toMatchObject({ state: "failed", tail: "spawn brew ENOENT" });
  });

  it("removes the folder that a failed step leaves half made", async () => {
    const makes = join(dir, "half");
    const run: RunStep = async () => {
      mkdirSync(join(makes, "bin"), { recursive: true });
      writeFileSync(join(makes, "bin", "tool"), "");
      return { code: 1, tail: "no" };
    };
    await provision(planOf(step("pip", ["a"], { makes })), { run, detect: absent });
    expect(existsSync(makes)).toBe(false);
  });

  it("marks a folder as half done until the last step that makes it has ended", async () => {
    const makes = join(dir, "marked");
    const marked: boolean[] = [];
    const run: RunStep = async () => {
      marked.push(existsSync(`${makes}.unfinished`));
      return { code: 0, tail: "" };
    };
    const steps = [step("one", ["a"], { makes }), step("two", ["a"], { makes }), step("after", ["a"])];
    await provision(planOf(...steps), { run, detect: present });
    expect(marked).toEqual([true, true, false]);
    expect([existsSync(makes), existsSync(`${makes}.unfinished`)]).toEqual([true, false]);
    await provision(planOf(...steps), { run: async () => ({ code: 1, tail: "" }), detect: absent });
    expect([existsSync(makes), existsSync(`${makes}.unfinished`)]).toEqual([false, false]);
  });

  it("keeps its hands off a folder that another lab is at work on", async () => {
    const makes = join(dir, "theirs");
    mkdirSync(makes);
    writeFileSync(`${makes}.unfinished`, `${process.ppid}\n`);
    const outcomes = await provision(planOf(step("one", ["a"], { makes })), { ...fake(), detect: absent });
    expect(outcomes).toMatchObject([
      { state: "failed", reason: expect.stringMatching(new RegExp(`\\b${process.ppid}\\b.*\\btheirs\\b`)) },
    ]);
    expect([existsSync(makes), existsSync(`${makes}.unfinished`)]).toEqual([true, true]);
  });

  it("lets the system's package manager finish what it has begun, and kills others", async () => {
    const gentle: (boolean | undefined)[] = [];
    const run: RunStep = async (_, options) => {
      gentle.push(options.gentle);
      return { code: 0, tail: "" };
    };
    await provision(planOf(step("apt", ["a"]), step("pip", ["b"], { makes: join(dir, "b") })), {
      run,
      detect: present,
    });
    expect(gentle).toEqual([true, false]);
  });

  it("looks twice for what should be there", async () => {
    let looks = 0;
    const slow = async () => (looks++ === 0 ? absent() : present());
    expect(await provision(planOf(step("x", ["a"])), { ...fake(), detect: slow })).toMatchObject([
      { state: "installed" },
    ]);
  });

  it("has the folder of a step ready for it", async () => {
    const makes = join(dir, "tools", "new");
    let there = false;
    const run: RunStep = async () => {
      there = existsSync(makes);
      return { code: 0, tail: "" };
    };
    await provision(planOf(step("go", ["a"], { makes })), { run, detect: present });
    expect(there).toBe(true);
  });

  it("removes what the steps before made when it is interrupted between two steps, and nothing that was there", async () => {
    const [makes, older] = [join(dir, "begun"), join(dir, "older")];
    mkdirSync(older);
    const controller = new AbortController();
    const run: RunStep = async () => {
      controller.abort();
      return { code: 0, tail: "" };
    };
    const plan = planOf(
      step("one", ["a"], { makes }),
      step("two", ["a"], { makes }),
      step("b", ["b"], { makes: older }),
    );
    const outcomes = await provision(plan, { run, detect: absent, signal: controller.signal });
    expect(outcomes).toMatchObject([{ reason: "interrupted" }, { reason: "interrupted" }]);
    expect([existsSync(makes), existsSync(older)]).toEqual([false, true]);
  });

  it("ends the step under way when it is interrupted, says so, and leaves no half made folder", async () => {
    const makes = join(dir, "cut-off");
    const controller = new AbortController();
    const ran: string[] = [];
    const plan = planOf(
      { title: "slow", argv: ["sh", "-c", `touch ${makes}/half; echo $$; exec sleep 600`], programs: ["a"], makes },
      step("never", ["b"]),
    );
    let pid = 0;
    const outcomes = await provision(plan, {
      run: (argv, options) => {
        ran.push(argv[0]);
        return runCommand(argv, options);
      },
      detect: absent,
      signal: controller.signal,
      onProgress: ({ line }) => {
        if (!line?.match(/^\d+$/)) return;
        pid = Number(line);
        controller.abort();
      },
    });
    expect(pid).toBeGreaterThan(1);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(ran).toEqual(["sh"]);
    expect(outcomes).toMatchObject([
      { program: "a", state: "failed", reason: "interrupted" },
      { program: "b", state: "failed", reason: "interrupted" },
    ]);
    expect(existsSync(makes)).toBe(false);
  });

  it("gives a step its variables on top of the lab's own", async () => {
    const lines: (string | undefined)[] = [];
    const argv = ["sh", "-c", 'echo "$LAB_STEP in $PATH"'] as const;
    await provision(planOf({ title: "env", argv, env: { LAB_STEP: "two" }, programs: ["a"] }), {
      run: runCommand,
      detect: present,
      onProgress: ({ line }) => lines.push(line),
    });
    expect(lines.join()).toContain(`two in ${process.env.PATH}`);
  });
});
