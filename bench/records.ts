import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrialRecord } from "../src/core/domain/record.ts";

/** A proxy under wrk at some CPU limits in cores, as flags of `lab sweep`. */
export function levelsOf(proxy: string, cpu: readonly number[]): string[] {
  return ["--proxy", proxy, "--load", "wrk", "--limiter", "cgroup", "--cpu", cpu.join(",")];
}

/** The trials of a `lab sweep` or `lab run` with these flags, in a store of its own. Throws where it has failed trials. */
export function recordsOf(command: "sweep" | "run", flags: readonly string[]): TrialRecord[] {
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const args = [command, ...flags, "--store", join(dir, "lab.sqlite"), "--json"];
    const lines = execFileSync("./lab", args, { encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", 2] });
    const events = lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    return events.flatMap((event) => (event.type === "trial-finished" ? [event.record as TrialRecord] : []));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Requests/s of the trials at a CPU limit. */
export function ratesAt(records: readonly TrialRecord[], cpu: number): number[] {
  return records.filter(({ point }) => point.cpu === cpu).map(({ result }) => result!.requestsPerSecond);
}
