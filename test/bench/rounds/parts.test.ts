import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { parts, plugins, roundsFor, sweepFlags } from "../../../bench/rounds/parts.ts";
import { Lab } from "../../../src/core/lab.ts";

const dir = mkdtempSync(join(tmpdir(), "parts-"));
const file = join(dir, "plugins.json");
writeFileSync(file, JSON.stringify(plugins));
const lab = await Lab.open({ plugins: file, store: ":memory:" });
afterAll(() => {
  lab.close();
  rmSync(dir, { recursive: true });
});

describe("the parts of a recording", () => {
  it("have all their plugins", () => expect(lab.pluginsInUse.problems).toEqual([]));

  it.each(parts)("are sweeps in rounds that the lab accepts: $name", async (part) => {
    const words = sweepFlags(part, 7);
    const flags = words.flatMap((word, at) => (word.startsWith("--") ? [[word.slice(2), words[at + 1]]] : []));
    const found = await lab.sweeps.preview(Object.fromEntries(flags));
    expect(found).toMatchObject({ points: part.visitsPerRound, trials: 7 * part.visitsPerRound });
    expect(found.spec.scenario.method).toBe("visit");
  });
});

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
