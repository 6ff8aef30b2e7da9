import type { TextField } from "../../widgets/field.ts";
import type { Screen } from "../screen.ts";
import { exploreKeys } from "./keys.ts";
import { type ExploreState, initialExplore } from "./state.ts";
import { exploreLines, pickerBox } from "./view.ts";

/** Looks at what was measured: any figure against any factor, each trial, what rises with what, and two sides compared. */
export const exploreScreen: Screen<ExploreState> = {
  id: "explore",
  title: "Explore",
  initial: initialExplore,
  keys: exploreKeys,
  lines: exploreLines,
  over: pickerBox,
  field: ({ picker, open, table }) => {
    if (picker) return picker.state.many ? undefined : picker.state.search;
    return open === undefined && table.typing ? table.filter : undefined;
  },
  typed: ({ update }, field) => update((state) => withField(state, field)),
};

function withField(state: ExploreState, field: TextField): ExploreState {
  const { picker } = state;
  if (picker) return { ...state, picker: { ...picker, state: { ...picker.state, search: field } } };
  return { ...state, table: { ...state.table, filter: field } };
}
