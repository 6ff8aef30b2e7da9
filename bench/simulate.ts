/**
 * Writes a made-up recording for the benches that judge by a long one: four proxies under cgroup and docker, and HAProxy
 * beside itself and two slower ones.
 * usage: npm run bench:simulate -- OUT.ndjson.gz [SEED]
 */
import { writeFileSync } from "node:fs";
import { defaultSpec } from "../src/core/experiment/defaults.ts";
import { packBundle } from "../src/core/store/bundle.ts";
import { BUNDLE_FORMAT, BUNDLE_VERSION, type Bundle } from "../src/core/store/bundleSchema.ts";
import { sides } from "./rounds/recording.ts";
import { type SimulatedSweep, simulatedVisits } from "./rounds/simulate.ts";

const [out = "simulated.ndjson.gz", seed = "1"] = process.argv.slice(2);
const perCpuSecond = { haproxy: 30_000, traefik: 7_000, squid: 12_000, mitmproxy: 400 };

const levels = (lowest: number, count: number) =>
  Array.from({ length: count }, (_, at) => Number((lowest * (0.9 / lowest) ** (at / (count - 1))).toPrecision(3)));
const curves = Object.entries(perCpuSecond).flatMap(([proxy, rate]): SimulatedSweep[] =>
  [
    { limiter: "cgroup", count: 10, rounds: 26 },
    { limiter: "docker", count: 5, rounds: 13 },
  ].map(({ limiter, count, rounds }) => ({
    id: `${proxy}-${limiter}`,
    limiter,
    cpu: levels(proxy === "mitmproxy" ? 0.13 : 0.05, count),
    rounds,
    proxies: { [proxy]: rate },
  })),
);
const speeds = { [sides.first]: 1, [sides.same]: 1, [sides.slower5]: 0.95, [sides.slower10]: 0.9 };
const proxies = Object.fromEntries(Object.entries(speeds).map(([id, speed]) => [id, perCpuSecond.haproxy * speed]));
const all = [...curves, { id: "pairs", cpu: [0.3, 0.5], rounds: 110, proxies }];

const createdAt = new Date().toISOString();
const header: Bundle["header"] = {
  format: BUNDLE_FORMAT,
  version: BUNDLE_VERSION,
  createdAt,
  labVersion: "simulated",
  plugins: [],
};
const trials = all.flatMap((sweep, at) => simulatedVisits({ ...sweep, seed: Number(seed) * 100 + at }));
const sweeps = all.map(({ id, cpu, proxies: of }) => ({
  id,
  createdAt,
  status: "finished" as const,
  spec: { ...defaultSpec, proxies: Object.keys(of), cpu, seed: 1 },
}));
writeFileSync(out, packBundle({ header, sweeps, trials }));
console.log(`${trials.length} visits in ${out}`);
