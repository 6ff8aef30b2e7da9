import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Point } from "../../../src/core/domain/point.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { defaultSpec } from "../../../src/core/experiment/defaults.ts";
import { RoundsQueue } from "../../../src/core/plan/rounds.ts";
import { random } from "../../../src/core/statistics/random.ts";
import { trialRecord } from "../../fixtures/records.ts";

const specOf = (changes: Partial<SweepSpec> = {}): SweepSpec => ({
  ...defaultSpec,
  proxies: ["haproxy"],
  cpu: [0.1, 0.2, 0.4, 0.8],
  seed: 1,
  ...changes,
});

/** A visit whose rate is off by what `noise` says. */
function visit(point: Point, sequence: number, noise: number, changes: Partial<TrialRecord> = {}): TrialRecord {
  const requestsPerSecond = 20_000 * point.cpu * Math.exp(noise);
  const result = { ...trialRecord().result!, requestsPerSecond };
  return trialRecord({ id: `s.${sequence}`, sequence, point, result, scenario: defaultSpec.scenario, ...changes });
}

type Answer = (point: Point, sequence: number) => TrialRecord;

/** Runs a queue to its end, or so many visits. */
function run(spec: SweepSpec, answer: Answer, earlier: readonly TrialRecord[] = [], most = 2_000) {
  const queue = new RoundsQueue(spec, earlier);
  const records = [...earlier];
  const rounds: number[] = [];
  while (records.length < most) {
    const trial = queue.next(records);
    if (!trial) break;
    expect(trial.sequence).toBe(records.length);
    records.push({ ...answer(trial.point, trial.sequence), replicate: trial.replicate });
    const round = queue.round(records);
    if (round) rounds.push(round.round);
  }
  return { records, rounds, queue };
}

const noisy = (deviation: number, seed = 3): Answer => {
  const draw = random(seed);
  return (point, sequence) => visit(point, sequence, deviation * (draw() + draw() + draw() - 1.5) * 2);
};
const levelsOf = (records: readonly TrialRecord[]) => records.map(({ point }) => point.cpu);

describe("a plan of rounds", () => {
  it("visits every level once in each round, in an order by chance", () => {
    const { records, rounds } = run(specOf({ rounds: 6 }), noisy(0.1));
    const orders = Array.from({ length: 6 }, (_, round) => levelsOf(records.slice(4 * round, 4 * round + 4)));
    for (const order of orders) expect(order.toSorted()).toEqual([0.1, 0.2, 0.4, 0.8]);
    expect(new Set(orders.map(String)).size).toBeGreaterThan(2);
    expect(records.map(({ replicate }) => replicate)).toEqual(
      [0, 1, 2, 3, 4, 5].flatMap((round) => Array(4).fill(round)),
    );
    expect(rounds).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("lets proxies take turns at a level", () => {
    const { records } = run(specOf({ proxies: ["haproxy", "squid"], rounds: 3 }), noisy(0.1));
    for (let index = 0; index < records.length; index += 2) {
      const [one, other] = [records[index]!, records[index + 1]!];
      expect(one.point.cpu).toBe(other.point.cpu);
      expect(one.point.proxy).not.toBe(other.point.proxy);
    }
  });

  it("goes on until the bands are narrow enough, the longer the more visits differ", () => {
    const [calm, wild] = [0.02, 0.12].map((deviation) => run(specOf({ precision: 0.05 }), noisy(deviation)).records);
    expect(calm!.length).toBeLessThan(wild!.length);
    expect(wild!.length).toBeLessThan(4 * 40);
  });

  it("comes to an end where the precision is out of reach", () => {
    expect(run(specOf({ precision: 0.001, cpu: [0.1, 0.2] }), noisy(0.3)).records).toHaveLength(2 * 40);
  });

  it("leaves alone what the load tool holds down, after some visits", () => {
    const draw = random(5);
    const answer: Answer = (point, sequence) =>
      point.cpu === 0.8
        ? visit(point, sequence, 2 * draw(), { verdict: { bound: "client-bound", evidence: "" } })
        : visit(point, sequence, 0.03 * draw());
    const { records } = run(specOf({ precision: 0.05 }), answer);
    expect(levelsOf(records).filter((cpu) => cpu === 0.8).length).toBeLessThanOrEqual(4);
  });

  it("gives up a configuration that fails", () => {
    const answer: Answer = (point, sequence) =>
      point.cpu === 0.1
        ? ({ ...visit(point, sequence, 0), status: "failed", result: undefined } as unknown as TrialRecord)
        : visit(point, sequence, 0);
    const { records } = run(specOf({ rounds: 5 }), answer);
    expect(levelsOf(records).filter((cpu) => cpu === 0.1)).toHaveLength(2);
    expect(records).toHaveLength(2 + 3 * 5);
  });

  it("measures what cannot run side by side batch by batch", () => {
    const spec = specOf({ proxies: ["a", "b", "c"], memoryBytes: [2 ** 26, 2 ** 27], cpu: [0.1, 0.2], rounds: 2 });
    const { records } = run(spec, noisy(0.1));
    expect(records).toHaveLength(3 * 2 * 2 * 2);
    const memory = records.map(({ point }) => point.memoryBytes);
    expect(new Set(memory.slice(0, 12)).size).toBe(1);
    expect(new Set(memory.slice(12)).size).toBe(1);
  });

  it("measures in turns whatever can run side by side", () => {
    const spec = specOf({ memoryBytes: [2 ** 26, 2 ** 27, 2 ** 28], cpu: [0.1, 0.2], rounds: 2 });
    const { records, rounds } = run(spec, noisy(0.1));
    for (const round of [records.slice(0, 6), records.slice(6)])
      expect(new Set(round.map(({ point }) => point.memoryBytes)).size).toBe(3);
    expect(rounds).toEqual([1, 2]);
  });

  it("goes on after an interruption as if there had been none", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 99 }), (stop, seed) => {
        const spec = specOf({ seed, precision: 0.08 });
        // The same noise at the same place, however often it is asked for.
        const answer: Answer = (point, sequence) => visit(point, sequence, 0.1 * (random(seed + sequence)() - 0.5));
        const whole = run(spec, answer).records;
        const resumed = run(spec, answer, whole.slice(0, stop)).records;
        // Which levels are precise is judged anew where it goes on: a round may be left out or added for some.
        const whereItStopped = whole.slice(0, stop);
        expect(resumed.slice(0, whereItStopped.length)).toEqual(whereItStopped);
        expect(Math.abs(resumed.length - whole.length)).toBeLessThanOrEqual(2 * spec.cpu.length);
      }),
      { numRuns: 30 },
    );
  });

  it("counts down the visits that are left", () => {
    const queue = new RoundsQueue(specOf({ rounds: 2 }), []);
    const records: TrialRecord[] = [];
    expect(queue.remaining()).toEqual({ trials: 8, starts: 2 });
    for (let left = 7; left >= 0; left--) {
      const { point, sequence } = queue.next(records)!;
      expect(queue.remaining()).toEqual({ trials: left, starts: left >= 4 ? 1 : 0 });
      records.push(visit(point, sequence, 0));
    }
    expect(queue.next(records)).toBeUndefined();
  });
});
