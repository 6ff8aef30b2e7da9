import { describe, expect, it } from "vitest";
import { drawTable } from "../../../src/core/cells/table.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import { gridScenario } from "../../../src/core/experiment/defaults.ts";
import { speedCorrected } from "../../../src/core/statistics/trials/speeds.ts";
import { seriesQuery, trialSeries, usualAxes } from "../../../src/core/views/series.ts";
import { trialChart } from "../../../src/core/views/trialChart.ts";
import { trialTable } from "../../../src/core/views/trialTable.ts";
import { offered as offeredRates, trial } from "../../fixtures/madeRecords.ts";
import { unprobed, visits } from "../../fixtures/visits.ts";

const BY_CPU = { x: "cpu", y: "requestsPerSecond", by: ["proxy"] } as const;

describe("trialSeries", () => {
  it("makes one series per combination of the factors it splits by, in the order of their levels", () => {
    const records = [
      trial({ proxy: "traefik", servers: 3 }),
      trial({ proxy: "haproxy", servers: 10 }),
      trial({ proxy: "haproxy", servers: 3 }),
      trial({ proxy: "traefik", servers: 1 }),
    ];
    const names = trialSeries(records, { ...BY_CPU, by: ["proxy", "servers"] }).map(({ name }) => name);
    expect(names).toEqual(["haproxy, 3 servers", "haproxy, 10 servers", "traefik, 1 server", "traefik, 3 servers"]);
    expect(trialSeries(records, { ...BY_CPU, by: [] }).map(({ name }) => name)).toEqual(["all trials"]);
  });

  it("puts points in the order of x", () => {
    const [series] = trialSeries([trial({ cpu: 0.5 }), trial({ cpu: 0.1 }), trial({ cpu: 0.3 })], BY_CPU);
    expect(series?.points.map(({ x }) => x)).toEqual([0.1, 0.3, 0.5]);
  });

  it("averages replicates of a rate by the geometric mean and tells their range", () => {
    const [series] = trialSeries([trial({ rate: 100 }), trial({ rate: 400 })], BY_CPU);
    expect(series?.points[0]).toEqual({ x: 0.3, y: expect.closeTo(200, 9), low: 100, high: 400 });
  });

  it("averages replicates of anything else by the median, with their range where there are two", () => {
    const records = [10, 12].map((p99) => trial({ p99 }));
    const series = trialSeries(records, { ...BY_CPU, y: "latencyMs.p99" });
    expect(series[0]?.points[0]).toEqual({ x: 0.3, y: 11, low: 10, high: 12 });
  });

  it("lets no interval of a share reach beyond the whole", () => {
    const throttled = [0.4, 1, 0.5, 0.9].map((throttledShare) => {
      const { usage, ...rest } = trial({ cpu: 0.3 });
      return { ...rest, usage: { ...usage!, throttledShare } };
    });
    const [series] = trialSeries(throttled, { ...BY_CPU, y: "throttledShare" });
    expect(series?.points[0]).toMatchObject({ y: 0.7, high: 1 });
  });

  it("gives each point the interval that runs of one configuration show, once there are enough", () => {
    const records = [10, 12, 500].map((p99) => trial({ p99 }));
    const [point] = trialSeries(records, { ...BY_CPU, y: "latencyMs.p99" })[0]!.points;
    expect(point!.y).toBe(12);
    expect(point!.low).toBeLessThan(1);
    expect(point!.high).toBeGreaterThan(1000);
  });

  it("has no range for a single trial", () => {
    expect(trialSeries([trial({ rate: 100 })], BY_CPU)[0]?.points).toEqual([{ x: 0.3, y: expect.closeTo(100, 9) }]);
  });

  it("notes what held a point back, and keeps levels at which every trial failed", () => {
    const records = [
      trial({ cpu: 0.1, status: "failed" }),
      trial({ cpu: 0.2, bound: "proxy-bound" }),
      trial({ cpu: 0.2, status: "failed" }),
      trial({ cpu: 1, bound: "client-bound" }),
      trial({ cpu: 2, status: "skipped" }),
    ];
    expect(trialSeries(records, BY_CPU)[0]?.points).toEqual([
      { x: 0.1, note: "failed" },
      { x: 0.2, y: expect.any(Number), note: "partly failed" },
      { x: 1, y: expect.any(Number), note: "client-bound" },
    ]);
  });

  it("never joins service times and response times in one line", () => {
    const records = [
      trial({ p99: 10, latencyKind: "service" }),
      trial({ p99: 90, latencyKind: "response" }),
      trial({ cpu: 0.1, status: "failed" }),
    ];
    const series = trialSeries(records, { ...BY_CPU, y: "latencyMs.p99" });
    expect(series.map(({ name, points }) => [name, points.map(({ y }) => y)])).toEqual([
      ["haproxy, response time", [undefined, 90]],
      ["haproxy, service time", [undefined, 10]],
    ]);
    expect(trialSeries(records, BY_CPU)).toHaveLength(1);
  });

  it("refuses a figure that it does not know", () => {
    expect(() => trialSeries([], { ...BY_CPU, y: "karma" })).toThrow('"karma"');
  });
});

