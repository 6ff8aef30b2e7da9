import { describe, expect, it } from "vitest";
import { normalQuantile, random } from "../../../src/core/statistics/index.ts";
import { lineCrossing } from "../../../src/core/statistics/lineCrossing.ts";

const draw = random(3);
const normal = () => normalQuantile(Math.max(1e-12, draw()));
/** Crosses 0 at 2. */
const line = (x: number, noise: number) => ({ x, y: -1.5 * (x - 2) + noise * normal() });
const places = [1, 1.5, 1.8, 2, 2.1, 2.4, 3];

describe("where a falling line crosses 0", () => {
  it("is found exactly without noise", () => {
    const found = lineCrossing(
      places.map((x) => line(x, 0)),
      0.9,
    )!;
    for (const value of Object.values(found)) expect(value).toBeCloseTo(2, 6);
  });

  it("lies in its interval, and a further value below 0, as often as said", () => {
    const tries = 600;
    let [inside, below] = [0, 0];
    for (let index = 0; index < tries; index++) {
      const found = lineCrossing(
        places.map((x) => line(x, 0.2)),
        0.9,
      )!;
      if (found.low <= 2 && 2 <= found.high) inside++;
      if (line(found.forNext, 0.2).y < 0) below++;
    }
    expect(Math.abs(inside / tries - 0.9)).toBeLessThan(0.05);
    expect(Math.abs(below / tries - 0.9)).toBeLessThan(0.05);
  });

  it("is not known of a rising line, and from three values", () => {
    expect(
      lineCrossing(
        places.slice(0, 3).map((x) => line(x, 0)),
        0.9,
      ),
    ).toBeUndefined();
    expect(
      lineCrossing(
        places.map((x) => ({ x, y: x - 2 })),
        0.9,
      ),
    ).toBeUndefined();
  });
});
