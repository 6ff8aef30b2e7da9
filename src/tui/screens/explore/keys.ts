import type { KeyBinding, KeyName } from "../../keys.ts";
import { fieldOf } from "../../widgets/field.ts";
import { sortedBy, TABLE_KEYS } from "../../widgets/table/table.ts";
import type { ScreenContext } from "../screen.ts";
import { observationsOf, scopeOf, shownTrials } from "./data.ts";
import { bare, both, keysOnTop, move } from "./keysOnTop.ts";
import { arrangeObservations, observationRows } from "./observations.ts";
import { entriesFor, pickerFor } from "./pickers.ts";
import type { ExploreState, ExploreView, Purpose } from "./state.ts";

type Context = ScreenContext<ExploreState>;
type Binding = KeyBinding<Context>;

const hasRows = ({ state }: Context) => state.view === "chart" || state.view === "table";

const ownKeys: readonly Binding[] = [
  opens("f", "figure", "figure", "Choose the figure that is drawn.", ({ state }) => state.view !== "observations"),
  opens("x", "against", "factor", "Choose the factor that it is drawn against.", ({ state }) => state.view === "chart"),
  opens("b", "by", "lines", "Choose the factors that get a line each.", ({ state }) => state.view === "chart"),
  opens(
    "p",
    "presets",
    "preset",
    "Questions that are often asked: one server against several, Traefik against HAProxy, and more.",
  ),
  opens("w", "sweep", "sweep", "Choose the sweep that is looked at, or all trials."),
  {
    keys: ["/"],
    title: "filter",
    help: "Filter trials: proxy=haproxy cpu<0.5 verdict=proxy-bound.",
    when: both(bare, hasRows),
    run: ({ update }) => update((state) => ({ ...state, table: { ...state.table, typing: true } })),
  },
  opens("s", "sort", "sort", "Choose the column that the table is sorted by.", hasRows),
  {
    keys: ["S"],
    title: "reverse",
    help: "Sort the other way round.",
    quiet: true,
    when: both(both(bare, hasRows), ({ state }) => state.table.sort !== undefined),
    run: ({ update }) => update((state) => ({ ...state, table: sortedBy(state.table, state.table.sort!.column) })),
  },
  view("t", "table", "table", "The table of the trials alone, and back."),
  view("o", "observations", "observations", "What rises with what."),
  {
    keys: ["c"],
    title: "compare",
    help: "Compare two proxies of a sweep, or two sweeps.",
    when: bare,
    run: ({ update, lab, app, state }) => {
      const [entry] = entriesFor("first", state, lab);
      if (!entry) return app.say("nothing to compare: one proxy of one sweep", "bad");
      update((now) => pickerFor("first", now, lab));
    },
  },
  {
    keys: ["enter"],
    title: "open",
    help: "Open the trial's record, with its evidence; among observations: draw the figure.",
    when: both(bare, ({ state }) => state.view !== "comparison"),
    run: open,
  },
  {
    keys: TABLE_KEYS,
    title: "move",
    help: "Move in the table.",
    quiet: true,
    when: both(bare, ({ state }) => state.view !== "comparison"),
    run: move,
  },
  {
    keys: ["escape"],
    title: "back",
    help: "Clear the filter, or go back to the chart.",
    quiet: true,
    when: bare,
    run: ({ update }) => update(back),
  },
];

/** All keys of the screen; those of what lies on top come first. */
export const exploreKeys: readonly Binding[] = [...keysOnTop, ...ownKeys];

function opens(
  key: KeyName,
  title: string,
  purpose: Purpose,
  help: string,
  when: (context: Context) => boolean = () => true,
): Binding {
  return {
    keys: [key],
    title,
    help,
    when: both(bare, when),
    run: ({ lab, update }) => update((state) => pickerFor(purpose, state, lab)),
  };
}

function view(key: KeyName, title: string, to: ExploreView, help: string): Binding {
  return {
    keys: [key],
    title,
    help,
    when: bare,
    run: ({ update }) => update((state) => ({ ...state, view: state.view === to ? "chart" : to })),
  };
}

function open({ state, lab, update }: Context): void {
  if (state.view === "observations") {
    const { rows, at } = arrangeObservations(observationRows(observationsOf(scopeOf(state, lab))), state.observations);
    const row = rows[at];
    if (row) update((now) => ({ ...now, view: "chart", figure: row.figure }));
    return;
  }
  const { rows, at } = shownTrials(state, lab);
  const row = rows[at];
  if (row) update((now) => ({ ...now, table: { ...now.table, cursor: row.id }, open: row.id }));
}

function back(state: ExploreState): ExploreState {
  if (state.table.filter.text !== "") return { ...state, table: { ...state.table, filter: fieldOf("") } };
  return { ...state, view: "chart" };
}
