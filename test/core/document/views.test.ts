import { describe, expect, it } from "vitest";
import { comparableConditions } from "../../../src/core/document/conditions.ts";
import { viewsOf } from "../../../src/core/document/views.ts";
import { trial } from "../../fixtures/madeRecords.ts";

describe("the views of a report", () => {
  const at = (requestsPerSecond?: number) =>
    [0.1, 0.3].map((cpu) => trial({ cpu, ...(requestsPerSecond !== undefined && { requestsPerSecond }) }));
  const linesOf = (records: ReturnType<typeof at>) =>
    comparableConditions(records)
      .flatMap(viewsOf)
      .map(({ by }) => by);

  it("have a line for each offered rate, the closed loop apart", () => {
    expect(linesOf([...at(200), ...at(400)])).toEqual([["cpu"], ["proxy", "rate"]]);
    expect(linesOf([...at(200), ...at()])).toEqual([["proxy", "rate"]]);
  });

  it("begin with the latency of each proxy against its rates, where there are several", () => {
    const records = [...at(200), ...at(400), ...at()];
    const [first, ...others] = comparableConditions(records).flatMap(viewsOf);
    expect(first).toMatchObject({ x: "rate", by: ["cpu"], figures: ["latencyMs.p99"] });
    expect(first!.records).toHaveLength(4);
    expect(others.map(({ x }) => x)).toEqual(["cpu"]);
  });

  it("have none where there is one rate, or no rate", () => {
    expect(linesOf(at())).toEqual([["proxy"]]);
    expect(linesOf(at(200))).toEqual([["proxy"]]);
  });
});
