/**
 * What do TLS, HTTP/2 and the access log cost a proxy? CPU time per request, of a page of 1 KiB, as ratios. In each
 * round every way of sending is measured once for all proxies, in random order, by visits of `lab sweep`; a round's two sides
 * are a pair. As root, on a machine that is otherwise idle.
 * usage: npm run bench:costs [-- --rounds 6 --proxies haproxy,nginx --seed 1]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatDuration } from "../src/core/domain/format.ts";
import { isBelieved, type TrialRecord } from "../src/core/domain/record.ts";
import { geometricMean, studentQuantile } from "../src/core/statistics/index.ts";
import { logMean } from "../src/core/statistics/logMean.ts";
import { random, shuffled } from "../src/core/statistics/random.ts";
import { printTable } from "./rounds/report.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "6" },
    proxies: { type: "string", default: "haproxy,nginx,envoy,traefik,caddy" },
    seed: { type: "string", default: "1" },
  },
});
const proxies = values.proxies.split(",");
const rounds = Number(values.rounds);
const draw = random(Number(values.seed));
const confidence = 0.95;

/** Where all is kept, the proxy is to be what holds the rate down; new connections cost the load tool as much as the proxy. */
const kept = ["--load", "wrk", "--cpu", "0.5"];
const byH2load = ["--load", "h2load", "--cpu", "0.5", "--tls"];
const byAutocannon = ["--load", "autocannon", "--cpu", "0.1"];
const apart = [...byAutocannon, "--no-keep-alive"];
const over = (key: string, handshake: string) => [...apart, "--tls", key, "--tls-handshake", handshake];
/** Ways of sending: arguments of `lab sweep`. */
const ways = {
  plain: kept,
  tls: [...kept, "--tls"],
  "access log": [...kept, ...proxies.flatMap((proxy) => ["--option", `${proxy}.accessLog=on`])],
  "http/1.1": byH2load,
  "http/2": [...byH2load, "--http", "2"],
  "kept, by autocannon": byAutocannon,
  "new connections": apart,
  resumed: over("ecdsa", "resumed"),
  "full, ECDSA": over("ecdsa", "full"),
  "full, RSA": over("rsa", "full"),
} as const;
type Way = keyof typeof ways;

/** What is told: one way as a multiple of another. */
const ratios: readonly (readonly [what: string, way: Way, over: Way])[] = [
  ["access log / no log", "access log", "plain"],
  ["TLS / plain HTTP, kept connections", "tls", "plain"],
  ["HTTP/2 / HTTP/1.1, kept TLS connections", "http/2", "http/1.1"],
  ["plain HTTP, a connection a request / kept", "new connections", "kept, by autocannon"],
  ["TLS session resumed / plain HTTP, a connection a request", "resumed", "new connections"],
  ["full handshake, ECDSA P-256 / the same", "full, ECDSA", "new connections"],
  ["full handshake, RSA 2048 / the same", "full, RSA", "new connections"],
];

const dir = mkdtempSync(join(tmpdir(), "bench-costs-"));
const fixed = [
  ...["--proxy", proxies.join(), "--limiter", "cgroup", "--concurrency", "32"],
  ...["--plan", "rounds", "--rounds", "1", "--store", join(dir, "lab.sqlite"), "--json"],
];

interface Measured {
  readonly way: Way;
  readonly round: number;
  readonly trials: readonly TrialRecord[];
}

function measure(way: Way, round: number): Measured {
  const { stdout, stderr } = spawnSync("./lab", ["sweep", ...ways[way], ...fixed], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const events = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  const trials: TrialRecord[] = events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
  if (trials.filter(({ status }) => status === "completed").length < proxies.length)
    throw new Error(`${way}: ${stderr}`);
  return { way, round, trials };
}

/** CPU time of a request in µs, where it is one to believe. */
function costOf({ trials }: Measured, proxy: string): number | undefined {
  const trial = trials.find(({ point }) => point.proxy === proxy);
  return trial && isBelieved(trial) ? trial.usage?.cpuMicrosPerRequest : undefined;
}

const all: Measured[] = [];
const startedMs = performance.now();
const count = rounds * Object.keys(ways).length;
try {
  for (let round = 0; round < rounds; round++) {
    for (const way of shuffled(Object.keys(ways) as Way[], draw)) {
      all.push(measure(way, round));
      const left = ((count - all.length) * (performance.now() - startedMs)) / all.length / 1000;
      process.stderr.write(`\r${all.length} of ${count} sweeps, ${formatDuration(left)} left`.padEnd(60));
    }
  }
} finally {
  rmSync(dir, { recursive: true });
}
process.stderr.write("\n");

const costs = (way: Way, proxy: string) =>
  all.filter((one) => one.way === way).map((one) => ({ round: one.round, cost: costOf(one, proxy) }));

function ratioOf(way: Way, base: Way, proxy: string): string {
  const bases = new Map(costs(base, proxy).map(({ round, cost }) => [round, cost]));
  const samples = costs(way, proxy).flatMap(({ round, cost }) => {
    const other = bases.get(round);
    return cost && other ? [{ setting: proxy, round, log: Math.log(cost / other) }] : [];
  });
  const known = logMean(samples);
  if (!known) return "-";
  const half = studentQuantile(confidence, known.degreesOfFreedom) * Math.sqrt(known.variance);
  const [estimate, low, high] = [0, -half, half].map((shift) => Math.exp(known.mean + shift).toFixed(2));
  return `${estimate} (${low} to ${high})`;
}

function microsOf(way: Way, proxy: string): string {
  const known = costs(way, proxy).flatMap(({ cost }) => cost ?? []);
  return known.length > 0 ? `${geometricMean(known).toFixed(0)} µs` : "-";
}

const [first] = all[0]!.trials;
const { cpuModel, cores, kernel } = first!.environment;
const known = proxies.map((proxy) => {
  const trial = all[0]!.trials.find(({ point }) => point.proxy === proxy);
  return `${proxy} ${trial?.environment.versions[proxy] ?? "of unknown version"}`;
});
console.log(`${first!.startedAt.slice(0, 16)}Z; ${cpuModel}, ${cores} cores, Linux ${kernel}; ${known.join(", ")}`);
console.log(`TLS 1.3; ${rounds} rounds; ${100 * confidence} % intervals`);
printTable({
  columns: [
    { title: "CPU time of a request", align: "left" },
    ...proxies.map((title) => ({ title, align: "right" as const })),
  ],
  rows: [
    ["plain HTTP, kept connections, 0.5 CPU", ...proxies.map((proxy) => microsOf("plain", proxy))],
    ["plain HTTP, a connection a request, 0.1 CPU", ...proxies.map((proxy) => microsOf("new connections", proxy))],
    ...ratios.map(([what, way, base]) => [what, ...proxies.map((proxy) => ratioOf(way, base, proxy))]),
  ],
});
