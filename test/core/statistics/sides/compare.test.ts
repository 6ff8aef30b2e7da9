import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../../src/core/domain/record.ts";
import { normalQuantile } from "../../../../src/core/statistics/index.ts";
import { random } from "../../../../src/core/statistics/random.ts";
import { type Comparison, compare } from "../../../../src/core/statistics/sides/compare.ts";
import { driftOf } from "../../../../src/core/statistics/trials/drift.ts";
import { intervalOf, spreadOf } from "../../../../src/core/statistics/trials/repeated.ts";
import { trialRecord } from "../../../fixtures/records.ts";

const rate = ({ result }: TrialRecord) => result?.requestsPerSecond;
const setting = ({ point }: TrialRecord) => String(point.cpu);

function trial(proxy: string, cpu: number, requestsPerSecond: number, changes: Partial<TrialRecord> = {}): TrialRecord {
  const base = trialRecord({ point: { proxy, cpu }, ...changes });
  return { ...base, result: { ...base.result!, requestsPerSecond } };
}

const shown = ({ verdict }: Comparison) => verdict === "higher" || verdict === "lower";

describe("a comparison", () => {
  const levels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
  const draw = random(11);
  const noise = (share: number) => Math.exp(share * normalQuantile(Math.max(1e-9, draw())));
  const side = (proxy: string, factor: number, share: number) =>
    levels.map((cpu) => trial(proxy, cpu, 10_000 * cpu * factor * noise(share)));

  it("finds a proxy that is a tenth slower", () => {
    const found = compare(side("a", 1, 0.02), side("b", 0.9, 0.02), rate, setting);
    expect(found).toMatchObject({ verdict: "lower", pairs: 8, apart: false });
    expect(found.ratio!.estimate).toBeCloseTo(0.9, 1);
  });

  it("calls a difference between equals about as often as its confidence allows", () => {
    let called = 0;
    for (let run = 0; run < 400; run++) {
      if (shown(compare(side("a", 1, 0.05), side("b", 1, 0.05), rate, setting))) called++;
    }
    expect(called / 400).toBeGreaterThan(0.02);
    expect(called / 400).toBeLessThan(0.08);
  });

  it("pairs runs of the same replicate, so that what both suffer cancels out", () => {
    const replicates = [0, 1, 2].map((replicate) => ({ replicate, machine: 1 + 0.3 * replicate }));
    const runs = (proxy: string, factor: number) =>
      replicates.flatMap(({ replicate, machine }) =>
        levels.slice(0, 2).map((cpu) => trial(proxy, cpu, 1000 * factor * machine * noise(0.005), { replicate })),
      );
    expect(compare(runs("a", 1), runs("b", 1.05), rate, setting)).toMatchObject({ verdict: "higher", pairs: 6 });
  });

  it("of two sweeps is wider by what runs differ by within them", () => {
    const sweep = (sweepId: string, factor: number) =>
      [0, 1].flatMap((replicate) =>
        levels.map((cpu) => trial("a", cpu, 1000 * cpu * factor * (1 + 0.1 * replicate), { sweepId, replicate })),
      );
    const within = compare(sweep("s", 1), sweep("s", 1.05), rate, setting);
    const apart = compare(sweep("s", 1), sweep("t", 1.05), rate, setting);
    expect(within.verdict).toBe("higher");
    expect(apart).toMatchObject({ verdict: "unstable", apart: true });
  });

  it("of two sweeps is left open where one does not tell what runs differ by within it", () => {
    const once = (sweepId: string) => levels.map((cpu) => trial("a", cpu, 1000 * cpu, { sweepId }));
    const twice = (sweepId: string) => [...once(sweepId), ...once(sweepId).map((one) => ({ ...one, replicate: 1 }))];
    for (const [first, second] of [
      [once("s"), once("t")],
      [once("s"), twice("t")],
      [twice("s"), once("t")],
    ] as const) {
      const found = compare(first, second, rate, setting);
      expect(found).toMatchObject({ verdict: "too few", pairs: 8, apart: true });
      expect(found).not.toHaveProperty("ratio");
    }
    expect(compare(twice("s"), twice("t"), rate, setting).ratio).toBeDefined();
  });

  it("looks only at settings that both have, and says so when they are too few", () => {
    const found = compare([trial("a", 0.1, 5), trial("a", 0.2, 5)], [trial("b", 0.2, 10)], rate, setting);
    expect(found).toMatchObject({ verdict: "too few", pairs: 1, pairings: [{ ratio: expect.closeTo(2, 9) }] });
    expect(found.ratio).toBeUndefined();
  });

  it("tells of options that the sides do not have in common", () => {
    const logged = { options: { proxy: { accessLog: true } } };
    const sideWith = (proxy: string, changes: Partial<TrialRecord> = {}) => [
      trial(proxy, 0.1, 5, changes),
      trial(proxy, 0.2, 9, changes),
    ];
    const differ = (...sides: [TrialRecord[], TrialRecord[]]) => compare(...sides, rate, setting).options.differ;
    expect(differ(sideWith("a"), sideWith("a", logged))).toEqual([
      { what: "a", first: ["none"], second: ["accessLog=on"] },
    ]);
    expect(differ(sideWith("a", logged), sideWith("b", logged))).toEqual([]);
  });

  it("tells what clients of the sides spoke otherwise", () => {
    const { scenario } = trialRecord();
    const sideOver = (spoken: Partial<TrialRecord["scenario"]>) =>
      [0.1, 0.2].map((cpu) => trial("a", cpu, 5, { scenario: { ...scenario, ...spoken } }));
    const found = compare(sideOver({}), sideOver({ tls: "rsa", tlsVersion: "1.3", http: "2" }), rate, setting);
    expect(found.protocols.differ).toEqual([
      { what: "HTTP", first: ["1.1"], second: ["2"] },
      { what: "TLS", first: ["none"], second: ["1.3"] },
      { what: "key", first: ["none"], second: ["rsa"] },
    ]);
  });

  it("the other way round is the inverse", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1 }), fc.integer({ min: 1 })), { minLength: 2 }), (pairs) => {
        const [first, second] = [0, 1].map((which) => pairs.map((pair, cpu) => trial("x", cpu, pair[which]!)));
        const [there, back] = [compare(first!, second!, rate, setting), compare(second!, first!, rate, setting)];
        expect(there.ratio!.estimate * back.ratio!.estimate).toBeCloseTo(1, 6);
      }),
    );
  });
});

