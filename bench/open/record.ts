/**
 * Records in one sitting, by the lab's own command, what bench:twin judges by, and writes it as a bundle: for each proxy open
 * loops at three rates, first without a limit that matters, then twice at limits around what it used, and without one. As root, on a machine that is
 * otherwise idle.
 * usage: npm run bench:record-open -- [OUT.ndjson.gz] [--only PROXY,...]
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { formatDuration } from "../../src/core/domain/format.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { freeCpu, openFile, ratesOf, replicates, shares, windowSeconds } from "./recording.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" } },
});
const [out = openFile] = positionals;
const proxies = Object.keys(ratesOf).filter((proxy) => values.only?.split(",").includes(proxy) ?? true);
const dir = mkdtempSync(join(tmpdir(), "bench-open-"));
const files = ["--store", join(dir, "lab.sqlite")];
const fixed = [
  ...["--role", "reverse", "--load", "vegeta", "--limiter", "cgroup", "--concurrency", "64", "--plan", "grid"],
  ...["--anchors", "0"],
];
/** The lab's codes for a sweep that ended, without and with failed trials. */
const ended = [0, 3];
const startedMs = performance.now();
const all = proxies.reduce((sum, proxy) => sum + ratesOf[proxy]!.length * (1 + replicates * (1 + shares.length)), 0);
let done = 0;

/** Runs a sweep of one proxy; resolves with its trials. */
async function sweep(proxy: string, cpus: readonly number[], rate: number, times = 1): Promise<TrialRecord[]> {
  const window = `${windowSeconds(rate)}s`;
  const levels = ["--proxy", proxy, "--cpu", cpus.join(","), "--rate", String(rate), "--replicates", String(times)];
  const args = ["sweep", ...levels, ...fixed, "--window", window, "--max-window", window, ...files, "--json"];
  const child = spawn("./lab", args, { stdio: ["ignore", "pipe", "inherit"] });
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
  for (const rate of ratesOf[proxy]!) {
    const [free] = await sweep(proxy, [freeCpu], rate);
    const use = free?.usage?.cpuAchieved;
    if (use === undefined) throw new Error(`${proxy} at ${rate}/s: no use of CPU was measured`);
    const cpus = shares.map((share) => Math.round(1000 * share * use) / 1000).filter((cpu) => cpu < freeCpu);
    await sweep(proxy, [...cpus, freeCpu], rate, replicates);
  }
}
execFileSync("./lab", ["bundle", out, ...files, "--note", "recorded for the bench of the throttling twin"], {
  stdio: "inherit",
});
rmSync(dir, { recursive: true });
console.log(`\n${done} trials in ${formatDuration((performance.now() - startedMs) / 1000)}`);
