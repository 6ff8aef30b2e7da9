import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Chart } from "../../../src/core/cells/chartData.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import { chart } from "../../../src/tui/charts/chart.ts";
import { chartInWords } from "../../../src/tui/charts/inWords.ts";
import { predictedAgainstMeasured } from "../../../src/tui/charts/scatter.ts";
import { expectWithin, plainPen, textOf } from "../drawn.ts";

const rates: Chart = {
  title: "requests/s against CPU bandwidth",
  x: { label: "CPU bandwidth", unit: "cores" },
  y: { label: "requests/s", unit: "requests/s" },
  series: ["haproxy", "traefik"].map((name, series) => ({
    name,
    points: [0.1, 0.2, 0.4, 0.9].map((x) => ({ x, y: (x * 26_000) / (series + 1), low: x * 9000, high: x * 28_000 })),
  })),
};

describe("a chart on the screen", () => {
  const sizes = fc.record({ width: fc.integer({ min: 40, max: 190 }), height: fc.integer({ min: 8, max: 45 }) });

  it("fills its place exactly at every size from 40 x 8 to 190 x 45, and shows every series", () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.boolean(), (size, ascii, colour) => {
        const pen = new Pen({ ascii, colour });
        const lines = chart(rates, size, pen);
        expectWithin(lines, size, pen);
        expect(lines).toHaveLength(size.height);
        for (const line of lines) expect(textOf(line)).toHaveLength(size.width);
        const text = lines.map(textOf).join("\n");
        expect(text).toContain("haproxy");
        expect(text).toContain("CPU bandwidth");
        expect(text).toContain("cores");
      }),
    );
  });

  it("takes ten thousand points, one point and none", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ x: index / 1e4, y: index % 977 }));
    for (const points of [many, many.slice(5, 6), []]) {
      const lines = chart({ ...rates, series: [{ name: "a", points }] }, { width: 80, height: 20 }, plainPen);
      expectWithin(lines, { width: 80, height: 20 }, plainPen);
    }
  });
});

describe("predicted against measured", () => {
  it("has a mark for each point and the line on which both are equal", () => {
    const measured = [1000, 5000, 10_000, 20_000];
    const data = predictedAgainstMeasured(
      [{ name: "law", measured, predicted: [1100, 4500, 12_000, 19_000] }],
      "requests/s",
      "requests/s",
    );
    const text = chart(data, { width: 60, height: 16 }, plainPen).map(textOf).join("\n");
    expect(text.split("\n").slice(2).join("").match(/●/g)).toHaveLength(4);
    expect(text).toContain("equal");
    expect(text).not.toContain("last values");
  });

  it("draws nothing of nothing", () => {
    const lines = chart(predictedAgainstMeasured([], "requests/s", "requests/s"), { width: 60, height: 12 }, plainPen);
    expect(lines.map(textOf).join("\n")).toContain("no measured points");
  });
});

describe("a chart in words", () => {
  it("tells each series with its figures, and what has none", () => {
    const told = chartInWords(
      {
        ...rates,
        series: [
          {
            name: "haproxy",
            points: [
              { x: 0.1, y: 3600, low: 3000, high: 4000 },
              { x: 0.2, note: "failed" },
            ],
          },
        ],
      },
      { width: 60, height: 9 },
      plainPen,
    );
    expect(told.map(textOf).join("\n")).toBe(
      [
        " requests/s against CPU bandwidth.",
        " haproxy: at 0.10 cores 3.60k, 3.00k to 4.00k; at 0.20",
        " cores no figure (failed).",
      ].join("\n"),
    );
  });

  it("tells some points of a curve, and stays within its size", () => {
    const curve = Array.from({ length: 40 }, (_, index) => ({ x: (index + 1) / 40, y: index }));
    const told = chartInWords(
      { ...rates, series: [{ name: "law", points: [], curve }] },
      { width: 200, height: 3 },
      plainPen,
    );
    expect(told.map(textOf).join(" ").match(/ at /g)!.length).toBeLessThanOrEqual(8);
    expectWithin(chartInWords(rates, { width: 40, height: 4 }, plainPen), { width: 40, height: 4 }, plainPen);
  });
});
