import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { Store } from "../../src/core/store/store.ts";
import { openTerminal, type RealTerminal, type TerminalOptions, withoutTmux } from "../fixtures/console/tmux.ts";
import { missing } from "../fixtures/parts.ts";
import { ownStore, startLab } from "../fixtures/runLab.ts";

const reason = [withoutTmux(), await missing("proxy/haproxy", "load/wrk", "limiter/cgroup")].filter(Boolean).join("; ");
const composed = /rounds of \d+ points?, .*: about/;

/** The console with a store and settings of its own, once it knows the machine. */
async function opened(store: string, options: TerminalOptions = {}): Promise<RealTerminal> {
  const config = mkdtempSync(join(tmpdir(), "lab-config-"));
  onTestFinished(() => rmSync(config, { recursive: true, force: true }));
  const terminal = openTerminal(["--store", store], { ...options, env: { XDG_CONFIG_HOME: config, ...options.env } });
  await terminal.until(composed, 60);
  return terminal;
}

/** Composes a short sweep of haproxy: CPU levels, and three rounds. */
async function composeShort(terminal: RealTerminal, cpu: string): Promise<void> {
  await terminal.fill(cpu);
  await terminal.press("Down", "Down", "Down", "Down", "Down", "Down", "Down");
  await terminal.fill("3");
  await terminal.until(new RegExp(`--cpu ${cpu.replaceAll(".", "\\.")} --rounds 3`));
}

/** Trials that others on this machine disturbed do not teach: the sweep is run again until there are enough. */
async function untilAnswered(terminal: RealTerminal): Promise<void> {
  for (let again = 0; again < 3; again++) {
    const answer = await terminal.until(/v verifies/, 30).catch(() => undefined);
    if (answer !== undefined) return;
    await terminal.press("1", "r");
    await terminal.until(/now: haproxy/);
    await terminal.until(/sweep \S+ finished/, 120);
    await terminal.press("4");
  }
  await terminal.until(/v verifies/, 30);
}

function sweepOf(path: string) {
  const store = Store.open(path);
  try {
    const [sweep] = store.sweeps();
    return { status: sweep?.status, trials: store.trials().length };
  } finally {
    store.close();
  }
}

/** Ids of the lab's processes that work on a store: the console, and sweeps that it started. */
function processesOn(store: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const command = readText(`/proc/${pid}/cmdline`);
      return command.includes("main.ts") && command.includes(store);
    })
    .map(Number);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}

/** The cores that a process may run on, as the kernel lists them. */
const coresOf = (pid: number) => /^Cpus_allowed_list:\s*(\S+)/m.exec(readText(`/proc/${pid}/status`))?.[1];

async function untilNoneOn(store: string): Promise<number[]> {
  for (let tries = 0; tries < 100 && processesOn(store).length > 0; tries++) await sleep(100);
  return processesOn(store);
}

/** Whole sweeps are measured; each wait has a limit of its own. */
const timeout = 600_000;

describe.skipIf(reason !== "")(`the console in a real terminal${reason && ` (${reason})`}`, { timeout }, () => {
  it("goes from its start through a composed sweep of haproxy to the trials, and leaves the terminal as it was", async () => {
    const store = ownStore();
    const terminal = await opened(store, { env: { CI: "true" } }); // which says nothing about a terminal
    expect(terminal.alternate()).toBe(true);
    await composeShort(terminal, "0.05,0.07,0.1,0.14,0.2,0.28"); // little, which HAProxy uses up also where others take much
    await terminal.press("r");
    const before = coresOf(terminal.pid());
    await terminal.until(/now: haproxy .* round 1, visit/);
    if (availableParallelism() > 1) await expect.poll(() => coresOf(terminal.pid())).not.toBe(before);
    await terminal.until(/sweep \S+ finished/, 120);
    await expect.poll(() => coresOf(terminal.pid())).toBe(before);
    expect(terminal.screen()).toContain("against CPU bandwidth");
    await terminal.press("3");
    await terminal.until(/f figure/);
    await terminal.press("4");
    await terminal.until(/completed requests/);
    await terminal.press("C-u");
    await terminal.type("50000");
    await terminal.press("Enter");
    await untilAnswered(terminal);
    await terminal.press("v");
    await terminal.until(/held at /, 90);
    await terminal.press("q");
    await terminal.until(/left with 0/);
    expect(terminal.alternate()).toBe(false);
    expect(sweepOf(store)).toMatchObject({ status: "finished" });
    expect(sweepOf(store).trials).toBeGreaterThanOrEqual(4);
  });

  it.each(["SIGTERM", "SIGKILL"] as const)("stops its sweep after %s", async (signal) => {
    const store = ownStore();
    const terminal = await opened(store);
    await composeShort(terminal, "0.1,0.2,0.4,0.6");
    await terminal.press("r");
    await terminal.until(/now: haproxy/);
    expect(processesOn(store)).toHaveLength(2);
    process.kill(terminal.pid(), signal);
    await terminal.until(/left with (143|137)/);
    expect(await untilNoneOn(store)).toEqual([]);
    expect(sweepOf(store).status).toBe("interrupted");
    expect(terminal.alternate()).toBe(signal === "SIGKILL");
  });

  it("leaves a sweep to run on where that is wanted, which others can follow", async () => {
    const store = ownStore();
    const terminal = await opened(store, { columns: 80, rows: 24 });
    await composeShort(terminal, "0.1,0.2,0.3,0.4,0.5,0.6");
    const second = await opened(store);
    await second.press("2");
    await terminal.press("r");
    await terminal.until(/now: haproxy/);
    const watch = startLab(["watch"], { store });
    await Promise.all([second.until(/following sweep/), watch.until(/following sweep/)]);
    await terminal.press("q");
    await terminal.until(/let it run on/);
    await terminal.press("d");
    await terminal.until(/the sweep runs on/);
    const { code, stdout } = await watch.finished;
    expect(code).toBe(0);
    expect(stdout).toMatch(/following sweep.*round 3.*finished/s);
    await second.until(/sweep \S+ finished/);
    await second.press("q");
    expect(await untilNoneOn(store)).toEqual([]);
  });
});