describe("trialChart", () => {
  it("names the axes; a latency by its kind", () => {
    const chart = trialChart([trial({ p99: 3 })], { ...BY_CPU, y: "latencyMs.p99" });
    expect(chart.title).toBe("p99 service time against CPU bandwidth");
    const against = trialChart([trial({ p99: 3 })], { x: "rate", y: "latencyMs.p99", by: ["proxy"] });
    expect(against.remarks).toContain("not drawn: 1 trial without an offered rate");
    expect(chart.y).toEqual({ label: "p99 service time", unit: "ms" });
    expect(chart.x).toEqual({ label: "CPU bandwidth", unit: "cores" });
    expect(chart.remarks).toEqual([]);
  });

  it("says over what its points average besides replicates", () => {
    const other = { ...trial({ servers: 3 }), scenario: { ...gridScenario, keepAlive: false } };
    expect(trialChart([trial({ servers: 1 }), other], BY_CPU).remarks).toEqual([
      "points average over servers (2 levels), scenario (2 levels)",
    ]);
  });

  it("says how many trials have no place on the x axis", () => {
    const { memoryBytes: _, ...point } = trial({}).point;
    const chart = trialChart([{ ...trial({}), point }, trial({})], { ...BY_CPU, x: "memory" });
    expect(chart.series[0]?.points).toHaveLength(1);
    expect(chart.remarks).toEqual(["not drawn: 1 trial without a memory limit"]);
  });
});

describe("trialTable", () => {
  it("has a row for every trial, whatever happened to it", () => {
    const records = [
      trial({ rate: 10_500, p99: 38.2, bound: "proxy-bound" }),
      trial({ proxy: "traefik", cpu: 0.125, servers: 3, failed: 1200, bound: "client-bound" }),
      trial({ proxy: "traefik", status: "failed" }),
      trial({ proxy: "traefik", status: "skipped" }),
    ];
    const table = drawTable(trialTable(records), { width: 120, colour: false, ascii: false });
    expect(`\n${table}\n`).toMatchInlineSnapshot(`
      "
      proxy    tool  limiter    cpu  achieved  memory  servers  req/s      p99  failed  throttled  verdict
      ───────  ────  ───────  ─────  ────────  ──────  ───────  ─────  ───────  ──────  ─────────  ─────────────
      haproxy  wrk   cgroup    0.30      0.30  64 MiB        1  10.5k  38.2 ms       0       61 %  proxy-bound
      traefik  wrk   cgroup   0.125      0.30  64 MiB        3  1.00k        -   1,200       61 %  client-bound
      traefik  wrk   cgroup    0.30         -  64 MiB        1      -        -       -          -  LAB_NOT_READY
      traefik  wrk   cgroup    0.30         -  64 MiB        1      -        -       -          -  skipped
      "
    `);
  });
});

