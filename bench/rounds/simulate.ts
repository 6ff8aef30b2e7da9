/**
 * A recording as bench/rounds/record.ts makes it, but of a made-up machine whose truth is known: what the benches find in it
 * says whether they can be believed. Visits differ as was measured on a shared machine: see `usualNoise`.
 */
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { defaultSpec } from "../../src/core/experiment/defaults.ts";
import { normalQuantile, random, shuffled } from "../../src/core/statistics/index.ts";

/** Standard deviations of logarithms. */
export interface Noise {
  /** Of how fast the machine is, from visit to visit. */
  readonly machine: number;
  /** Of how fast it is, over minutes. */
  readonly drift: number;
  /** By how much the time of a request follows that of the probe: d log / d log. */
  readonly slope: number;
  /** Of what the probe does not see. */
  readonly rest: number;
  /** Of the probe's own reading. */
  readonly probe: number;
}

export const usualNoise: Noise = { machine: 0.1, drift: 0.02, slope: 1.5, rest: 0.075, probe: 0.02 };

/** What is visited: every proxy at every level in each round. */
export interface SimulatedSweep {
  readonly id: string;
  readonly limiter?: string;
  readonly cpu: readonly number[];
  readonly rounds: number;
  /** Requests by CPU second of each proxy, at the reference speed and a limit of one core. */
  readonly proxies: Readonly<Record<string, number>>;
  readonly noise?: Noise;
  readonly seed?: number;
}

const [windowSeconds, visitSeconds, probeMicros] = [0.7, 1.05, 400];
/** The noise of neighbouring visits is nearly its own; drift forgets itself over about a hundred. */
const [fastMemory, driftMemory] = [0.17, 0.99];
const start = Date.parse("2026-12-01T10:00:00.000Z");

/** The true rate of a simulated proxy: a request costs a little more under a small limit. */
export function simulatedRate(perCpuSecond: number, cpu: number): number {
  return perCpuSecond * cpu * (1 - 0.01 / (cpu + 0.02));
}

/** The visits in order of time. */
export function simulatedVisits({ noise = usualNoise, seed = 1, ...sweep }: SimulatedSweep): TrialRecord[] {
  const draw = random(seed);
  const [fast, drift] = [wandering(noise.machine, fastMemory, draw), wandering(noise.drift, driftMemory, draw)];
  const points = Object.keys(sweep.proxies).flatMap((proxy) => sweep.cpu.map((cpu) => ({ proxy, cpu })));
  const visits = Array.from({ length: sweep.rounds }, (_, replicate) =>
    shuffled(points, draw).map((point) => ({ ...point, replicate })),
  );
  return visits.flat().map(({ proxy, cpu, replicate }, sequence) => {
    const machine = fast() + drift();
    const cost = noise.slope * machine + noise.rest * normal(draw);
    // A window may open and close anywhere in a period of the quota.
    const cpuSeconds = cpu * windowSeconds * (1 + 0.02 * normal(draw));
    const expected = simulatedRate(sweep.proxies[proxy]!, cpu) * Math.exp(-cost) * (cpuSeconds / cpu);
    // As many requests as it holds by chance.
    const served = Math.max(1, Math.round(expected + Math.sqrt(expected) * normal(draw) * 0.5));
    const probe = probeMicros * Math.exp(machine + noise.probe * normal(draw));
    return recordOf(sweep, { proxy, cpu, replicate, sequence, served, probe, cpuSeconds });
  });
}

interface Visit {
  readonly proxy: string;
  readonly cpu: number;
  readonly replicate: number;
  readonly sequence: number;
  readonly served: number;
  readonly probe: number;
  readonly cpuSeconds: number;
}

function recordOf({ id, limiter = "cgroup" }: SimulatedSweep, visit: Visit): TrialRecord {
  const { proxy, cpu, replicate, sequence, served, probe, cpuSeconds } = visit;
  const rate = served / windowSeconds;
  return {
    schemaVersion: 1,
    id: `${id}.${sequence}`,
    sweepId: id,
    sequence,
    replicate,
    status: "completed",
    startedAt: new Date(start + sequence * visitSeconds * 1000).toISOString(),
    timing: { total: visitSeconds, limit: 0.01, warmup: 0.2, window: windowSeconds },
    point: { proxy, cpu, limiter, loadTool: "wrk", role: "reverse", servers: 1, concurrency: 32 },
    scenario: defaultSpec.scenario,
    result: {
      requestsPerSecond: rate,
      completedRequests: served,
      failedRequests: 0,
      failures: {},
      durationSeconds: windowSeconds,
      latencyMs: { mean: (1000 * 32) / rate },
      latencyKind: "service",
      loop: "closed",
      countedBy: "origins",
    },
    usage: { ...cpuUse(cpuSeconds, served), throttledShare: 0.99, otherCpu: 0.05 },
    speed: { samples: 35, probeMicros: probe, logDeviation: 0.1, probeCpu: 0.02 },
    verdict: { bound: "proxy-bound", evidence: "simulated" },
    deviations: [],
    freshProcess: sequence === 0,
    environment: {
      labVersion: "simulated",
      node: process.versions.node,
      platform: "none",
      kernel: "none",
      cpuModel: "a simulated machine",
      cores: 2,
      memoryBytes: 2 ** 33,
      versions: { [proxy]: "simulated" },
    },
  };
}

function cpuUse(cpuSeconds: number, served: number) {
  return { cpuSeconds, cpuAchieved: cpuSeconds / windowSeconds, cpuMicrosPerRequest: (1e6 * cpuSeconds) / served };
}

function normal(draw: () => number): number {
  return normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, draw())));
}

/** Numbers around 0 of a standard deviation, each of which resembles the one before. */
function wandering(deviation: number, memory: number, draw: () => number): () => number {
  let now = deviation * normal(draw);
  return () => {
    now = memory * now + deviation * Math.sqrt(1 - memory ** 2) * normal(draw);
    return now;
  };
}
