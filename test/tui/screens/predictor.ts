import { Answers } from "../../../src/core/answer/ask.ts";
import { type Ground, Learning } from "../../../src/core/answer/source.ts";
import { silentFace } from "../../../src/core/domain/face.ts";
import { Registry } from "../../../src/core/hosting/registry.ts";
import { Preferences } from "../../../src/core/preferences.ts";
import type { TrialFilter } from "../../../src/core/store/store.ts";
import capacityLaw from "../../../src/plugins/models/capacity-law.ts";
import linear from "../../../src/plugins/models/linear.ts";
import mean from "../../../src/plugins/models/mean.ts";
import type { Services } from "../../../src/tui/services.ts";
import type { LabState } from "../../../src/tui/store/labState.ts";
import { recordedLab } from "./drive.ts";

/** The predictor as the console has it, on the recorded trials or others, and with three quick models. */
export function recordedPredictor({
  trials,
  sweeps,
}: Pick<LabState, "trials" | "sweeps"> = recordedLab): Pick<Services, "predict" | "curve" | "recommend" | "models"> {
  const ground: Ground = {
    registry: new Registry([]),
    store: {
      path: ":memory:",
      lastPlace: () => trials.length,
      sweeps: () => [...sweeps],
      trials: ({ proxy }: TrialFilter = {}) => trials.filter(({ point }) => point.proxy === proxy),
    },
    host: { cores: 2 },
    models: () => [capacityLaw, linear, mean],
  };
  const nothingRuns = () => Promise.reject(new Error("nothing is measured here"));
  const answers = new Answers(new Learning(ground, nothingRuns, silentFace), new Preferences("/nonexistent"));
  return {
    predict: (...asked) => answers.predict(...asked),
    curve: (about, target, fixed, confidence, options) =>
      answers.curve(about, target, fixed, confidence, { count: 40, ...options }),
    recommend: (...asked) => answers.recommend(...asked),
    models: (...asked) => answers.models(...asked),
  };
}
