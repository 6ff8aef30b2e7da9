import { availableParallelism } from "node:os";
import type { Training } from "../../contract/index.ts";
import { mean } from "../../statistics/index.ts";
import { crossValidate, type Model, type Validation } from "./crossValidation.ts";

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
export async function validateAll(models: readonly Model[], training: Training, seed: number): Promise<Candidate[]> {
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
 * Where all rows are at one CPU limit, errors there say nothing of other limits: then of the models that know these, if there
 * are any. The first that is not shown to err more than the one with the least median relative error; `undefined` if none was
 * fitted. Those for comparison only are chosen where there are no others.
 */
export function choose(candidates: readonly Candidate[], { factors, x, y }: Training): Validation | undefined {
  const answering = candidates.filter(({ model }) => !model.comparisonOnly);
  const all = (answering.length > 0 ? answering : candidates).flatMap(({ validation }) => validation ?? []);
  const cpu = factors.indexOf("cpu");
  const atOneLimit = cpu >= 0 && x.every((row) => row[cpu] === x[0]![cpu]);
  const knowing = all.filter(({ model }) => atOneLimit && model.extrapolates?.includes("cpu"));
  const validations = knowing.length > 0 ? knowing : all;
  const least = Math.min(...validations.map(({ scores }) => scores.medianApe));
  const best = validations.find(({ scores }) => scores.medianApe === least);
  const errorsOf = ({ predicted }: Validation) => y.map((figure, i) => Math.abs(predicted[i]! / figure - 1));
  return (
    best &&
    validations.find((one) => one === best || withinNoise(byPoint(x, errorsOf(one)), byPoint(x, errorsOf(best))))
  );
}

/**
 * The errors of one model exceed those of another, point by point, by no more than a standard error of their mean
 * difference: the one-standard-error rule of Breiman et al., "Classification and Regression Trees" (1984), for pairs.
 */
function withinNoise(errors: readonly number[], others: readonly number[]): boolean {
  const differences = errors.map((error, point) => error - others[point]!);
  const centre = mean(differences);
  const variance = differences.reduce((sum, one) => sum + (one - centre) ** 2, 0) / Math.max(1, differences.length - 1);
  return centre <= Math.sqrt(variance / differences.length);
}

/** Mean error of the replicates of each point. */
function byPoint(x: Training["x"], errors: readonly number[]): number[] {
  return [...Map.groupBy(x.keys(), (row) => x[row]!.join()).values()].map((rows) =>
    mean(rows.map((row) => errors[row]!)),
  );
}
