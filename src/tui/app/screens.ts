import { composeScreen } from "../screens/compose/compose.ts";
import { pluginsScreen } from "../screens/plugins/plugins.ts";
import { runScreen } from "../screens/run/run.ts";
import type { AnyScreen } from "./consoleState.ts";

/** The screens in the order of their tabs. */
export const screens: readonly AnyScreen[] = [composeScreen, runScreen, pluginsScreen];
