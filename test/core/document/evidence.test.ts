import { describe, expect, it } from "vitest";
import { evidenceTable } from "../../../src/core/document/evidence.ts";
import { trial } from "../../fixtures/madeRecords.ts";

const MiB = 2 ** 20;
const cpus = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];

/** Each point twice, at four memory limits; the rate follows CPU and a factor for each limit. */
function records(factors: readonly number[]) {
  return factors.flatMap((factor, level) =>
    cpus.flatMap((cpu) =>
      [0.98, 1.02].map((noise) =>
        trial({ cpu, memoryBytes: 32 * MiB * 2 ** level, rate: 1000 * cpu * factor * noise }),
      ),
    ),
  );
}

/** What the table says of requests/s and the memory limit. */
function ofMemory(factors: readonly number[]): string {
  const { rows } = evidenceTable(records(factors));
  return rows.find(([, figure]) => figure === "requests/s")![3] as string;
}

describe("the evidence of observations", () => {
  it("says what the ratio between the outer levels leaves no doubt of, also where ranks show no trend", () => {
    expect(ofMemory([0.5, 1.1, 1, 0.9])).toMatch(
      /^\+; ρ 0\.\d\d \(−.*×1\.\d\d \(1\.\d\d to \d\.\d\d\) from 32 MiB to 256 MiB$/,
    );
    expect(ofMemory([1, 0.45, 0.5, 0.55])).toMatch(/^−; ρ −.*×0\.5\d \(0\.\d\d to 0\.\d\d\)/);
  });

  it("shows no effect where the ratio holds none, though ranks follow a small one", () => {
    expect(ofMemory([1, 1.001, 1.002, 1.003])).toMatch(/^0; ρ 0\.\d\d \(0.*× ?(0\.9\d|1\.0\d) \(0\.\d\d to 1\.\d\d\)/);
  });
});
