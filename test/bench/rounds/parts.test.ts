import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parts, roundsFor } from "../../../bench/rounds/parts.ts";

describe("the rounds of the parts of a recording", () => {
  it("take the time that is there together, whatever a visit takes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 15, max: 120 }),
        fc.double({ min: 0.8, max: 1.6, noNaN: true }),
        (minutes, each) => {
          let left = 60 * minutes;
          for (const [at, part] of parts.entries()) {
            const rounds = roundsFor(parts.slice(at), left, each);
            expect(rounds).toBeGreaterThanOrEqual(3);
            left -= rounds * part.visitsPerRound * part.slowness * each;
          }
          expect(Math.abs(left)).toBeLessThan(0.05 * 60 * minutes);
        },
      ),
    );
  });
});
