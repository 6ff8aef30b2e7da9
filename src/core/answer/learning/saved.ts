import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as v from "valibot";
import type { ModelState } from "../../contract/index.ts";
import type { LearnedFigure } from "../../domain/figures.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { LabError, messageOf } from "../../errors.ts";
import { trialOfToday } from "../../store/earlier.ts";
import { replaceFile } from "../../store/output.ts";
import { loopOf } from "./comparable.ts";
import { type Conditions, conditionsOf } from "./conditions.ts";
import type { Model, Validation } from "./crossValidation.ts";
import type { Predictor, Predictors } from "./predictor.ts";
import type { Rows } from "./rows.ts";

/** Raised when a field changes its meaning. */
const format = 1;

/** Predictors of one proxy as plain data, with all that they learned from. */
export interface SavedModels {
  readonly proxyLabModels: typeof format;
  readonly savedAt: string;
  readonly labVersion: string;
  readonly seed: number;
  /** What they learned from. */
  readonly data: {
    /** Of the rows; the same rows have the same. */
    readonly hash: string;
    readonly trials: readonly string[];
    readonly sweepIds: readonly string[];
    /** Of the machine and of the programs, from the newest trial. */
    readonly environment: TrialRecord["environment"];
    /** What the trials have in common. */
    readonly conditions: Conditions;
  };
  /** How the trials were made, for trials like them. */
  readonly example: Pick<TrialRecord, "point" | "scenario" | "speed" | "options">;
  readonly predictors: readonly SavedPredictor[];
}

interface SavedPredictor {
  readonly rows: Rows;
  readonly model: string;
  readonly state: ModelState;
  readonly validation: Omit<Validation, "model">;
  /** Of a calibration; 1 without one. */
  readonly factor: number;
}

/** What a file of saved models holds. */
export interface SavedSummary extends Pick<SavedModels, "savedAt" | "labVersion" | "seed" | "data"> {
  readonly ok: true;
  readonly proxy: string;
  /** Id of the model that answers about each figure. */
  readonly models: Readonly<Partial<Record<LearnedFigure, string>>>;
}

/** Only what a wrong file would lack; the rest was written by the lab. */
const shape = v.looseObject({
  proxyLabModels: v.literal(format),
  data: v.looseObject({ hash: v.string(), trials: v.array(v.string()), conditions: v.looseObject({}) }),
  example: v.looseObject({ point: v.looseObject({ proxy: v.string() }) }),
  predictors: v.array(v.looseObject({ model: v.string(), factor: v.number() })),
});

/** Predictors as they are saved. */
export function save(predictors: Predictors, records: readonly TrialRecord[], seed: number): SavedModels {
  const known = Object.values(predictors);
  const used = new Set(known[0]!.rows.trials);
  const teaching = records.filter(({ id }) => used.has(id));
  const newest = teaching.at(-1)!;
  const { point, scenario, speed, options, environment } = newest;
  return {
    proxyLabModels: format,
    savedAt: new Date().toISOString(),
    labVersion: environment.labVersion,
    seed,
    data: {
      hash: hashOf(known[0]!.rows),
      trials: [...used],
      sweepIds: [...new Set(teaching.map(({ sweepId }) => sweepId))],
      environment,
      conditions: conditionsOf(newest),
    },
    example: { point, scenario, ...(speed && { speed }), ...(options && { options }) },
    predictors: known.map(({ rows, model, state, validation: { model: _, ...validation } }) => {
      return { rows, model: model.id, state, validation, factor: 1 };
    }),
  };
}

/** The same models with the factors of a calibration. */
export function withFactors(
  saved: SavedModels,
  factors: Readonly<Partial<Record<LearnedFigure, number>>>,
): SavedModels {
  const predictors = saved.predictors.map((one) => ({ ...one, factor: one.factor * (factors[one.rows.target] ?? 1) }));
  return { ...saved, predictors };
}

export function savedSummary({ savedAt, labVersion, seed, data, example, predictors }: SavedModels): SavedSummary {
  const models = Object.fromEntries(predictors.map(({ rows, model }) => [rows.target, model]));
  return { ok: true, proxy: example.point.proxy, savedAt, labVersion, seed, data, models };
}

/** Saved models of a file. Throws LAB_USAGE. */
export async function loadSaved(file: string): Promise<SavedModels> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new LabError("LAB_USAGE", `--from: ${file} cannot be read: ${messageOf(cause)}`, { cause });
  });
  return readSaved(text, file);
}

/** Throws LAB_USAGE. */
export async function writeSaved(file: string, saved: SavedModels): Promise<void> {
  await replaceFile(file, `${JSON.stringify(saved)}\n`, 0o600).catch((cause) => {
    throw new LabError("LAB_USAGE", `--save: ${file} cannot be written: ${messageOf(cause)}`, { cause });
  });
}

/** What a text holds. Throws LAB_USAGE where that are no saved models of this version. */
export function readSaved(text: string, file: string): SavedModels {
  try {
    const saved = v.parse(shape, JSON.parse(text)) as unknown as SavedModels;
    const example = trialOfToday(saved.example);
    // Earlier labs had the rate of an open loop among the conditions.
    const { rate: _, ...conditions } = saved.data.conditions;
    return { ...saved, example, data: { ...saved.data, conditions: { loop: loopOf(example), ...conditions } } };
  } catch (cause) {
    throw new LabError("LAB_USAGE", `${file} does not hold models that this version of the lab has saved`, {
      help: "save some: ./lab models --proxy NAME --save FILE",
      cause,
    });
  }
}

/** Saved predictors, ready to be asked. `modelOf` gives the model of an id, and throws where there is none. */
export function restore(saved: SavedModels, modelOf: (id: string) => Model): Predictors {
  const restored = saved.predictors.map(
    ({ rows, model: id, state, validation, factor }): [LearnedFigure, Predictor] => {
      const model = modelOf(id);
      const whole = { ...validation, model };
      const candidates = [{ model, validation: whole }];
      const predictor: Predictor = { ok: true, rows, model, state, validation: whole, candidates };
      return [rows.target, factor === 1 ? predictor : scaled(predictor, factor)];
    },
  );
  return Object.fromEntries(restored);
}

/** Identifies rows by all that a model learns from them. */
export function hashOf({ trials, training: { factors, x, y } }: Rows): string {
  return createHash("sha256")
    .update(JSON.stringify([trials, factors, x, y]))
    .digest("hex");
}

/**
 * A predictor whose figures, measured and predicted, are all multiplied by a factor: the same proxy on a machine that is
 * so much faster. What the load tool and the servers of the other machine could carry does not count any more, nor do
 * the readings of its probe.
 */
export function scaled(predictor: Predictor, factor: number): Predictor {
  const { model, validation } = predictor;
  const { speed: _, ...rows } = predictor.rows;
  const times = (figures: readonly number[]) => figures.map((figure) => figure * factor);
  const runs = rows.runs?.map(times);
  const scaledModel: Model = {
    ...model,
    predict: async (state, x) => times(await model.predict(state, x)),
    ...(model.outcomes && { outcomes: async (state, x) => (await model.outcomes!(state, x)).map(times) }),
  };
  return {
    ...predictor,
    rows: { ...rows, training: { ...rows.training, y: times(rows.training.y) }, ...(runs && { runs }), ceilings: [] },
    model: scaledModel,
    validation: { ...validation, model: scaledModel, predicted: times(validation.predicted) },
  };
}
