import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawnVisits, everyOther } from "../../../bench/rounds/draws.ts";
import { secondsOf } from "../../../bench/rounds/report.ts";
import { simulatedVisits } from "../../../bench/rounds/simulate.ts";
import { random } from "../../../src/core/statistics/index.ts";

const cpu = [0.05, 0.1, 0.2, 0.4, 0.6, 0.9];
const visits = simulatedVisits({ id: "curve", cpu, rounds: 8, proxies: { haproxy: 10_000 } });

describe("visits drawn from a recording", () => {
  it("follow one another, and take no longer than asked but for one visit more", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 2, max: 40, noNaN: true }), (seed, seconds) => {
        const drawn = drawnVisits(visits, seconds, random(seed));
        const [first] = drawn;
        expect(drawn.map(({ sequence }) => sequence)).toEqual(
          drawn.map((_, at) => (first!.sequence + at) % visits.length),
        );
        expect(secondsOf(drawn)).toBeLessThanOrEqual(seconds);
        expect(secondsOf(drawn)).toBeGreaterThan(seconds - 2 * visits[0]!.timing!.total);
      }),
    );
  });

  it("are all where more is asked for than there is", () => {
    expect(drawnVisits(visits, 1e6, random(1))).toHaveLength(visits.length);
  });
});

describe("every other level", () => {
  it("leaves none between that is not among neighbours that are known", () => {
    expect(everyOther(visits)).toEqual({ known: new Set([0.05, 0.2, 0.6, 0.9]), between: new Set([0.1, 0.4]) });
  });
});
