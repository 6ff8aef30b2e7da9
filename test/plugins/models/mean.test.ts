import { expect, it } from "vitest";
import mean from "../../../src/plugins/models/mean.ts";
import { alongCpu, answers, parameter } from "./data.ts";

it("the mean answers with the mean, whatever is asked", () => {
  const rows = alongCpu([1, 2, 3], (cpu) => 100 * cpu);
  expect(answers(mean, rows, [[1], [50]])).toEqual([200, 200]);
  expect(parameter(mean, rows, "standard deviation")).toBeCloseTo(Math.sqrt(20_000 / 3), 9);
});
