import type { Screen } from "../screen.ts";
import { exploreKeys } from "./keys.ts";
import { type ExploreState, initialExplore, withTable } from "./state.ts";
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
    if (picker) return picker.many ? undefined : picker.search;
    return open === undefined && table.typing ? table.filter : undefined;
  },
  typed: ({ update }, field) =>
    update((state) =>
      state.picker ? { ...state, picker: { ...state.picker, search: field } } : withTable(state, { filter: field }),
    ),
};
