/**
 * Records in one sitting, by the lab's own command, what bench:twin judges by, and writes it as a bundle: for each proxy open
 * loops at five rates, first without a limit that matters, then at limits around what it used. As root, on a machine that is
 * otherwise idle.
 * usage: npm run bench:record-open -- [OUT.ndjson.gz] [--only PROXY,...] [--window SECONDS]
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { formatDuration } from "../../src/core/domain/format.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { freeCpu, openFile, ratesOf, shares } from "./recording.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, window: { type: "string", default: "8" } },
});
const [out = openFile] = positionals;
const proxies = Object.keys(ratesOf).filter((proxy) => values.only?.split(",").includes(proxy) ?? true);
const dir = mkdtempSync(join(tmpdir(), "bench-open-"));
const files = ["--store", join(dir, "lab.sqlite")];
const fixed = [
  ...["--role", "reverse", "--load", "vegeta", "--limiter", "cgroup", "--concurrency", "64", "--plan", "grid"],
  ...["--replicates", "1", "--anchors", "0", "--window", `${values.window}s`, "--max-window", `${values.window}s`],
];
/** The lab's codes for a sweep that ended, without and with failed trials. */
const ended = [0, 3];
const startedMs = performance.now();
const all = proxies.reduce((sum, proxy) => sum + ratesOf[proxy]!.length * (1 + shares.length), 0);
let done = 0;

/** Runs a sweep of one proxy; resolves with its trials. */
async function sweep(proxy: string, cpus: readonly number[], rates: readonly number[]): Promise<TrialRecord[]> {
  const levels = ["--proxy", proxy, "--cpu", cpus.join(","), "--rate", rates.join(",")];
  const child = spawn("./lab", ["sweep", ...levels, ...fixed, ...files, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  const records: TrialRecord[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.type !== "trial-finished") continue;
    records.push(event.record);
    done++;
    const spentMs = performance.now() - startedMs;
    const left = formatDuration(((all - done) * spentMs) / done / 1000);
    process.stderr.write(`\r${proxy}: ${done} of ${all} trials, ${left} left`.padEnd(80));
  }
  if (!ended.includes((await code) ?? -1)) throw new Error(`${proxy}: the lab ended with ${await code}`);
  return records;
}

for (const proxy of proxies) {
  const free = await sweep(proxy, [freeCpu], ratesOf[proxy]!);
  for (const { point, usage } of free) {
    const use = usage?.cpuAchieved;
    if (use === undefined) throw new Error(`${proxy} at ${point.requestsPerSecond}/s: no use of CPU was measured`);
    const cpus = shares.map((share) => Math.round(1000 * share * use) / 1000).filter((cpu) => cpu < freeCpu);
    await sweep(proxy, cpus, [point.requestsPerSecond!]);
  }
}
execFileSync("./lab", ["bundle", out, ...files, "--note", "recorded for the bench of the throttling twin"], {
  stdio: "inherit",
});
rmSync(dir, { recursive: true });
console.log(`\n${done} trials in ${formatDuration((performance.now() - startedMs) / 1000)}`);
