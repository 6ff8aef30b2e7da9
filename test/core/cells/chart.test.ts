import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawChart, SMALLEST_CHART } from "../../../src/core/cells/chart.ts";
import type { Chart, ChartPoint, ChartSeries } from "../../../src/core/cells/chartData.ts";
import { displayWidth } from "../../../src/core/cells/text.ts";

const CPU = [0.1, 0.2, 0.3, 0.5, 1];
const RATES = [3600, 8600, 10_500, 19_700, 26_700];
const PLAIN = { width: 72, height: 18, colour: false, ascii: false };

function rates(name: string, factor: number, spread = 0): ChartSeries {
  const points = CPU.map((x, index): ChartPoint => {
    const y = RATES[index]! * factor;
    return { x, y, ...(spread > 0 && { low: y * (1 - spread), high: y * (1 + spread) }) };
  });
  return { name, points };
}

function chart(series: readonly ChartSeries[], more: Partial<Chart> = {}): Chart {
  return {
    title: "requests/s against CPU bandwidth",
    x: { label: "CPU bandwidth", unit: "cores" },
    y: { label: "requests/s", unit: "requests/s" },
    series,
    ...more,
  };
}

describe("drawChart", () => {
  it("draws series with marks, lines, whiskers, both axes and a legend", () => {
    const two = chart([rates("haproxy", 1, 0.06), rates("traefik", 0.5, 0.08)], { whiskers: "95 % interval" });
    expect(`\n${drawChart(two, PLAIN)}\n`).toMatchInlineSnapshot(`
      "
       requests/s against CPU bandwidth
       at 1.00 cores   ● haproxy 26.7k   ▲ traefik 13.3k   ┊ 95 % interval
       ◉ several series
       requests/s
           │
       30k ┤
           │                                                       ╭───────●
           │                                        ╭──────────────╯
       20k ┤                              ╭─●───────╯
           │                         ╭────╯
           │                    ╭────╯                      ╭╌╌╌╌╌╌╌╌╌╌╌╌╌╌▲
       10k ┤            ╭●─────●╯      ╭╌╌╌╌▲╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
           │        ╭───╯┊   ╭╌▲╌╌╌╌╌╌╌╯
           │      ◉╌╌╌╌╌╌▲╌╌╌╯ ┊
         0 ┤      ┊
           └┬─────┬──────┬─────┬────────────┬──────────────────────────────┬──
            0    0.1    0.2   0.3          0.5                            1.0
                                CPU bandwidth, cores
      "
    `);
  });

  it("draws on a log scale: lines are straight on it, whiskers end at its foot", () => {
    const points = [
      { x: 500, y: 2 },
      { x: 2000, y: 4, low: -1, high: 8 },
      { x: 5000, y: 4000 },
    ];
    const latencies = chart([{ name: "0.20 cpu", points }], {
      title: "p99 against offered rate",
      x: { label: "offered rate", unit: "requests/s" },
      y: { label: "p99", unit: "ms", scale: "log" },
    });
    expect(`\n${drawChart(latencies, PLAIN)}\n`).toMatchInlineSnapshot(`
      "
       p99 against offered rate
       at 5.00k requests/s   ● 0.20 cpu 4,000 ms   ┊ low to high
       p99, ms
           │                                                              ╭●
           │                                                          ╭───╯
        1k ┤                                                      ╭───╯
           │                                                   ╭──╯
           │                                               ╭───╯
       100 ┤                                           ╭───╯
           │                                       ╭───╯
           │                                   ╭───╯
           │                               ╭───╯
        10 ┤                         ┊ ╭───╯
           │                ╭────────●─╯
           │      ●─────────╯        ┊
           └┬─────┬──────────────────┬─────────────────────────────────────┬──
            0    0.5k               2.0k                                  5.0k
                              offered rate, requests/s
      "
    `);
  });

  it("draws the same in 7-bit characters", () => {
    const two = chart([rates("haproxy", 1, 0.06), rates("traefik", 0.5, 0.08)]);
    expect(`\n${drawChart(two, { ...PLAIN, ascii: true })}\n`).toMatchInlineSnapshot(`
      "
       requests/s against CPU bandwidth
       at 1.00 cores   * haproxy 26.7k   + traefik 13.3k   : low to high
       & several series
       requests/s
           |
       30k |
           |                                                       .-------*
           |                                        .--------------'
       20k |                              .-*-------'
           |                         .----'
           |                    .----'                      .~~~~~~~~~~~~~~+
       10k |            .*-----*'      .~~~~+~~~~~~~~~~~~~~~'
           |        .---':   .~+~~~~~~~'
           |      &~~~~~~+~~~' :
         0 |      :
           -|-----|------|-----|------------|------------------------------|--
            0    0.1    0.2   0.3          0.5                            1.0
                                CPU bandwidth, cores
      "
    `);
  });

  it("has the legend beside the plot on a wide page", () => {
    const two = chart([rates("haproxy, 1 server", 1), rates("haproxy, 3 servers", 1.2)], {
      remarks: ["measured twice"],
    });
    expect(`\n${drawChart(two, { ...PLAIN, width: 100, height: 14 })}\n`).toMatchInlineSnapshot(`
      "
       requests/s against CPU bandwidth
       requests/s
       35k ┤                                                                  at 1.00 cores
       30k ┤                                             ╭╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▲    ● haproxy, 1 server   26.7k
       25k ┤                             ╭╌▲╌╌╌╌╌╌╌╌╌╌╌╌╌╯───────────────●    ▲ haproxy, 3 servers  32.0k
       20k ┤                        ╭╌╌╌╌╯─●───────────╯                      ◉ several series
       15k ┤                  ▲╌╌╌╌╌╯───╯
       10k ┤         ╭╌╌◉╌╌╌╌╌●──╯
        5k ┤      ◉╌╌╯─╯
         0 ┤
           └┬─────┬─────┬─────┬────────────┬─────────────────────────────┬──
            0    0.1   0.2   0.3          0.5                           1.0
                               CPU bandwidth, cores
       measured twice
      "
    `);
  });

  it("shows what is not like the rest: points held back, levels without a value, marks in one place", () => {
    const odd = chart([
      rates("a", 1),
      {
        name: "b",
        points: [
          { x: 0.1, note: "failed" },
          { x: 0.3, y: 10_500 },
          { x: 1, y: 15_000, note: "client-bound" },
        ],
      },
    ]);
    expect(`\n${drawChart(odd, { ...PLAIN, height: 14 })}\n`).toMatchInlineSnapshot(`
      "
       requests/s against CPU bandwidth
       at 1.00 cores   ● a 26.7k   ▲ b 15.0k   △ client-bound   × failed
       ◉ several series
       requests/s
       30k ┤
       25k ┤                                            ╭──────────────────●
       20k ┤                            ╭───●───────────╯
       15k ┤                      ╭─────╯         ╭╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌△
       10k ┤           ╭─●─────◉╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
        5k ┤      ●────╯
         0 ┤
           └┬─────×──────┬─────┬────────────┬──────────────────────────────┬──
            0    0.1    0.2   0.3          0.5                            1.0
                                CPU bandwidth, cores
      "
    `);
  });

  it("gives each series a colour of its own and the legend the same one", () => {
    const lines = drawChart(chart([rates("haproxy", 1), rates("traefik", 0.5)]), { ...PLAIN, colour: true });
    expect(lines).toContain("\u001b[36m● haproxy\u001b[39m");
    expect(lines).toContain("\u001b[33m▲ traefik\u001b[39m");
    expect(stripVTControlCharacters(lines)).toBe(drawChart(chart([rates("haproxy", 1), rates("traefik", 0.5)]), PLAIN));
  });

  it("says that there is nothing to draw", () => {
    const nothing = " requests/s against CPU bandwidth\n no measured points";
    expect(drawChart(chart([]), PLAIN)).toBe(nothing);
    // JSON has no NaN: it comes back as null.
    const points = JSON.parse('[{ "x": 1, "y": null }, { "x": 2 }]') as ChartPoint[];
    expect(drawChart(chart([{ name: "a", points: [...points, { x: 3, y: Number.NaN }] }]), PLAIN)).toBe(nothing);
  });

  it("says in one line that the page is too small", () => {
    const series = [rates("a", 1)];
    expect(drawChart(chart(series), { ...PLAIN, height: 7 })).toBe("too small for a chart: 36 x 8 needed");
    expect(drawChart(chart(series), { ...PLAIN, width: 30 })).toBe("too small for a chart: 36 x 8…");
    expect(drawChart(chart(series), { ...PLAIN, width: 0 })).toBe("");
  });

  it("leaves out the names of the axes on a low page, and says the unit in the title", () => {
    const two = chart([rates("haproxy", 1), rates("traefik", 0.5)]);
    expect(`\n${drawChart(two, { ...PLAIN, width: 40, height: 8 })}\n`).toMatchInlineSnapshot(`
      "
       requests/s against CPU bandwidth, cores
       ● haproxy 26.7k   ▲ traefik 13.3k +1
       30k ┤                           ╭───●
       20k ┤            ╭───●──────────╯
       10k ┤    ╭─●─╭◉╌╌╌╌╌╌▲╌╌╌╌╌╌╌╌╌╌╌╌╌╌▲
         0 ┤   ◉╌╌▲╌╯
           └┬──┬──┬──┬──────┬──────────────┬──
            0 0.1   0.3    0.5            1.0
      "
    `);
  });

  it("leaves the title to the caller when told so", () => {
    const whole = drawChart(chart([rates("a", 1)]), PLAIN).split("\n");
    const rest = drawChart(chart([rates("a", 1)]), { ...PLAIN, height: PLAIN.height - 1, title: false });
    expect(rest.split("\n")).toEqual(whole.slice(1));
  });

  it("draws a curve with its band behind free points, and guides behind both", () => {
    const curve = Array.from({ length: 30 }, (_, index) => {
      const [x, y] = [0.1 + index / 32, 27_000 * (1 - Math.exp(-3 * (0.1 + index / 32)))];
      return { x, y, low: y * 0.8, high: y * 1.2 };
    });
    const predicted = chart([{ ...rates("haproxy", 1), curve }], {
      bands: "90 % interval",
      guides: [
        { axis: "y", at: 14_000, label: "goal" },
        { axis: "x", at: 0.4, label: "0.40" },
      ],
    });
    expect(`\n${drawChart(predicted, PLAIN)}\n`).toMatchInlineSnapshot(`
      "
       requests/s against CPU bandwidth
       at 1.00 cores   ● haproxy 26.7k   · 90 % interval
       requests/s
           │                         ┆ 0.40
           │                         ┆
       30k ┤                         ┆                  ····················
           │                         ┆     ·······················╭────────●
           │                        ·┆········╭───────────────────╯·········
       20k ┤                  ······╭──────●──╯·····························
           │             ····╭──────╯┆··············
           │┄┄┄┄┄┄┄┄┄┄┄┄╭────╯┄┄┄┄┄┄┄┆┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄goal┄
       10k ┤      ··╭───╯●···  ●     ┆
           │      ──╯··              ┆
           │      ●                  ┆
         0 ┤                         ┆
           └┬─────┬──────┬─────┬───────────┬───────────────────────────────┬──
            0    0.1    0.2   0.3         0.5                             1.0
                                CPU bandwidth, cores
      "
    `);
  });

  it("draws a scatter of points without a line, and a line without points", () => {
    const scatter = chart(
      [
        { ...rates("haproxy", 1), curve: [] },
        {
          name: "equal",
          points: [],
          curve: [
            { x: 0, y: 0 },
            { x: 1, y: 30_000 },
          ],
        },
      ],
      { lastValues: false },
    );
    expect(`\n${drawChart(scatter, { ...PLAIN, height: 12 })}\n`).toMatchInlineSnapshot(`
      "
       requests/s against CPU bandwidth
       ● haproxy   ╌ equal
       requests/s
           │                                                           ╭╌╌╌╌
       25k ┤                                              ╭╌╌╌╌╌╌╌╌╌╌╌╌╯   ●
           │                                 ●╭╌╌╌╌╌╌╌╌╌╌╌╯
           │                    ●╭╌╌╌╌╌╌╌╌╌╌╌╌╯
           │        ●╌╌╌╌╌●╌╌╌╌╌╌╯
         0 ┤  ╌╌╌╌╌╌╯
           └──┬─────┬─────┬─────┬────────────┬─────────────────────────────┬──
              0    0.1   0.2   0.3          0.5                           1.0
                                CPU bandwidth, cores
      "
    `);
  });

  it("draws a lone point in the middle, with its value", () => {
    const lines = drawChart(chart([{ name: "a", points: [{ x: 0.3, y: 5000 }] }]), PLAIN).split("\n");
    expect(lines[1]).toBe(" at 0.30 cores   ● a 5.00k");
    const row = lines.findIndex((line, index) => index > 1 && line.includes("●"));
    expect(lines[row]).toMatch(/5k ┤ {20,}●$/);
    expect(lines[row]!.indexOf("●")).toBe(lines.at(-2)!.indexOf(".3"));
  });

  it("draws figures that are all equal as a level line, also at 0", () => {
    const level = (y: number): string[] =>
      drawChart(chart([{ name: "a", points: CPU.map((x) => ({ x, y })) }]), PLAIN)
        .split("\n")
        .slice(2);
    expect(level(0).filter((line) => line.includes("●"))).toEqual([expect.stringMatching(/^ +0 ┤ +●─+●─+●─+●─+●$/)]);
    expect(level(700).filter((line) => line.includes("●"))).toHaveLength(1);
  });

  it("passes over a point without a figure and joins its neighbours", () => {
    const points = [500, Number.NaN, 500].map((y, x) => ({ x, y }));
    const lines = drawChart(chart([{ name: "a", points }]), PLAIN);
    expect(lines).toMatch(/●─+●/);
    expect(lines.match(/●/g)).toHaveLength(3);
  });

  it("draws points in the order of x, however they come", () => {
    const series = rates("a", 1);
    const shuffled = { ...series, points: [3, 0, 4, 1, 2].map((index) => series.points[index]!) };
    expect(drawChart(chart([shuffled]), PLAIN)).toBe(drawChart(chart([series]), PLAIN));
  });

  it("never lets a line reach beyond the points of its own series", () => {
    const short: ChartSeries = {
      name: "b",
      points: [
        { x: 0.3, y: 1000 },
        { x: 0.5, y: 1000 },
      ],
    };
    const lines = drawChart(chart([rates("a", 1), short]), PLAIN).split("\n");
    expect(lines.find((line) => /▲╌+▲/.test(line))).toMatch(/[│┤] *(●─*)?[╯ ]*▲╌+▲$/);
  });

  it("draws a hostile name as plain text", () => {
    const lines = drawChart(chart([rates("\u001b[2J\u202Eevil\nname", 1)]), PLAIN);
    expect(lines).toContain("● evil name 26.7k");
  });
});

