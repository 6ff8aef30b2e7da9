import type { Engine } from "../../../src/core/engine.ts";
import type { TrialFilter } from "../../../src/core/store/store.ts";
import capacityLaw from "../../../src/plugins/models/capacity-law.ts";
import linear from "../../../src/plugins/models/linear.ts";
import mean from "../../../src/plugins/models/mean.ts";
import { predictions } from "../../../src/tui/services/predictions.ts";
import type { Services } from "../../../src/tui/services.ts";
import { recordedLab } from "./drive.ts";

/** The predictor as the console has it, on the recorded trials and with three quick models. */
export function recordedPredictor(): Pick<Services, "predict" | "curve" | "recommend" | "models"> {
  const models = [capacityLaw, linear, mean].map((plugin) => ({ plugin, source: "test", options: {} }));
  const engine = {
    registry: { list: () => models },
    store: { trials: ({ proxy }: TrialFilter) => recordedLab.trials.filter(({ point }) => point.proxy === proxy) },
  };
  return predictions(async () => engine as unknown as Engine);
}
