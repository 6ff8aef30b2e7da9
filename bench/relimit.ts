/**
 * Does a proxy that runs on under a new CPU limit measure the same as one started for the trial? Pairs of sweeps of
 * HAProxy at the same levels, one of each kind, in turn; the ratio of their rates with its 95 % interval, and the time that
 * a trial took. As root, on a machine that is otherwise idle.
 * usage: npm run bench:relimit [-- PAIRS]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrialRecord } from "../src/core/records/record.ts";
import { geometricMean, mean, median, studentQuantile } from "../src/core/statistics/index.ts";

const pairs = Number(process.argv[2] ?? 8);
const levels = [0.1, 0.3, 0.6];

function sweep(fresh: boolean): TrialRecord[] {
  const dir = mkdtempSync(join(tmpdir(), "bench-relimit-"));
  const what = ["--proxy", "haproxy", "--load", "wrk", "--limiter", "cgroup", "--cpu", levels.join(",")];
  const how = ["--window", "2s", "--max-window", "2s", "--anchors", "0", ...(fresh ? ["--fresh"] : [])];
  const args = ["sweep", ...what, ...how, "--store", join(dir, "lab.sqlite"), "--json"];
  const lines = execFileSync("./lab", args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
  rmSync(dir, { recursive: true });
  const events = lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return events.flatMap((event) => (event.type === "trial-finished" ? [event.record as TrialRecord] : []));
}

const rateAt = (records: readonly TrialRecord[], cpu: number) =>
  records.find(({ point }) => point.cpu === cpu)!.result!.requestsPerSecond;

const logRatios: number[] = [];
const seconds = { live: [] as number[], fresh: [] as number[] };
for (let pair = 1; pair <= pairs; pair++) {
  const order = pair % 2 === 0 ? [true, false] : [false, true];
  const done = new Map(order.map((fresh) => [fresh, sweep(fresh)]));
  const [live, fresh] = [done.get(false)!, done.get(true)!];
  const ratios = levels.map((cpu) => rateAt(live, cpu) / rateAt(fresh, cpu));
  logRatios.push(Math.log(geometricMean(ratios)));
  const beside = ({ timing }: TrialRecord) => timing!.total - (timing!.warmup ?? 0) - (timing!.window ?? 0);
  seconds.live.push(...live.filter(({ freshProcess }) => !freshProcess).map(beside));
  seconds.fresh.push(...fresh.map(beside));
  console.log(
    `pair ${pair}: live / fresh at ${levels.map((cpu, at) => `${cpu} CPU ${ratios[at]!.toFixed(3)}`).join(", ")}`,
  );
}
const centre = mean(logRatios);
const deviation = Math.sqrt(logRatios.reduce((sum, log) => sum + (log - centre) ** 2, 0) / (pairs - 1));
const half = (studentQuantile(0.95, pairs - 1) * deviation) / Math.sqrt(pairs);
const [ratio, low, high] = [centre, centre - half, centre + half].map((log) => Math.exp(log).toFixed(3));
console.log(`live / fresh: ${ratio} (${low} to ${high})`);
const ms = (values: readonly number[]) => `${Math.round(1000 * median(values))} ms`;
console.log(`a trial without its warm-up and window, median: live ${ms(seconds.live)}, fresh ${ms(seconds.fresh)}`);