describe("trials of an open loop", () => {
  const offered = [500, 2000].map((requestsPerSecond) =>
    trial({ requestsPerSecond, rate: 500, p99: requestsPerSecond / 100, latencyKind: "response" }),
  );
  const closed = trial({ p99: 3 });
  const offeredUnderLimits = offeredRates();

  it("are drawn against the rate that they were offered", () => {
    const chart = trialChart(offered, seriesQuery(offered, { x: "rate", y: "latencyMs.p99" }));
    expect(chart).toMatchObject({
      title: "p99 response time against offered rate",
      x: { label: "offered rate", unit: "requests/s" },
      series: [
        {
          points: [
            { x: 500, y: 5 },
            { x: 2000, y: 20 },
          ],
        },
      ],
    });
  });

  it("are drawn on a log scale where their response times span more than a power of ten", () => {
    const scaleOf = (y: string, records = offeredUnderLimits) =>
      trialChart(records, { x: "rate", y, by: ["cpu"] }).y.scale;
    expect(scaleOf("latencyMs.p99")).toBe("log");
    expect(scaleOf("requestsPerSecond")).toBeUndefined();
    expect(scaleOf("latencyMs.p99", offered)).toBeUndefined();
    const withNone = [
      ...offeredUnderLimits,
      trial({ cpu: 0.5, requestsPerSecond: 500, p99: 0, latencyKind: "response" }),
    ];
    expect(scaleOf("latencyMs.p99", withNone)).toBeUndefined();
    expect(scaleOf("latencyMs.p99", [trial({ p99: 1 }), trial({ cpu: 0.5, p99: 500 })])).toBeUndefined();
  });

  it("are noted where a latency is that of a missed rate, and not where it is that of the rate", () => {
    const notesOf = (y: string) =>
      trialSeries(offeredUnderLimits, { x: "rate", y, by: ["cpu"] })[1]!.points.map(({ note }) => note);
    expect(notesOf("latencyMs.p99")).toEqual([undefined, "rate missed", "rate missed"]);
    expect(notesOf("requestsPerSecond")).toEqual(["rate-bound", undefined, undefined]);
  });

  it("are drawn by what their rates do to p99 unless told otherwise, others by their rates against CPU limits", () => {
    expect(usualAxes(offeredUnderLimits)).toEqual({ x: "rate", y: "latencyMs.p99" });
    expect(usualAxes([...offered, closed])).toEqual({ x: "rate", y: "latencyMs.p99" });
    for (const records of [[closed], offered.slice(1), []])
      expect(usualAxes(records)).toEqual({ x: "cpu", y: "requestsPerSecond" });
  });

  it("have a line for each rate, and one for the closed loop beside them", () => {
    const records = [...offered, closed];
    const query = seriesQuery(records, { x: "cpu", y: "requestsPerSecond" });
    expect(query.by).toEqual(["rate"]);
    const names = trialSeries(records, query).map(({ name }) => name);
    expect(names).toEqual(["500 requests/s offered", "2,000 requests/s offered", "closed loop"]);
  });

  it("have a column for it in tables, which others are without", () => {
    const titlesOf = (records: readonly TrialRecord[]) => trialTable(records).columns.map(({ title }) => title);
    expect(titlesOf([...offered, closed])).toContain("offered");
    expect(titlesOf([closed])).not.toContain("offered");
    const { columns, rows } = trialTable([...offered, closed]);
    const at = columns.findIndex(({ title }) => title === "offered");
    expect(rows.map((row) => row[at])).toEqual(["500", "2.00k", "-"]);
  });
});

describe("a chart of trials beside a speed probe", () => {
  const rates = { ...BY_CPU, by: [] };

  it("says at what speed its figures are, in title, axis and caption", () => {
    const chart = trialChart(speedCorrected(visits()), rates);
    expect(chart.title).toBe("requests/s at reference speed against CPU bandwidth");
    expect(chart.y.label).toBe("requests/s at reference speed");
    expect(chart.remarks).toEqual([expect.stringMatching(/^at reference speed: probe/)]);
  });

  it("says of figures as they were measured that they are", () => {
    const chart = trialChart(visits(), rates);
    expect(chart.title).toBe("requests/s as measured against CPU bandwidth");
    expect(chart.remarks).toEqual([expect.stringMatching(/^as measured: probe/)]);
  });

  it("says nothing of figures that do not follow the speed, and nothing without a probe", () => {
    const { title, remarks } = trialChart(speedCorrected(visits()), { ...rates, y: "latencyMs.p99" });
    expect([title, remarks]).toEqual(["p99 corrected service time against CPU bandwidth", []]);
    expect(trialChart(unprobed(visits()), rates)).toMatchObject({ y: { label: "requests/s" }, remarks: [] });
  });
});

describe("trialTable on a narrow page", () => {
  const shown = (records: readonly TrialRecord[]) =>
    drawTable(trialTable(records), { width: 80, colour: false, ascii: false }).split("\n");

  it("keeps the columns that tell trials apart", () => {
    const records = ["wrk", "ab"].flatMap((loadTool) =>
      ["cgroup", "docker"].map((limiter) => trial({ loadTool, limiter, p99: 12, bound: "proxy-bound" })),
    );
    const [titles, , ...rows] = shown(records);
    expect(titles).toMatch(/\btool\b.*\blimiter\b/);
    expect(new Set(rows.filter((row) => row.startsWith("haproxy"))).size).toBe(4);
  });

  it("drops those that are the same for all", () => {
    const [titles = ""] = shown([trial({ p99: 12, bound: "proxy-bound" }), trial({ cpu: 0.9, p99: 4 })]);
    expect(titles).not.toMatch(/\blimiter\b/);
  });
});
