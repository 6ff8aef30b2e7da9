import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCores,
  formatCount,
  formatDuration,
  formatFigure,
  formatInterval,
  formatMilliseconds,
  formatPercent,
  formatRate,
  formatWithUnit,
} from "../../../src/core/domain/format.ts";

describe("formats for people", () => {
  it("writes rates in three digits", () => {
    expect([0, 0.4567, 5, 84.21, 842.4, 999.7, 1000, 26_714, 999_950, 1.5e9].map(formatRate)).toEqual([
      "0",
      "0.457",
      "5.00",
      "84.2",
      "842",
      "1.00k",
      "1.00k",
      "26.7k",
      "1.00M",
      "1.50G",
    ]);
  });

  it("writes durations in the units people use, and carries when it rounds", () => {
    const seconds = [0, 0.85, 0.9996, 3.24, 9.96, 41.2, 59.7, 170, 3599.7, 3900];
    expect(seconds.map(formatDuration)).toEqual([
      "0 ms",
      "850 ms",
      "1 s",
      "3.2 s",
      "10 s",
      "41 s",
      "1 m 0 s",
      "2 m 50 s",
      "1 h 0 m",
      "1 h 5 m",
    ]);
  });

  it("writes bytes in binary units", () => {
    const bytes = [0, 1023, 1536, 64 * 2 ** 20, 1023.9 * 1024, 2 ** 31];
    expect(bytes.map(formatBytes)).toEqual(["0 B", "1023 B", "1.5 KiB", "64 MiB", "1 MiB", "2 GiB"]);
  });

  it("writes cores with two decimals, three where a small level needs them", () => {
    expect([0, 0.025, 0.05, 0.0996, 0.3, 0.39987, 1].map(formatCores)).toEqual([
      "0.00",
      "0.025",
      "0.05",
      "0.10",
      "0.30",
      "0.40",
      "1.00",
    ]);
  });

  it("writes shares in per cent and never calls a small one nothing", () => {
    expect([0, 0.0001, 0.004, 0.0996, 0.614, 1].map(formatPercent)).toEqual([
      "0 %",
      "<0.1 %",
      "0.4 %",
      "10 %",
      "61 %",
      "100 %",
    ]);
  });

  it("writes milliseconds and counts", () => {
    expect([0.38, 38.2, 38, 1204.4].map(formatMilliseconds)).toEqual(["0.38 ms", "38.2 ms", "38 ms", "1,204 ms"]);
    expect([0, 5020.4].map(formatCount)).toEqual(["0", "5,020"]);
  });

  it("writes a figure with its interval", () => {
    const quantity = { estimate: 26_700, low: 25_800, high: 27_600 };
    expect(formatInterval(quantity, formatRate)).toBe("26.7k (25.8k to 27.6k)");
    expect(formatInterval({ estimate: 26_700 }, formatRate)).toBe("26.7k");
    expect(formatInterval({ estimate: 500, high: 600 }, formatRate)).toBe("500 (- to 600)");
    expect(formatInterval(undefined, formatRate)).toBe("-");
  });

  it("writes a figure by its unit, and names the unit where the figure does not", () => {
    expect(formatFigure(0.61, "share")).toBe("61 %");
    expect(formatFigure(12, "furlongs")).toBe("12.0");
    expect(formatWithUnit(0.3, "cores")).toBe("0.30 cores");
    expect(formatWithUnit(1, "servers")).toBe("1 server");
    expect(formatWithUnit(2 ** 26, "bytes")).toBe("64 MiB");
    expect(formatWithUnit(undefined, "cores")).toBe("-");
  });
});

/** What the units in each format's texts stand for. */
const FORMATS = [
  { format: formatRate, units: { k: 1e3, M: 1e6, G: 1e9 } },
  { format: formatDuration, units: { ms: 1e-3, s: 1, m: 60, h: 3600 } },
  { format: formatBytes, units: { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } },
  { format: formatCores, units: {} },
  { format: formatPercent, units: { "%": 0.01 } },
  { format: formatMilliseconds, units: { ms: 1 } },
  { format: formatCount, units: {} },
].map((one) => ({ ...one, name: one.format.name }));

describe.each(FORMATS)("$name", ({ format, units }) => {
  const figure = fc.double({ min: 0, max: 1e9, noNaN: true });

  it("prints what is absent or not a number as a dash, never as 0", () => {
    for (const absent of [undefined, Number.NaN, Number.POSITIVE_INFINITY]) expect(format(absent)).toBe("-");
  });

  it("never turns the order of two figures round", () => {
    fc.assert(
      fc.property(figure, fc.double({ min: 1, max: 1.1, noNaN: true }), (value, factor) => {
        expect(read(format(value), units)).toBeLessThanOrEqual(read(format(value * factor), units));
      }),
    );
  });

  it("says about what it was given", () => {
    fc.assert(
      fc.property(figure, (value) => {
        expect(Math.abs(read(format(value), units) - value)).toBeLessThanOrEqual(0.5 + value * 0.01);
      }),
    );
  });
});

/** Reads a figure back: `2 m 50 s` is 170. */
function read(text: string, units: Readonly<Record<string, number>>): number {
  if (text.startsWith("<")) return 0;
  const parts = [...text.replaceAll(",", "").matchAll(/([\d.]+(?:e-\d+)?) ?([a-zA-Z%]*)/g)];
  return parts.reduce((total, [, number, unit]) => total + Number(number) * (unit ? units[unit]! : 1), 0);
}
