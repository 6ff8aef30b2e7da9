import { describe, expect, it } from "vitest";
import { select, type Topic, type TrialWish } from "../../../../src/core/answer/learning/selection.ts";
import type { Scenario } from "../../../../src/core/domain/point.ts";
import type { TrialRecord } from "../../../../src/core/domain/record.ts";
import { trialRecord } from "../../../fixtures/records.ts";

const { scenario: usual, environment } = trialRecord();

/** As many trials of a proxy, at as many CPU limits. */
function made(
  count: number,
  point: Partial<TrialRecord["point"]> = {},
  scenario: Partial<Scenario> = {},
  changes: Partial<TrialRecord> = {},
): TrialRecord[] {
  return Array.from({ length: count }, (_, i) =>
    trialRecord({ point: { cpu: (i + 1) / 10, ...point }, scenario: { ...usual, ...scenario }, ...changes }),
  );
}

/** What is chosen of each proxy: the trials that teach, or why there are none. */
function chosen(trials: readonly TrialRecord[], wish: TrialWish = {}, topic: Partial<Topic> = {}) {
  const byProxy = Map.groupBy(trials, ({ point }) => point.proxy);
  return select(byProxy, wish, { targets: ["requestsPerSecond"], levels: {}, ...topic });
}

function of(proxy: string, ...asked: Parameters<typeof chosen>) {
  const found = chosen(...asked).get(proxy);
  if (!found?.ok) throw new Error(`refused: ${found?.refusal.message}`);
  return found;
}

function refusalOf(proxy: string, ...asked: Parameters<typeof chosen>) {
  const found = chosen(...asked).get(proxy)!;
  if (found.ok) throw new Error("not refused");
  return found.refusal;
}

describe("the trials of a question", () => {
  it("are those measured most, and the others are counted by what they differ in, with the options that choose them", () => {
    const stray = made(1, {}, { bodyBytes: 10_240, keepAlive: false }, { startedAt: "2030-01-01" });
    const found = of("haproxy", [...stray, ...made(5), ...made(2, { loadTool: "ab" })]);
    expect(found.teaching).toHaveLength(5);
    expect(found.leftOut).toEqual([
      { trials: 2, differ: { loadTool: "ab" }, flags: ["--load", "ab"] },
      { trials: 1, differ: { bodyBytes: 10_240, keepAlive: false }, flags: ["--body", "10K", "--no-keep-alive"] },
    ]);
  });

  it("are those that can be learned from, where the most are all at one point", () => {
    const alike = Array.from({ length: 9 }, () => made(1, { loadTool: "ab" })).flat();
    expect(of("haproxy", [...alike, ...made(4)]).conditions.loadTool).toBe("wrk");
  });

  it("are those made as wished, and refused with what there is where none is", () => {
    const trials = [...made(5), ...made(3, {}, { bodyBytes: 10_240 })];
    expect(of("haproxy", trials, { bodyBytes: 10_240 }).teaching).toHaveLength(3);
    expect(refusalOf("haproxy", trials, { bodyBytes: 2048 })).toMatchObject({
      code: "other-conditions",
      leftOut: [
        { trials: 5, differ: { bodyBytes: 1024 } },
        { trials: 3, differ: { bodyBytes: 10_240 } },
      ],
    });
    expect(of("haproxy", trials, { loop: "closed" }).teaching).toHaveLength(5);
  });

  it("may be of some sweeps, versions or limiters only", () => {
    const version = (text: string) => ({ environment: { ...environment, versions: { haproxy: text } } });
    const trials = [
      ...made(5, {}, {}, { sweepId: "a", ...version("2.8") }),
      ...made(3, { limiter: "docker" }, {}, { sweepId: "b", ...version("2.8") }),
      ...made(4, {}, {}, { sweepId: "c", ...version("3.0") }),
    ];
    expect(of("haproxy", trials)).toMatchObject({ limiters: ["cgroup", "docker"], leftOut: [{ trials: 4 }] });
    expect(of("haproxy", trials, { sweeps: ["c"] }).leftOut).toEqual([
      { trials: 8, differ: { proxyVersion: "2.8", sweep: "other" }, flags: [] },
    ]);
    expect(of("haproxy", trials, { proxyVersion: "3.0" }).teaching).toHaveLength(4);
    expect(of("haproxy", trials, { limiter: "docker" })).toMatchObject({
      limiters: ["docker"],
      leftOut: [{ trials: 5, differ: { limiter: "cgroup" } }, { trials: 4 }],
    });
  });

  it("have the same options of the proxy, those measured most unless some are asked for", () => {
    const logged = { options: { proxy: { accessLog: true } } };
    const trials = [...made(5), ...made(3, {}, {}, logged), ...made(1, {}, {}, { options: { loadTool: { a: 1 } } })];
    const found = of("haproxy", trials);
    expect(found.teaching).toHaveLength(5);
    expect(found.leftOut).toEqual([
      { trials: 3, differ: { proxyOptions: "accessLog=on" }, flags: ["--proxy-options", "accessLog=on"] },
      { trials: 1, differ: { loadToolOptions: "a=1" }, flags: [] },
    ]);
    expect(of("haproxy", trials, { proxyOptions: "accessLog=on" }).teaching).toHaveLength(3);
    expect(of("haproxy", [...made(2), ...made(3, {}, {}, logged)], { proxyOptions: null }).teaching).toHaveLength(2);
  });

  it("have a memory limit where one is asked for, or most have one", () => {
    const trials = [
      ...made(4),
      ...made(3, { memoryBytes: 2 ** 26 }, { bodyBytes: 10_240 }),
      ...made(3, { memoryBytes: 2 ** 26 }),
    ];
    expect(of("haproxy", trials)).toMatchObject({ limited: false, conditions: { bodyBytes: 1024 } });
    const asked = of("haproxy", trials, {}, { levels: { memoryBytes: 2 ** 26 } });
    expect([asked.limited, asked.teaching.length]).toEqual([true, 3]);
    const wished = of("haproxy", [...trials, ...made(9, { memoryBytes: 2 ** 26 })], { noMemoryLimit: true });
    expect([wished.limited, wished.teaching.length]).toEqual([false, 4]);
  });

  it("are those with the servers asked for, under whatever conditions", () => {
    const trials = [...made(9), ...made(4, { servers: 3 }, { bodyBytes: 10_240 })];
    expect(of("haproxy", trials, {}, { levels: { servers: 3 } }).conditions.bodyBytes).toBe(10_240);
  });
});

