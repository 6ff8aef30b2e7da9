import { expect, it } from "vitest";
import { fitRidge, predictRidge } from "../../../../src/plugins/models/polynomial/ridge.ts";
import { generator, normal } from "../../../core/answer/synthetic.ts";

const random = generator(11);
const FEATURES = Array.from({ length: 12 }, () => [normal(random), normal(random), normal(random)]);
const VALUES = FEATURES.map(([a, b]) => 2 + a! - 0.5 * b! + 0.3 * normal(random));

it("the error on rows left out is that of fits without each of them, at the same penalty", () => {
  const { heldOutError } = fitRidge(FEATURES, VALUES);
  const errors = VALUES.map((value, i) => {
    const [features, values] = [FEATURES.filter((_, row) => row !== i), VALUES.filter((_, row) => row !== i)];
    return value - predictRidge(fitRidge(features, values), FEATURES[i]!);
  });
  // Not quite: each fit standardises its own rows, and may choose another penalty.
  const brute = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  expect(heldOutError / brute).toBeGreaterThan(0.9);
  expect(heldOutError / brute).toBeLessThan(1.1);
});

it("weighs features that say the same alike", () => {
  const { weights } = fitRidge(
    FEATURES.map(([a]) => [a!, a!]),
    FEATURES.map(([a]) => 3 * a!),
  );
  expect(weights[0]).toBeCloseTo(weights[1]!, 9);
});
