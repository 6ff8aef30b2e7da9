import fc from "fast-check";
import type { ModelPlugin, Training } from "../../../src/core/contract/index.ts";

/** Rows of cpu, servers and concurrency with any figures, as samples of fast-check. */
export const rough = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }).map((step) => step / 20),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(1, 8, 32, 128),
      fc.integer({ min: 1, max: 10_000 }),
    ),
    { minLength: 8, maxLength: 20 },
  )
  .map((rows) => rowsOf(rows.map(([cpu, servers, concurrency, figure]) => [[cpu, servers, concurrency], figure])));

export const QUESTIONS = [
  [0.05, 1, 1],
  [0.33, 2, 8],
  [0.7, 3, 20],
  [2, 4, 128],
];

export function rowsOf(rows: readonly (readonly [levels: readonly number[], figure: number])[]): Training {
  const x = rows.map(([levels]) => levels);
  return { factors: ["cpu", "servers", "concurrency"].slice(0, x[0]!.length), x, y: rows.map(([, figure]) => figure) };
}

/** Rows of cpu alone. */
export function alongCpu(cpus: readonly number[], rate: (cpu: number) => number): Training {
  return rowsOf(cpus.map((cpu) => [[cpu], rate(cpu)] as const));
}

/** Figures that a model predicts at the levels of `x`, fitted to the training with seed 1. */
export function answers(
  model: ModelPlugin,
  training: Training,
  x: readonly (readonly number[])[] = QUESTIONS,
): number[] {
  return model.predict(model.fit(training, 1), x);
}

/** Largest |a/b - 1|. */
export function apart(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value / b[i]! - 1)));
}

export function parameter(model: ModelPlugin, training: Training, name: string): number | undefined {
  return model.explain?.(model.fit(training, 1)).find((one) => one.name === name)?.value;
}
