import type { Model } from "../../src/core/answer/learning/crossValidation.ts";
import { predictRows } from "../../src/core/answer/learning/crossValidation.ts";
import { fitPredictor } from "../../src/core/answer/learning/predictor.ts";
import { trainingRows } from "../../src/core/answer/learning/rows.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { geometricMean } from "../../src/core/statistics/index.ts";
import { bandsOf } from "../../src/core/statistics/trials/bands.ts";
import { atReferenceSpeed } from "../../src/core/statistics/trials/referenceSpeed.ts";
import { othersAtSpeedOf } from "./coverageCases.ts";
import { everyOther } from "./draws.ts";

/**
 * Relative errors of the curve that some visits give, against the means of all others at the same reference speed: at each
 * CPU limit. A limit without a band, as it was not visited, is asked of the predictor.
 */
export async function errorsAtLevels(
  drawn: readonly TrialRecord[],
  all: readonly TrialRecord[],
  models: readonly Model[],
): Promise<number[]> {
  const truths = truthsBeside(drawn, all);
  const corrected = atReferenceSpeed(drawn);
  const bands = new Map(bandsOf(corrected).map(({ point, smooth }) => [point.cpu, smooth.estimate]));
  const missing = [...truths.keys()].filter((cpu) => !bands.has(cpu));
  const predicted = await predictedAt(corrected, missing, models);
  return [...truths].map(([cpu, truth]) => off(bands.get(cpu) ?? predicted.get(cpu), truth));
}

/** The same at the limits between those that the drawn visits are of, by the predictor. */
export async function errorsBetween(
  drawn: readonly TrialRecord[],
  all: readonly TrialRecord[],
  models: readonly Model[],
): Promise<number[]> {
  const truths = truthsBeside(drawn, all);
  const asked = [...everyOther(all).between];
  const predicted = await predictedAt(atReferenceSpeed(drawn), asked, models);
  return asked.map((cpu) => off(predicted.get(cpu), truths.get(cpu)!));
}

function off(estimate: number | undefined, truth: number): number {
  return estimate === undefined ? Number.POSITIVE_INFINITY : Math.abs(estimate / truth - 1);
}

/** Rate by CPU limit. */
function truthsBeside(drawn: readonly TrialRecord[], all: readonly TrialRecord[]): Map<number, number> {
  const ids = new Set(drawn.map(({ id }) => id));
  const others = othersAtSpeedOf(
    drawn,
    all.filter(({ id }) => !ids.has(id)),
    all,
  );
  const groups = Map.groupBy(others, ({ point }) => point.cpu);
  return new Map(
    [...groups].map(([cpu, own]) => [cpu, geometricMean(own.map(({ result }) => result!.requestsPerSecond))]),
  );
}

async function predictedAt(
  visits: readonly TrialRecord[],
  cpu: readonly number[],
  models: readonly Model[],
): Promise<Map<number, number>> {
  if (cpu.length === 0) return new Map();
  const rows = trainingRows(visits);
  const predictor = await fitPredictor(models, rows, 42);
  if (!predictor.ok) return new Map();
  const { factors, x } = rows.training;
  const asked = cpu.map((limit) => factors.map((factor, at) => (factor === "cpu" ? limit : x[0]![at]!)));
  const rates = await predictRows(predictor.model, predictor.state, asked);
  return new Map(cpu.map((limit, at) => [limit, rates[at]!]));
}
