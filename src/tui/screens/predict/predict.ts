import type { Screen } from "../screen.ts";
import { ask } from "./ask.ts";
import { asking, predictKeys } from "./keys.ts";
import { initialPredict, isStale, type PredictState, waits } from "./state.ts";
import { conditionsBox, pasteBox, predictLines } from "./view.ts";

/** Asks the predictor: how much a proxy needs for a goal, and what it will do at given limits. */
export const predictScreen: Screen<PredictState> = {
  id: "predict",
  title: "Predict",
  initial: initialPredict,
  keys: predictKeys,
  lines: predictLines,
  over: (props) => conditionsBox(props) ?? pasteBox(props),
  field: ({ focus, fields, paste, picker }, { trials }) => {
    if (picker) return picker.search;
    return trials.length > 0 && focus.on === "field" && paste === undefined ? fields[focus.name] : undefined;
  },
  typed: (context, field) => {
    const { focus, fields, picker } = context.state;
    if (picker) return context.update((state) => ({ ...state, picker: { ...picker, search: field } }));
    if (focus.on !== "field") return;
    const { name } = focus;
    const change = (state: PredictState) => ({ ...state, fields: { ...state.fields, [name]: field } });
    if (fields[name].text === field.text) context.update(change);
    else asking(context, "all", change);
  },
  refresh: (context) => {
    const { lab, state } = context;
    if (lab.loaded && lab.trials.length > 0 && isStale(state, lab) && !waits(state, lab)) ask(context, "all");
  },
};
