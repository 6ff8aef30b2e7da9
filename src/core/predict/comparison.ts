import { availableParallelism } from "node:os";
import type { Training } from "../contract/index.ts";
import { median } from "../statistics/index.ts";
import { crossValidate, type Model, type Validation } from "./crossValidation.ts";
import { configurations } from "./folds.ts";

/** A model as one entry of the comparison: how it did, or why it could not be used. */
export interface Candidate {
  readonly model: Model;
  readonly validation?: Validation;
  readonly failure?: string;
}

/**
 * Validates each model on the same folds; a model that cannot be fitted gets its reason instead. As many at a time as
 * there are cores, since models may learn in threads.
 */
export async function compare(models: readonly Model[], training: Training, seed: number): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  const left = models.entries();
  const lane = async () => {
    for (const [place, model] of left) candidates[place] = await candidateOf(model, training, seed);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return candidates;
}

async function candidateOf(model: Model, training: Training, seed: number): Promise<Candidate> {
  try {
    return { model, validation: await crossValidate(model, training, seed) };
  } catch (error) {
    return { model, failure: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The first whose median relative error is within one standard error of the least; `undefined` if none was fitted. Those
 * for comparison only are chosen where there are no others.
 */
export function choose(candidates: readonly Candidate[], training: Training): Validation | undefined {
  const answering = candidates.filter(({ model }) => !model.comparisonOnly);
  const validations = (answering.length > 0 ? answering : candidates).flatMap(({ validation }) => validation ?? []);
  const least = Math.min(...validations.map(({ scores }) => scores.medianApe));
  const best = validations.find(({ scores }) => scores.medianApe === least);
  return best && validations.find(({ scores }) => scores.medianApe <= least + noiseOf(best, training));
}

/** Standard error of a median of normal values. Replicates share a configuration and count as one. */
function noiseOf({ predicted, scores }: Validation, { x, y }: Training): number {
  const errors = y.map((figure, i) => Math.abs(predicted[i]! / figure - 1));
  const deviation = 1.4826 * median(errors.map((error) => Math.abs(error - scores.medianApe)));
  return (1.2533 * deviation) / Math.sqrt(configurations(x).length);
}
