import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { Ledger } from "../../../src/core/process/ledger.ts";
import { type CapturedProcess, type StartOptions, startProcess } from "../../../src/core/process/start.ts";

const ledger = new Ledger();
const escaped: number[] = [];

function start(script: string, options: StartOptions = {}): CapturedProcess {
  const launch = {
    name: "test",
    argv: ["sh", "-c", script] as const,
    executable: "/bin/sh",
    env: { PATH: "/usr/bin:/bin" },
  };
  return startProcess({ ...launch, scratchDir: tmpdir(), readOnlyDirs: [], openFiles: 1024 }, ledger, options);
}

/** Shell that goes on once what it starts in the background has printed a line; descriptor 3 is its output after that. */
const beside = (background: string) => `exec 3>&1; echo $(${background} &)`;

/** Pid of a process that printed it. */
async function printed(child: CapturedProcess): Promise<number> {
  await expect.poll(() => child.stdout()).toMatch(/^\d+$/m);
  const pid = Number(/^\d+$/m.exec(child.stdout())![0]);
  escaped.push(pid);
  return pid;
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

afterEach(() => {
  for (const pid of escaped.splice(0)) if (isAlive(pid)) process.kill(pid, "SIGKILL");
});

describe("a started process", () => {
  it("tells its exit code and all that it printed", async () => {
    const child = start("seq 1 20000; echo last words >&2; exit 3", { capture: true });
    expect(await child.exited).toEqual({ code: 3 });
    expect(child.stdout()).toMatch(/^1\n(\d+\n)*20000\n$/);
    expect(child.stderr()).toBe("last words\n");
  });

  it("tells the signal that ended it", async () => {
    expect(await start("kill -TERM $$").exited).toEqual({ signal: "SIGTERM" });
  });

  it("has ended when it has, though a process in a session of its own holds its output", async () => {
    const child = start(`${beside("setsid sh -c 'echo $$; exec sleep 60 >&3'")}; exit 5`);
    const pid = await printed(child);
    expect(await child.exited).toEqual({ code: 5 });
    expect(isAlive(pid)).toBe(true);
    expect(ledger.owned).toEqual([]);
  });

  it("has ended when it has, though such a process goes on printing", async () => {
    const chatter = 'exec >&3; trap "" PIPE; for i in $(seq 500); do echo more; sleep 0.02; done';
    const child = start(`${beside(`setsid sh -c 'echo $$; ${chatter}'`)}; exit 6`);
    await printed(child);
    expect(await child.exited).toEqual({ code: 6 });
  });

  it("is stopped though such a process holds its output", async () => {
    const child = start("setsid sh -c 'echo $$; exec sleep 60' & exec sleep 60");
    await printed(child);
    await child.stop(5_000);
    expect(await child.exited).toEqual({ signal: "SIGTERM" });
  });

  it("takes the processes of its group with it", async () => {
    const child = start(`${beside("sh -c 'echo $$; exec sleep 60 >&3'")}; exit 0`);
    const pid = await printed(child);
    await child.exited;
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
