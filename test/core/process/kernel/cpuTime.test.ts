import { spawn } from "node:child_process";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { parseMachineStat, processCpuSeconds, secondsOf } from "../../../../src/core/process/kernel/cpuTime.ts";
import { statFields } from "../../../../src/core/process/kernel/processStat.ts";

describe("CPU times under /proc", () => {
  it("of a process are user and system time, whatever its name", () => {
    const fields = "S 1 1 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 1 0 100 1000";
    expect(secondsOf(statFields(`42 (nginx) ${fields}`))).toBe(3);
    expect(secondsOf(statFields(`42 (a) b (c) ${fields}`))).toBe(3);
  });

  it("of a process have those of children that ended in them", () => {
    const fields = "S 1 1 1 0 -1 4194560 100 0 0 0 250 50 30 20 20 0 1 0 100 1000";
    expect(secondsOf(statFields(`42 (nginx) ${fields}`))).toBe(3.5);
  });

  it.skipIf(process.platform !== "linux")("of a process have those of children that run", async () => {
    const { pid = 0 } = spawn("/bin/sh", ["-c", "while :; do :; done & wait"], { detached: true, stdio: "ignore" });
    onTestFinished(() => void process.kill(-pid, "SIGKILL"));
    await vi.waitUntil(async () => (await processCpuSeconds(pid))! > 0.1, { timeout: 20_000, interval: 50 });
  });

  it("of the machine leave idle time out and tell stolen time apart", () => {
    const text = "cpu  100 10 200 5000 300 4 6 70 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
    expect(parseMachineStat(text)).toEqual({ busySeconds: 3.2, stealSeconds: 0.7 });
  });
});