describe("runs of one configuration", () => {
  const repeated = [9_000, 10_000, 11_000].map((value, replicate) => trial("a", 0.3, value, { replicate }));

  it("tell how much runs differ, for all configurations of the sweep", () => {
    const spread = spreadOf([...repeated, trial("a", 0.5, 20_000)], rate)!;
    expect(spread.degreesOfFreedom).toBe(2);
    expect(spread.logDeviation).toBeCloseTo(0.1, 2);
    expect(intervalOf([20_000], spread)).toMatchObject({ estimate: expect.closeTo(20_000, 3), confidence: 0.95 });
  });

  it("tell nothing where too few were repeated", () => {
    expect(spreadOf(repeated.slice(0, 2), rate)).toBeUndefined();
    expect(driftOf(repeated.slice(0, 1), rate)).toBeUndefined();
  });

  it("show by how much the machine drifted", () => {
    expect(driftOf(repeated, rate)).toMatchObject({
      figures: [9_000, 10_000, 11_000],
      range: expect.closeTo(0.222, 3),
    });
  });

  it("are not mixed with those of another scenario", () => {
    const other = repeated.map((one) => ({ ...one, scenario: { ...one.scenario, keepAlive: one.replicate > 0 } }));
    expect(spreadOf(other, rate)).toBeUndefined();
  });
});

