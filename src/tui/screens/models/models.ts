import { isMeasuring } from "../../store/runState.ts";
import type { Screen } from "../screen.ts";
import { compareModels, modelsKeys } from "./keys.ts";
import { initialModels, type ModelsState } from "./state.ts";
import { modelsLines } from "./view.ts";

/** Compares the prediction models, shows what they predicted, and what correlates with what. */
export const modelsScreen: Screen<ModelsState> = {
  id: "models",
  title: "Models",
  initial: initialModels,
  keys: modelsKeys,
  lines: modelsLines,
  refresh: (context) => {
    const { lab, state } = context;
    // To fit models to each trial as it comes would disturb the next one.
    const waits = state.learnedFrom >= 0 && isMeasuring(lab.run);
    if (lab.loaded && !waits) compareModels(context);
  },
};
