import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smoothCurve } from "../../../src/core/statistics/curve.ts";

const places = [-3, -2.4, -1.8, -1.1, -0.6, 0];
const parabola = (x: number) => 8 + 0.9 * x - 0.05 * x ** 2;

describe("a smooth curve", () => {
  it("goes through a parabola, whatever the errors", () => {
    const variances = fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(variances, (own) => {
        const levels = places.map((x, at) => ({ x, y: parabola(x), variance: own[at]! }));
        smoothCurve(levels).levels.forEach(({ y, variance }, at) => {
          expect(y).toBeCloseTo(parabola(places[at]!), 6);
          expect(variance).toBeLessThanOrEqual(own[at]! * 1.0001);
        });
      }),
    );
  });

  it("leaves a level that is known well where it was found, however odd", () => {
    const levels = places.map((x, at) => ({ x, y: parabola(x) + (at === 2 ? 0.3 : 0), variance: 1e-6 }));
    smoothCurve(levels).levels.forEach(({ y }, at) => {
      expect(y).toBeCloseTo(levels[at]!.y, 2);
    });
  });

  it("draws a level that is known badly to its neighbours", () => {
    const levels = places.map((x, at) => ({
      x,
      y: parabola(x) + (at === 2 ? 0.2 : 0),
      variance: at === 2 ? 0.04 : 1e-4,
    }));
    const { y, variance } = smoothCurve(levels).levels[2]!;
    expect(Math.abs(y - parabola(places[2]!))).toBeLessThan(0.03);
    expect(variance).toBeLessThan(0.004);
  });

  it("is linear in what it smooths", () => {
    const levels = places.map((x, at) => ({ x, y: parabola(x) + 0.05 * Math.sin(7 * at), variance: 0.001 }));
    const { levels: smoothed, smooth } = smoothCurve(levels);
    const again = smooth(levels.map(({ y }) => 3 * y + 1));
    again.forEach((value, at) => {
      expect(value).toBeCloseTo(3 * smoothed[at]!.y + 1, 9);
    });
  });
});
