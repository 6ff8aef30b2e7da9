import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelPlugin, Training } from "../../../src/core/contract/index.ts";
import { loadPlugins } from "../../../src/core/hosting/load.ts";
import { answers, apart, QUESTIONS, rough, rowsOf } from "./data.ts";

const all = (await loadPlugins("plugins.json")).list("model").map(({ plugin }) => plugin as ModelPlugin);
const names = all.map(({ id }) => id);
const models = all.filter(({ openLoopsOnly }) => !openLoopsOnly);
/** What they answer depends on the order of the rows: they draw rows by number. */
const DRAW_BY_NUMBER = ["random-forest", "random-forest-log"];
/** What more CPU does is part of it, whatever the rows. */
const KNOWS_BETTER = "capacity-law";
const ANY_FIGURES = ["mean", "random-forest"];
const runs = { numRuns: 8, seed: 7 };

const STEADY = rowsOf([0.1, 0.2, 0.4, 0.6, 0.8, 1].flatMap((cpu) => [1, 2].map((servers) => [[cpu, servers], 500])));

function broken(training: Training, row: number, change: { x?: readonly number[]; y?: number }): Training {
  const { factors, x, y } = training;
  return { factors, x: x.with(row, change.x ?? x[row]!), y: y.with(row, change.y ?? y[row]!) };
}

it("has all the models that the project names", () => {
  expect(names).toEqual([
    "throttling-twin",
    "capacity-law",
    "capacity-law-gp",
    "linear",
    "polynomial",
    "gaussian-process",
    "forest",
    "random-forest-log",
    "random-forest",
    "k-nearest",
    "decision-tree",
    "mean",
  ]);
});

describe.each(models.map((model) => [model.id, model] as const))("the model %s", { timeout: 30_000 }, (id, model) => {
  if (!id.startsWith(KNOWS_BETTER)) {
    it("answers with the figure of rows that all have the same", () => {
      expect(apart(answers(model, STEADY, STEADY.x), STEADY.y)).toBeLessThan(1e-5);
    });
  }

  it("answers from rows that are all at one point", () => {
    const replicates = rowsOf(Array.from({ length: 8 }, (_, i) => [[0.5, 2], 1000 + i]));
    expect(apart(answers(model, replicates, [[0.5, 2]]), [1003.5])).toBeLessThan(0.01);
  });

  it("says which row is no number", () => {
    expect(() => answers(model, broken(STEADY, 3, { x: [Number.NaN, 1] }))).toThrow(/^row 3: cpu\b/);
    expect(() => answers(model, broken(STEADY, 4, { x: [0.2] }))).toThrow(/^row 4: servers\b/);
    expect(() => answers(model, broken(STEADY, 5, { y: Number.NaN }))).toThrow(/^row 5: .*\bNaN$/);
    expect(() => answers(model, broken(STEADY, 6, { y: Infinity }))).toThrow(/^row 6: .*\bInfinity$/);
  });

  it("says how many rows it needs", () => {
    const { factors, x, y } = STEADY;
    const few = model.minimumRows - 1;
    const wanted = new RegExp(`needs ${model.minimumRows} rows, got ${few}`);
    expect(() => model.fit({ factors, x: x.slice(0, few), y: y.slice(0, few) }, 1)).toThrow(wanted);
  });

  it("refuses figures of 0 where it learns logarithms, else answers", () => {
    const zero = broken(STEADY, 2, { y: 0 });
    if (ANY_FIGURES.includes(id)) expect(answers(model, zero, STEADY.x).every(Number.isFinite)).toBe(true);
    else expect(() => answers(model, zero)).toThrow(/^row 2: .*\b0$/);
  });

  it("predicts figures above 0, whatever the rows", () => {
    fc.assert(
      fc.property(rough, (training) => {
        for (const figure of answers(model, training)) expect(figure > 0 && figure < Infinity).toBe(true);
      }),
      runs,
    );
  });

  it("predicts the same for the same seed and from a state that went through JSON", () => {
    fc.assert(
      fc.property(rough, fc.integer({ min: -5, max: 2 ** 40 }), (training, seed) => {
        const state = model.fit(training, seed);
        const revived = JSON.parse(JSON.stringify(model.fit(training, seed)));
        expect(model.predict(revived, QUESTIONS)).toEqual(model.predict(state, QUESTIONS));
      }),
      runs,
    );
  });

  if (!DRAW_BY_NUMBER.includes(id)) {
    it("does not depend on the order of the rows", () => {
      fc.assert(
        fc.property(rough, ({ factors, x, y }) => {
          const turned = { factors, x: x.toReversed(), y: y.toReversed() };
          expect(apart(answers(model, turned), answers(model, { factors, x, y }))).toBeLessThan(1e-4);
        }),
        runs,
      );
    });
  }

  it("scales with the unit of the figure", () => {
    fc.assert(
      fc.property(rough, fc.integer({ min: -6, max: 6 }), ({ factors, x, y }, power) => {
        const scaled = { factors, x, y: y.map((figure) => figure * 10 ** power) };
        const expected = answers(model, { factors, x, y }).map((figure) => figure * 10 ** power);
        expect(apart(answers(model, scaled), expected)).toBeLessThan(1e-3);
      }),
      runs,
    );
  });

  it("explains itself with numbers", () => {
    const parameters = model.explain?.(model.fit(STEADY, 1)) ?? [];
    for (const { name, value, unit } of parameters) {
      expect(Number.isFinite(value), name).toBe(true);
      expect(unit, `${name}: it does not know which figure it learned`).not.toContain("request");
    }
  });
});
