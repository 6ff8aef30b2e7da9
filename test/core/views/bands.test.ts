import { describe, expect, it } from "vitest";
import { bandsOf } from "../../../src/core/statistics/trials/bands.ts";
import { bandChart } from "../../../src/core/views/bandChart.ts";
import { bandTable, pointKey } from "../../../src/core/views/bandTable.ts";
import { roundsSweep } from "../../fixtures/console/rounds.ts";

const events = roundsSweep(4);
const records = events.flatMap((event) => (event.type === "trial-finished" ? event.record : []));
const bands = events.findLast((event) => event.type === "round-finished")!.bands;

/** The cells of a table by the titles of its columns. */
function rowsOf({ columns, rows }: ReturnType<typeof bandTable>): Record<string, string>[] {
  return rows.map((cells) => Object.fromEntries(columns.map(({ title }, index) => [title, cells[index]!])));
}

describe("the table of a sweep in rounds", () => {
  it("has a row for each configuration, in the order of its levels, with its band and the number of its runs", () => {
    const rows = rowsOf(bandTable(records, bands));
    expect(rows.map(({ proxy, cpu }) => `${proxy} ${cpu}`).slice(4, 6)).toEqual(["haproxy 0.80", "traefik 0.05"]);
    expect(rows).toHaveLength(10);
    for (const row of rows) {
      expect(row).toMatchObject({ runs: "4", verdict: "proxy-bound" });
      expect(row["±"]).toMatch(/^\d+(\.\d)? %$/);
    }
  });

  it("shows rates at reference speed beside those that were measured, where they were corrected", () => {
    expect(rowsOf(bandTable(records, bands))[0]).not.toHaveProperty("as measured");
    const corrected = records.map((record) => ({
      ...record,
      correction: { probeMicros: 10, logProbe: 0.1, slope: 1, slopeError: 0.1, requestsPerSecond: 500 },
    }));
    const [row] = rowsOf(bandTable(corrected, bands));
    expect(row).toMatchObject({ "as measured": "500" });
    expect(row).toHaveProperty("at reference speed");
  });

  it("counts verdicts where they differ, and failures", () => {
    const key = pointKey(records[0]!.point);
    const [first, second, ...others] = records.filter(({ point }) => pointKey(point) === key);
    const unclear = { ...first!, verdict: { bound: "unclear", evidence: "" } } as const;
    const { result: _, verdict: __, ...rest } = second!;
    const failed = { ...rest, status: "failed", error: { code: "LAB_NOT_READY", message: "no answer" } } as const;
    const own = [unclear, failed, ...others];
    const [row] = rowsOf(bandTable(own, []));
    expect(row).toMatchObject({ verdict: "proxy-bound 2, unclear 1, LAB_NOT_READY 1", runs: "3", "±": "-" });
  });
});

describe("the chart of a sweep in rounds", () => {
  it("draws the band of each configuration along its line, not at its points", () => {
    const { series } = bandChart(records, { x: "cpu", by: ["proxy"] });
    expect(series.map(({ name }) => name)).toEqual(["haproxy", "traefik"]);
    const found = bandsOf(records);
    for (const { name, points, curve } of series) {
      const own = found.filter(({ point }) => point.proxy === name).map(({ smooth }) => smooth);
      const byRate = own.toSorted((a, b) => a.estimate - b.estimate);
      expect(curve).toMatchObject(byRate.map(({ estimate, low, high }) => ({ y: estimate, low, high })));
      for (const point of points) expect(point).not.toHaveProperty("low");
    }
  });
});
