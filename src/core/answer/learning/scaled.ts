import type { Model } from "./crossValidation.ts";
import type { Predictor } from "./predictor.ts";

/**
 * A predictor whose figures, measured and predicted, are all multiplied by a factor: the same proxy on a machine that is
 * so much faster. What the load tool and the servers of the other machine could carry does not count any more.
 */
export function scaled(predictor: Predictor, factor: number): Predictor {
  const { rows, model, validation } = predictor;
  const times = (figures: readonly number[]) => figures.map((figure) => figure * factor);
  const scaledModel: Model = {
    ...model,
    predict: async (state, x) => times(await model.predict(state, x)),
  };
  return {
    ...predictor,
    rows: { ...rows, training: { ...rows.training, y: times(rows.training.y) }, ceilings: [] },
    model: scaledModel,
    validation: { ...validation, model: scaledModel, predicted: times(validation.predicted) },
  };
}