describe("any chart", () => {
  const figure = fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }) },
    fc.double(),
    fc.constant(undefined),
  );
  const words = fc.string({ unit: "grapheme", maxLength: 50 }).filter((text) => !/nan|undef|infin/i.test(text));
  const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const point = fc.record({
    x: fc.double({ min: 0, max: 100 }),
    y: figure,
    low: figure,
    high: figure,
    note: option(words),
  });
  const curvePoint = fc.record({ x: fc.double(), y: fc.double(), low: figure, high: figure });
  const series = fc.record(
    { name: words, points: fc.array(point, { maxLength: 12 }), curve: fc.array(curvePoint, { maxLength: 12 }) },
    { requiredKeys: ["name", "points"] },
  );
  const guide = fc.record({ axis: fc.constantFrom("x", "y"), at: fc.double(), label: words });
  const axis = fc.record({
    label: words,
    unit: fc.constantFrom("", "cores", "bytes", "share", "requests", "ms", "µs"),
  });
  const charts: fc.Arbitrary<Chart> = fc.record({
    title: words,
    x: axis,
    y: axis,
    series: fc.array(series, { maxLength: 8 }),
    whiskers: words,
    remarks: fc.array(words, { maxLength: 3 }),
    guides: fc.array(guide, { maxLength: 2 }),
  });
  const options = fc.record({
    width: fc.integer({ min: 1, max: 150 }),
    height: fc.integer({ min: 1, max: 40 }),
    colour: fc.boolean(),
    ascii: fc.boolean(),
  });

  it("stays within its width and height, in its alphabet, and shows no figure that is none", () => {
    fc.assert(
      fc.property(charts, options, (any, page) => {
        const text = drawChart(any, page);
        const lines = stripVTControlCharacters(text).split("\n");
        expect(lines.length).toBeLessThanOrEqual(page.height);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(page.width);
        expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
        if (page.ascii) expect(lines.join("")).toMatch(/^[ -~]*$/);
        if (!page.colour) expect(text).not.toContain("\u001b");
      }),
      { numRuns: 150 },
    );
  });

  it("has exactly the height that it was given, so that nothing moves when a point arrives", () => {
    const page = fc.record({
      width: fc.integer({ min: SMALLEST_CHART.width, max: 140 }),
      height: fc.integer({ min: SMALLEST_CHART.height, max: 40 }),
    });
    fc.assert(
      fc.property(charts, page, fc.boolean(), (any, { width, height }, ascii) => {
        const drawn = { ...any, series: [...any.series, rates("a", 1)] };
        expect(drawChart(drawn, { width, height, colour: false, ascii }).split("\n")).toHaveLength(height);
      }),
    );
  });

  it("has a mark for each measured point in the column of its x", () => {
    const levels = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(
        levels,
        fc.integer({ min: 40, max: 140 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 9000 })),
        (xs, width, ys) => {
          const points = xs.map((x) => ({ x, y: ys.next().value! }));
          const lines = drawChart(chart([{ name: "a", points }]), { ...PLAIN, width, ascii: true }).split("\n");
          const axis = lines.findIndex((line) => /^ +-[-|]+$/.test(line));
          const marks = new Set(
            lines
              .slice(2, axis)
              .flatMap((line) => [...line.slice(0, lines[axis]!.length)].flatMap((c, at) => (c === "*" ? [at] : []))),
          );
          const [left, right] = [Math.min(...marks), Math.max(...marks)];
          const [low, high] = [Math.min(...xs), Math.max(...xs)];
          const expected = xs.map((x) => left + ((x - low) / (high - low)) * (right - left));
          for (const column of expected) expect([...marks].some((mark) => Math.abs(mark - column) <= 1)).toBe(true);
          for (const mark of marks) expect(lines[axis]![mark]).toBe("|");
          for (const mark of marks) expect(expected.some((column) => Math.abs(mark - column) <= 1)).toBe(true);
        },
      ),
    );
  });
});
