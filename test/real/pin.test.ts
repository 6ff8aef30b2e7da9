import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { missing } from "../fixtures/parts.ts";
import { startLab } from "../fixtures/runLab.ts";

const without = await missing("proxy/haproxy", "load/wrk", "limiter/cgroup");
const sayWhy = without && ` (not run: ${without})`;
const all = availableParallelism();
const window = ["--plan", "grid", "--window", "2s", "--max-window", "2s", "--warmup", "0", "--anchors", "0", "--json"];
const haproxy = ["sweep", "--proxy", "haproxy", "--cpu", "0.4", "--profile", "as-shipped", ...window];

/** What the kernel says of the haproxy that the lab has just started. */
function statusOf(field: string): string {
  const pid = execFileSync("pgrep", ["-n", "-x", "haproxy"], { encoding: "utf8" }).trim();
  return new RegExp(`^${field}:\\s+(.*)$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]!;
}

describe.skipIf(without || all < 2)(`a program with its own defaults${sayWhy}`, () => {
  it.each([
    { pin: [], scenario: "none", cores: all },
    { pin: ["--pin", "none"], scenario: "none", cores: all },
    { pin: ["--pin", "proxy"], scenario: "proxy", cores: 1 },
  ])("runs on $cores cores with a thread for each, with $pin", async ({ pin, scenario, cores }) => {
    const lab = startLab([...haproxy, ...pin]);
    await lab.until(/"type":"sample"/);
    expect(Number(statusOf("Threads"))).toBe(cores);
    expect(statusOf("Cpus_allowed_list")).toMatch(cores > 1 ? /[-,]/ : /^\d+$/);
    const { code, stdout } = await lab.finished;
    expect(code).toBe(0);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const record: TrialRecord = events.find(({ type }) => type === "trial-finished").record;
    expect(record.scenario.pin).toBe(scenario);
    expect(record.environment.placement!.proxy).toHaveLength(cores);
  });
});