describe("a comparison of rounds", () => {
  const draw = random(14);
  const noise = () => Math.exp(0.08 * normalQuantile(Math.max(1e-9, draw())));

  /** Visits of a proxy at two levels; rounds begin a minute after each other. */
  function visits(proxy: string, rounds: number, factor: number, { sweepId = "s", startMinute = 0 } = {}) {
    return Array.from({ length: rounds }, (_, replicate) =>
      [0.3, 0.5].map((cpu) =>
        trial(proxy, cpu, 30_000 * cpu * factor * noise(), {
          replicate,
          sweepId,
          startedAt: new Date(Date.UTC(2026, 10, 30, 12, startMinute + replicate)).toISOString(),
          scenario: { ...trialRecord().scenario, method: "visit" },
          timing: { total: 1.1 },
        }),
      ),
    ).flat();
  }

  const between = (rounds: number, factor: number) =>
    compare(visits("a", rounds, 1), visits("b", rounds, factor), rate, setting);

  it("calls no more than 8 % of equals different, and the others equal, where four minutes are enough", () => {
    const verdicts = Array.from({ length: 300 }, () => between(54, 1).verdict);
    const share = (verdict: string) => verdicts.filter((one) => one === verdict).length / verdicts.length;
    expect(share("higher") + share("lower")).toBeLessThan(0.08);
    expect(share("no difference")).toBeGreaterThan(0.9);
  });

  it("finds 5 % within four minutes and 10 % within two", () => {
    const found = (rounds: number, factor: number) =>
      Array.from({ length: 100 }, () => between(rounds, factor).verdict).filter((one) => one === "lower").length / 100;
    expect(found(54, 0.95)).toBeGreaterThan(0.8);
    expect(found(27, 0.9)).toBeGreaterThan(0.95);
  });

  it("is unstable where too little was measured to tell, and says what would be enough", () => {
    const found = Array.from({ length: 50 }, () => between(6, 1)).find(({ verdict }) => verdict === "unstable")!;
    const { runs, seconds } = found.needs!;
    expect(runs).toBeGreaterThan(6);
    expect(seconds).toBeCloseTo(4 * 1.1 * runs, 6);
    const verdicts = Array.from({ length: 50 }, () => between(Math.max(40, runs), 1).verdict);
    expect(verdicts.filter((verdict) => verdict === "unstable").length).toBeLessThan(15);
  });

  it("knows a difference that matters from one that does not", () => {
    const [first, second] = [visits("a", 8, 1), visits("b", 8, 1)];
    expect(compare(first, second, rate, setting, { matters: 0.5 }).verdict).toBe("no difference");
    expect(compare(first, second, rate, setting, { matters: 0.001 }).verdict).toBe("unstable");
  });

  it("takes sides of one sweep to be apart where one was visited after the other", () => {
    const first = visits("a", 8, 1);
    expect(compare(first, visits("b", 8, 1), rate, setting).apart).toBe(false);
    const later = compare(first, visits("b", 8, 1, { startMinute: 20 }), rate, setting);
    expect(later.apart).toBe(true);
    expect(later).not.toHaveProperty("needs");
  });

  it("of two sweeps takes each to be off by as much as a round", () => {
    const width = ({ ratio }: Comparison) => Math.log(ratio!.high / ratio!.low) / 2;
    const other = compare(visits("a", 40, 1), visits("a", 40, 1, { sweepId: "t" }), rate, setting);
    // Two visits a round: 0.08 / sqrt(2) for each side.
    expect(width(other)).toBeGreaterThan(0.12);
    expect(width(other)).toBeLessThan(0.22);
  });

  it("tells of machines and versions that are not the same", () => {
    const base = trialRecord().environment;
    const [first, second] = [
      base,
      { ...base, kernel: "6.8", cores: 4, container: { cpu: 1.5 }, versions: { a: "2" } },
    ].map((environment) => visits("a", 6, 1).map((record) => ({ ...record, environment })));
    const { machines, versions } = compare(first!, second!, rate, setting);
    expect(machines.differ).toEqual([
      { what: "cores", first: ["2"], second: ["4"] },
      { what: "kernel", first: ["6.1"], second: ["6.8"] },
      { what: "CPU of the container", first: ["none"], second: ["1.50"] },
    ]);
    expect(versions.differ).toEqual([{ what: "a", first: ["none"], second: ["2"] }]);
    expect(compare(first!, first!, rate, setting).machines.differ).toEqual([]);
  });
});
