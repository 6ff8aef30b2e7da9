import { describe, expect, it } from "vitest";
import { plainText } from "../../../src/core/cells/line.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import { type RateMap, rateMapLines, rateMaps } from "../../../src/core/views/rateMap.ts";
import { offered, trial } from "../../fixtures/madeRecords.ts";

const drawn = (map: RateMap, ascii = false) =>
  plainText(rateMapLines(map, { width: 80, height: 20 }, new Pen({ colour: false, ascii })));

describe("a map over CPU limits and offered rates", () => {
  it("has a cell for each pair, and marks those that missed their rate", () => {
    const [map, ...others] = rateMaps(offered(), "latencyMs.p99");
    expect(others).toEqual([]);
    expect(`\n${drawn(map!)}\n`).toMatchInlineSnapshot(`
      "
       p99 response time of haproxy over CPU bandwidth and offered rate
       cpu / requests/s        500        2,000        5,000
       0.05              ··      3    ██  4,000 ▼  ██ 10,000 ▼
       0.10              ··    2.5    ██  2,000 ▼  ██  5,000 ▼
       0.30              ··   2.17    ··   2.67    ▓▓  1,667 ▼
       0.90              ··   2.06    ··   2.22    ··   2.56
       shades: 2.06 ms to 10,000 ms; ▼ rate missed
      "
    `);
  });

  it("is the same in 7-bit characters", () => {
    const text = drawn(rateMaps(offered(), "latencyMs.p99")[0]!, true);
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(text).toMatch(/## 10,000 v/);
  });

  it("tells how strong a cell is by logarithms, from the least figure to the most", () => {
    const [map] = rateMaps(offered(), "latencyMs.p99");
    const strengthAt = (cpu: number, rate: number) =>
      map!.cells.find((cell) => cell.cpu === cpu && cell.rate === rate)!.strength!;
    expect(strengthAt(0.9, 500)).toBe(0);
    expect(strengthAt(0.05, 5000)).toBe(1);
    expect(strengthAt(0.1, 2000)).toBeCloseTo(
      Math.log(2000 / (2 + 0.05 / 0.9)) / Math.log(10_000 / (2 + 0.05 / 0.9)),
      9,
    );
  });

  it("is one for each proxy, and for each level of what else varies", () => {
    const records = [...offered({ proxy: "traefik" }), ...offered(), ...offered({ servers: 3 })];
    expect(rateMaps(records, "latencyMs.p99").map(({ title }) => title)).toEqual(
      ["haproxy, 1 server", "haproxy, 3 servers", "traefik, 1 server"].map(
        (name) => `p99 response time of ${name} over CPU bandwidth and offered rate`,
      ),
    );
  });

  it("needs several limits and several rates, of an open loop", () => {
    expect(rateMaps(offered({ cpu: 0.3 }), "latencyMs.p99")).toEqual([]);
    expect(rateMaps(offered({ requestsPerSecond: 500 }), "latencyMs.p99")).toEqual([]);
    expect(rateMaps([trial({ cpu: 0.1 }), trial({ cpu: 0.3 })], "requestsPerSecond")).toEqual([]);
  });

  it("leaves a cell without a figure where every trial failed, and blank where none was made", () => {
    const records = [...offered().slice(1), trial({ cpu: 0.05, requestsPerSecond: 500, status: "failed" })];
    const [map] = rateMaps(records.slice(1), "latencyMs.p99");
    expect(map!.cells[0]).toEqual({ cpu: 0.05, rate: 500, note: "failed" });
    expect(map!.cells).toHaveLength(11);
    expect(drawn(map!)).toMatch(/0\.05 +×× +- ! +█/);
  });
});
