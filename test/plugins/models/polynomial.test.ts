import { describe, expect, it } from "vitest";
import polynomial from "../../../src/plugins/models/polynomial.ts";
import { generator, normal } from "../../core/answer/synthetic.ts";
import { answers, apart, parameter, rowsOf } from "./data.ts";

const random = generator(3);
const POINTS = Array.from({ length: 40 }, () => [0.05 * 20 ** random(), 1 + Math.floor(4 * random()), 200 ** random()]);

function bent([cpu, servers, concurrency]: readonly number[]): number {
  const [a, b, c] = [Math.log(cpu!), Math.log(servers!), Math.log(concurrency!)];
  return Math.exp(8 + 0.9 * a - 0.2 * a * a + 0.1 * b + 0.3 * a * b - 0.05 * c * c);
}

describe("the polynomial", () => {
  it("follows bends and interactions", () => {
    const rows = rowsOf(POINTS.slice(0, 30).map((row) => [row, bent(row)]));
    const unseen = POINTS.slice(30);
    expect(apart(answers(polynomial, rows, unseen), unseen.map(bent))).toBeLessThan(0.01);
  });

  it("holds back where rows are fewer than its terms", () => {
    const rows = rowsOf(POINTS.slice(0, 7).map((row) => [row, bent(row)]));
    const figures = answers(polynomial, rows, POINTS);
    expect(Math.max(...figures)).toBeLessThan(5 * Math.max(...rows.y));
  });

  it("makes of noise little more than its mean", () => {
    const rows = rowsOf(POINTS.map((row) => [row, 1000 * Math.exp(0.3 * normal(random))]));
    const inside = answers(polynomial, rows, POINTS);
    const spread = Math.max(...inside) / Math.min(...inside);
    expect(spread).toBeLessThan(2);
    expect(Math.max(...rows.y) / Math.min(...rows.y)).toBeGreaterThan(3);
  });

  it("knows how far off it is on rows left out", () => {
    const rows = rowsOf(POINTS.map((row) => [row, bent(row) * Math.exp(0.1 * normal(random))]));
    expect(parameter(polynomial, rows, "scatter of rows left out")).toBeGreaterThan(8);
    expect(parameter(polynomial, rows, "scatter of rows left out")).toBeLessThan(18);
  });
});
