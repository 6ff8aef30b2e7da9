import { describe, expect, it } from "vitest";
import { FACTORS, factorsIn, findFactor, settingWithout } from "../../../src/core/domain/factors.ts";
import { isOpenLoop } from "../../../src/core/domain/point.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import { tablesFor } from "../../../src/core/domain/tables.ts";
import { correlateTrials } from "../../../src/core/statistics/trials/correlation.ts";
import { trial } from "../../fixtures/madeRecords.ts";
import { trialRecord } from "../../fixtures/records.ts";

const closed = [0.1, 0.2].map((cpu) => trial({ cpu }));
const open = [500, 2000].map((requestsPerSecond) => trial({ requestsPerSecond, rate: requestsPerSecond }));
const names = (records: typeof closed) => factorsIn(records.map(({ point }) => point)).map(({ id }) => id);

describe("the offered rate", () => {
  it("is a factor of trials in an open loop, and of others nothing is said of it", () => {
    expect(names(open)).toContain("rate");
    expect(names([...closed, ...open])).toContain("rate");
    expect(names(closed)).toEqual(FACTORS.map(({ id }) => id).filter((id) => id !== "rate"));
    expect(names([])).not.toContain("rate");
  });

  it("keeps memory among the factors of trials without a limit, which are told to have none", () => {
    const { memoryBytes: _, ...point } = closed[0]!.point;
    expect(factorsIn([point]).map(({ describe }) => describe(point))).toContain("no memory limit");
  });

  it("is called by its number, or a closed loop", () => {
    const { describe, read } = findFactor("rate");
    expect(describe(open[1]!.point)).toBe("2,000 requests/s offered");
    expect(describe(closed[0]!.point)).toBe("closed loop");
    expect([read(open[0]!.point), read(closed[0]!.point)]).toEqual([500, undefined]);
  });

  it("is rounded to three digits where a plan spreads it", () => {
    expect([632.4, 20_000, 0.12345].map(findFactor("rate").quantity.round)).toEqual([632, 20_000, 0.123]);
  });

  it("is correlated where trials have it, and is no variable of others", () => {
    const variables = (records: typeof closed) =>
      correlateTrials(records, 0.95, tablesFor(records)).variables.map(({ name }) => name);
    expect(variables(open)).toContain("rate");
    expect(variables(closed)).not.toContain("rate");
  });

  it("makes the loop an open one, as a share of the capacity does", () => {
    const [one] = closed;
    const shared = { ...one!, scenario: { ...one!.scenario, rate: { shareOfCapacity: 0.7 } } };
    expect([open[0]!, shared, one!].map(isOpenLoop)).toEqual([true, true, false]);
  });
});

describe("what trials must share to be compared", () => {
  const plain = trialRecord();
  const logged = { ...plain, options: { proxy: { accessLog: true } } };
  const driven = { ...plain, options: { loadTool: { a: 1 } } };
  const alike = (one: TrialRecord, other: TrialRecord, ...differ: Parameters<typeof settingWithout>) =>
    settingWithout(...differ)(one) === settingWithout(...differ)(other);

  it("are the options of the plugins, but for those of what the sides differ in", () => {
    expect(alike(plain, logged, "cpu")).toBe(false);
    expect(alike(plain, logged, "proxy")).toBe(true);
    expect(alike(plain, driven, "proxy")).toBe(false);
    expect(alike(plain, driven, "loadTool")).toBe(true);
    expect(alike(logged, driven, "sweep")).toBe(true);
    expect(alike(plain, { ...plain, options: {} }, "cpu")).toBe(true);
  });

  it("are what clients speak, but between sweeps, and the size of bodies always", () => {
    const { scenario } = plain;
    const over = (changes: Partial<TrialRecord["scenario"]>) => ({ ...plain, scenario: { ...scenario, ...changes } });
    const secure = over({ tls: "ecdsa", tlsVersion: "1.3", tlsHandshake: "full", keepAlive: false });
    expect(alike(plain, secure, "cpu")).toBe(false);
    expect(alike(plain, secure, "sweep")).toBe(true);
    expect(alike(plain, over({ bodyBytes: scenario.bodyBytes + 1 }), "sweep")).toBe(false);
  });
});
