import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/core/domain/events.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { missing } from "../fixtures/parts.ts";

const run = promisify(execFile);
const without = await missing(
  "proxy/haproxy",
  "proxy/mitmproxy",
  "load/wrk",
  "load/autocannon",
  "load/pacer",
  "limiter/cgroup",
);

/** Runs one trial; `inside` is a program to run the lab in. A trial that others on this machine disturbed is repeated. */
async function trial(args: readonly string[], inside: readonly string[] = []): Promise<TrialRecord> {
  const dir = await mkdtemp(join(tmpdir(), "verdict-"));
  const window = ["--window", "2s", "--max-window", "2s"];
  const command = ["run", "--limiter", "cgroup", ...window, ...args, "--store", join(dir, "lab.sqlite"), "--json"];
  const [program = "./lab", ...before] = [...inside, "./lab"];
  try {
    const { stdout } = await run(program, [...before, ...command]).catch((error: { stdout: string }) => error);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as LabEvent);
    return events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []))[0]!;
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Resolves with its evidence. */
async function expectBound(bound: string, args: readonly string[], inside: readonly string[] = []): Promise<string> {
  const seen: string[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    const { verdict, error } = await trial(args, inside);
    if (verdict?.bound === bound) return verdict.evidence;
    seen.push(`${verdict?.bound}: ${verdict?.evidence ?? ""} ${error?.message ?? ""}`);
  }
  return expect.fail(`never ${bound}, but\n${seen.join("\n")}`);
}

describe.skipIf(without)(`the verdict on a real trial ${without}`, () => {
  it("is proxy-bound where the quota is used up", () =>
    expectBound("proxy-bound", ["--proxy", "haproxy", "--load", "wrk", "--cpu", "0.2", "--warmup", "1s"]));

  it("is client-bound where the load tool is weak", () =>
    expectBound("client-bound", ["--proxy", "haproxy", "--load", "autocannon", "--cpu", "0.9", "--warmup", "1s"]));

  it("is origin-bound where the origins are slow", () =>
    expectBound("origin-bound", ["--proxy", "haproxy", "--load", "wrk", "--cpu", "0.6", "--origin-delay", "20ms"]));

  it("is memory-bound where the memory does not suffice", () =>
    expectBound("memory-bound", [
      "--proxy",
      "mitmproxy",
      "--load",
      "wrk",
      "--role",
      "forward",
      "--cpu",
      "0.9",
      "--memory",
      "24M",
    ]));

  it("is port-bound where connections are not kept and ports run out", () =>
    expectBound(
      "port-bound",
      ["--proxy", "mitmproxy", "--load", "autocannon", "--cpu", "0.9", "--no-keep-alive", "--warmup", "0"],
      ["test/fixtures/small-ports.sh"],
    ));

  it("is rate-bound where an open loop asks for less than the proxy can do", () =>
    expectBound("rate-bound", ["--proxy", "haproxy", "--load", "autocannon", "--cpu", "0.6", "--rate", "500"]));

  const pacer = (rate: number, ...args: string[]) => {
    return ["--proxy", "haproxy", "--load", "pacer", "--rate", String(rate), "--warmup", "1s", ...args];
  };

  it("is connection-bound where an open loop needs more connections than it has, and says how many would do", async () => {
    const slow = pacer(400, "--origin-delay", "20ms", "--concurrency", "4", "--cpu", "0.6");
    expect(await expectBound("connection-bound", slow)).toMatch(/\b(1\d|2\d) connections would do/);
  });

  it("is client-bound where the load tool has no CPU left to take replies with, and its connections stay busy", () =>
    expectBound("client-bound", pacer(30_000, "--cpu", "0.9", "--concurrency", "64")));

  it("tells of bursts that the quota stops though the proxy uses less than half of it", async () => {
    const bursts = pacer(500, "--arrivals", "bursts:1000", "--cpu", "0.08", "--concurrency", "64", "--window", "4s");
    expect(await expectBound("rate-bound", bursts)).toMatch(/bursts used up the quota/);
  });
});
