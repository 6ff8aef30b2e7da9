import { composeScreen } from "../screens/compose/compose.ts";
import { exploreScreen } from "../screens/explore/explore.ts";
import { modelsScreen } from "../screens/models/models.ts";
import { pluginsScreen } from "../screens/plugins/plugins.ts";
import { predictScreen } from "../screens/predict/predict.ts";
import { runScreen } from "../screens/run/run.ts";
import type { AnyScreen } from "./consoleState.ts";

/** The screens in the order of their tabs. */
export const screens: readonly AnyScreen[] = [
  composeScreen,
  runScreen,
  exploreScreen,
  predictScreen,
  modelsScreen,
  pluginsScreen,
];
