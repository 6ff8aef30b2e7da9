import { describe, expect, it } from "vitest";
import raw from "../../../src/plugins/models/random-forest.ts";
import log from "../../../src/plugins/models/random-forest-log.ts";
import { alongCpu, answers } from "./data.ts";

describe("the random forest of logarithms", () => {
  it("does not lose low figures among high ones", () => {
    const rows = alongCpu(
      Array.from({ length: 24 }, (_, i) => 0.01 * 1.5 ** i),
      (cpu) => 10_000 * cpu,
    );
    const error = (figure: number | undefined) => Math.abs(Math.log(figure! / rows.y[0]!));
    expect(error(answers(log, rows, [rows.x[0]!])[0])).toBeLessThan(error(answers(raw, rows, [rows.x[0]!])[0]));
    expect(error(answers(log, rows, [rows.x[0]!])[0])).toBeLessThan(0.4);
  });

  it("refuses a seed that is no whole number, and levels that are no numbers", () => {
    const rows = alongCpu([1, 2, 3, 4, 5], (cpu) => cpu);
    expect(() => log.fit(rows, 0.5)).toThrow("seed");
    expect(() => answers(log, rows, [[Number.NaN]])).toThrow(/^row 0: cpu\b/);
  });
});
