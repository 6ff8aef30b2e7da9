/**
 * Does the lab measure what the same tool measures by hand? HAProxy at 0.3 CPU under wrk, in interleaved pairs: one run of
 * `./lab run`, one of bench/by-hand.sh. Prints each pair and the median of the ratios. As root, on an idle machine.
 * usage: npm run bench:fidelity [-- PAIRS [SECONDS]]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../src/core/statistics/index.ts";

const [pairs, seconds] = [process.argv[2] ?? "7", process.argv[3] ?? "10"].map(Number) as [number, number];
const cpu = "0.3";
const memoryBytes = String(256 * 2 ** 20);
const store = mkdtempSync(join(tmpdir(), "fidelity-"));

function byLab(): number {
  const point = ["--proxy", "haproxy", "--load", "wrk", "--limiter", "cgroup", "--cpu", cpu, "--memory", memoryBytes];
  const args = ["run", ...point, "--window", `${seconds}s`, "--store", join(store, "lab.sqlite"), "--json"];
  const lines = execFileSync("./lab", args, { encoding: "utf8" }).trim().split("\n");
  const finished = lines.map((line) => JSON.parse(line)).find(({ type }) => type === "trial-finished");
  return finished.record.result.requestsPerSecond;
}

function byHand(): number {
  return Number(
    execFileSync("bench/by-hand.sh", [cpu, memoryBytes, String(seconds)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
}

const ratios: number[] = [];
for (let pair = 0; pair < pairs; pair++) {
  // The order changes from pair to pair, so that a machine that drifts favours neither.
  const labFirst = pair % 2 === 0;
  const before = labFirst ? byLab() : byHand();
  const after = labFirst ? byHand() : byLab();
  const [lab, hand] = labFirst ? [before, after] : [after, before];
  ratios.push(lab / hand);
  console.log(
    `pair ${pair + 1}: lab ${lab.toFixed(0)}/s, by hand ${hand.toFixed(0)}/s, ratio ${(lab / hand).toFixed(3)}`,
  );
}
rmSync(store, { recursive: true });
console.log(`median ratio lab / by hand: ${median(ratios).toFixed(3)} over ${pairs} pairs of ${seconds} s`);