describe("the trials of a question about a rate", () => {
  const rates = [500, 2000].flatMap((requestsPerSecond) => made(4, { requestsPerSecond }));
  const trials = [...made(20), ...rates];

  it("are those of open loops at all rates, where a rate is asked for or the question is about such loops", () => {
    expect(of("haproxy", trials)).toMatchObject({ conditions: { loop: "closed" }, leftOut: [{ trials: 8 }] });
    for (const topic of [{ levels: { requestsPerSecond: 1000 } }, { loop: "open" }] as const) {
      const found = of("haproxy", trials, {}, topic);
      expect(found).toMatchObject({
        conditions: { loop: "open" },
        leftOut: [{ trials: 20, differ: { loop: "closed" }, flags: ["--loop", "closed"] }],
      });
      expect(found.teaching).toHaveLength(8);
    }
  });

  it("are those of the loop that is wished for, whatever the question is about", () => {
    expect(of("haproxy", trials, { loop: "closed" }, { loop: "open" }).teaching).toHaveLength(20);
    expect(of("haproxy", trials, { loop: "open" }).teaching).toHaveLength(8);
  });

  it("count as several points at one CPU limit, where their rates differ", () => {
    const [limit] = [0.3];
    const at = [500, 1000, 2000].flatMap((requestsPerSecond) => made(1, { cpu: limit, requestsPerSecond }));
    const other = made(5, { cpu: limit, requestsPerSecond: 500 }, { bodyBytes: 10_240 });
    expect(of("haproxy", [...at, ...other], { loop: "open" }).conditions.bodyBytes).toBe(1024);
  });

  it("are refused where there are none, with those that there are", () => {
    expect(refusalOf("haproxy", made(5), {}, { loop: "open" })).toMatchObject({
      code: "other-conditions",
      leftOut: [{ trials: 5, differ: { loop: "closed" }, flags: ["--loop", "closed"] }],
    });
  });
});

describe("the trials of proxies that are ranked", () => {
  const traefik = { proxy: "traefik" };

  it("are made alike, be it under conditions that a proxy has less of", () => {
    const trials = [...made(9), ...made(4, {}, { bodyBytes: 10_240 }), ...made(6, traefik, { bodyBytes: 10_240 })];
    const found = chosen(trials);
    for (const proxy of ["haproxy", "traefik"])
      expect(found.get(proxy)).toMatchObject({ conditions: { bodyBytes: 10_240 } });
    expect(
      of(
        "haproxy",
        trials.filter(({ point }) => point.proxy === "haproxy"),
      ).conditions.bodyBytes,
    ).toBe(1024);
  });

  it("may have options of their own", () => {
    const logged = made(5, { proxy: "haproxy" }, {}, { options: { proxy: { accessLog: true } } });
    const found = chosen([...logged, ...made(4, { proxy: "traefik" })]);
    expect([...found.values()].map(({ ok }) => ok)).toEqual([true, true]);
  });

  it("are not drawn to where a proxy has a stray one only", () => {
    const trials = [
      ...made(9),
      ...made(1, {}, { bodyBytes: 10_240 }),
      ...made(4, traefik),
      ...made(30, traefik, { bodyBytes: 10_240 }),
    ];
    expect(of("haproxy", trials)).toMatchObject({ conditions: { bodyBytes: 1024 } });
  });

  it("are refused of a proxy that has none made so, with those that it has", () => {
    const version = { environment: { ...environment, versions: { squid: "6.1" } } };
    const squid = made(4, { proxy: "squid", role: "forward" }, {}, version);
    expect(refusalOf("squid", [...made(5), ...made(5, traefik), ...squid])).toMatchObject({
      code: "other-conditions",
      leftOut: [{ trials: 4, differ: { role: "forward" }, flags: ["--role", "forward"] }],
    });
  });
});
