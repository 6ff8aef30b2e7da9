/**
 * How often does a comparison call a difference where there is none, and how often does it find one of a tenth? Sweeps of
 * short trials of three proxies: HAProxy, the same HAProxy under another name, and one made about 10 % slower by rules.
 * Beside it what a careful script would conclude from as many runs of each at each level, one proxy after the other.
 * As root, on a machine that is otherwise idle.
 * usage: npm run bench:aa [-- --sweeps 30 --replicates 12 --rules 8 --script-rounds 10]    an hour and more
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { geometricMean, mean, shareInterval, studentQuantile } from "../src/core/statistics/index.ts";
import { compare } from "../src/core/statistics/trials/compare.ts";
import { sweepRecords } from "./records.ts";

const { values } = parseArgs({
  options: {
    sweeps: { type: "string", default: "30" },
    /** Of each level in a sweep: what runs differ by on the machine decides how many find a tenth. */
    replicates: { type: "string", default: "12" },
    /** Rules that take HAProxy about a tenth more CPU time for each request; what they took is printed. */
    rules: { type: "string", default: "8" },
    "script-rounds": { type: "string", default: "10" },
  },
});
const [sweeps, replicates, rules, scriptRounds] = [
  values.sweeps,
  values.replicates,
  values.rules,
  values["script-rounds"],
].map(Number) as [number, number, number, number];
const cpu = [0.3, 0.5];
const proxies = ["haproxy", "haproxy-same", "haproxy-slower"] as const;

const dir = mkdtempSync(join(tmpdir(), "bench-aa-"));
const slower = Array.from({ length: rules }, (_, rule) => `http-request set-header X-Bench-${rule} %[rand(1000)]`);
writeFileSync(
  join(dir, "plugins.json"),
  JSON.stringify({
    plugins: [
      "builtin:proxies/haproxy",
      { use: "builtin:proxies/haproxy", as: "haproxy-same" },
      { use: "builtin:proxies/haproxy", as: "haproxy-slower", options: { frontend: slower } },
      "builtin:load/wrk",
      "builtin:limiters/cgroup",
    ],
  }),
);

function sweep(levels: readonly number[], times: number, proxy: string): TrialRecord[] {
  const what = ["--proxy", proxy, "--load", "wrk", "--limiter", "cgroup", "--cpu", levels.join(",")];
  const how = ["--window", "1s", "--max-window", "1s", "--warmup", "0.5s", "--replicates", String(times)];
  return sweepRecords([...what, ...how, "--plugins", join(dir, "plugins.json")]);
}

const rate = ({ result }: TrialRecord) => result?.requestsPerSecond;
const setting = ({ point }: TrialRecord) => String(point.cpu);
const of = (records: readonly TrialRecord[], proxy: string) => records.filter(({ point }) => point.proxy === proxy);

/** The habit: mean of the runs at a level, a t-test against those of the other; different if one level says so. */
function scriptDiffers(
  first: readonly TrialRecord[],
  second: readonly TrialRecord[],
): { any: boolean; overall: boolean } {
  const perLevel = cpu.map((level) => {
    const [a, b] = [first, second].map((side) =>
      side.filter(({ point }) => point.cpu === level).map((one) => rate(one)!),
    );
    const error = Math.sqrt((variance(a!) + variance(b!)) / a!.length);
    return Math.abs(mean(a!) - mean(b!)) > studentQuantile(0.95, 2 * a!.length - 2) * error;
  });
  const total = (side: readonly TrialRecord[]) =>
    cpu.map((level) => geometricMean(side.filter(({ point }) => point.cpu === level).map((one) => rate(one)!)));
  const [a, b] = [total(first), total(second)];
  const logs = a.map((value, index) => Math.log(b[index]! / value));
  const overall = Math.abs(mean(logs)) > 0.05;
  return { any: perLevel.some(Boolean), overall };
}

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

const startedMs = Date.now();
const called = { same: 0, slower: 0 };
const slowdowns: number[] = [];
for (let round = 1; round <= sweeps; round++) {
  const records = sweep(cpu, replicates, proxies.join(","));
  const [a, same, slow] = proxies.map((proxy) => of(records, proxy));
  const [alike, apart] = [compare(a!, same!, rate, setting), compare(a!, slow!, rate, setting)];
  if (alike.verdict !== "no difference") called.same++;
  if (apart.verdict === "lower") called.slower++;
  slowdowns.push(apart.ratio!.estimate);
  const left = ((Date.now() - startedMs) / round) * (sweeps - round);
  const width = (alike.ratio!.high / alike.ratio!.low - 1) / 2;
  console.log(
    `sweep ${round}: same ${alike.ratio!.estimate.toFixed(3)} (+-${(100 * width).toFixed(1)} %) ${alike.verdict}; slower ${apart.ratio!.estimate.toFixed(3)} ${apart.verdict}; ${Math.round(left / 60_000)} min left`,
  );
}
const script = { any: 0, overall: 0 };
for (let round = 1; round <= scriptRounds; round++) {
  const [a, same] = [sweep(cpu, replicates, "haproxy"), sweep(cpu, replicates, "haproxy-same")];
  const { any, overall } = scriptDiffers(a, same);
  if (any) script.any++;
  if (overall) script.overall++;
  console.log(`script round ${round}: one level differs ${any}, means over 5 % apart ${overall}`);
}
rmSync(dir, { recursive: true });
const share = (hits: number, of: number) => {
  const { low, high } = shareInterval(hits, of)!;
  return `${hits} of ${of} (${Math.round((100 * hits) / of)} %, 95 % interval ${Math.round(100 * low)} to ${Math.round(100 * high)} %)`;
};
console.log(`\nlab compare, the same proxy twice: called different in ${share(called.same, sweeps)}`);
console.log(
  `lab compare, slower by ${((1 - geometricMean(slowdowns)) * 100).toFixed(1)} %: found in ${share(called.slower, sweeps)}`,
);
if (scriptRounds > 0) {
  console.log(
    `script, the same proxy twice: a t-test differs at one level or more in ${share(script.any, scriptRounds)}`,
  );
  console.log(
    `script, the same proxy twice: means over all levels more than 5 % apart in ${share(script.overall, scriptRounds)}`,
  );
}
