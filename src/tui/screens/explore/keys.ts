import { type KeyBinding, key, quietKey } from "../../keys.ts";
import { sortedBy, TABLE_KEYS } from "../../widgets/table/table.ts";
import type { ScreenContext } from "../screen.ts";
import { observationsOf, scopeOf, shownTrials } from "./data.ts";
import { bare, both, keysOnTop, move, unfiltered } from "./keysOnTop.ts";
import { arrangeObservations, rowsOfObservations } from "./observations.ts";
import { entriesFor, pickerFor } from "./pickers.ts";
import type { ExploreState, ExploreView, Purpose } from "./state.ts";

type Context = ScreenContext<ExploreState>;
type Binding = KeyBinding<Context>;

const hasRows = ({ state }: Context) => state.view === "chart" || state.view === "table";

const sortable = both(bare, hasRows);
const sorted = both(sortable, ({ state }) => state.table.sort !== undefined);
const listed = both(bare, ({ state }) => state.view !== "comparison");
const onFigure = both(bare, ({ state }) => state.view !== "observations");
const onChart = both(bare, ({ state }) => state.view === "chart");

const ownKeys: readonly Binding[] = [
  key("f", "figure", "Choose the figure that is drawn.", picking("figure"), onFigure),
  key("x", "against", "Choose the factor that it is drawn against.", picking("factor"), onChart),
  key("b", "by", "Choose the factors that get a line each.", picking("lines"), onChart),
  key(
    "p",
    "presets",
    "Questions that are often asked: one server against several, Traefik against HAProxy, and more.",
    picking("preset"),
    bare,
  ),
  key("w", "sweep", "Choose the sweep that is looked at, or all trials.", picking("sweep"), bare),
  key("/", "filter", "Filter trials: proxy=haproxy cpu<0.5 verdict=proxy-bound.", typeFilter, sortable),
  key("s", "sort", "Choose the column that the table is sorted by.", picking("sort"), sortable),
  quietKey("S", "reverse", "Sort the other way round.", ({ update }) => update(reversed), sorted),
  key("t", "table", "The table of the trials alone, and back.", viewing("table"), bare),
  key("o", "observations", "What rises with what.", viewing("observations"), bare),
  key("c", "compare", "Compare two proxies of a sweep, or two sweeps.", comparing, bare),
  key(
    "enter",
    "open",
    "Open the trial's record, with its evidence; among observations: draw the figure.",
    open,
    listed,
  ),
  quietKey(TABLE_KEYS, "move", "Move in the table.", move, listed),
  quietKey("escape", "back", "Clear the filter, or go back to the chart.", ({ update }) => update(back), bare),
];

/** All keys of the screen; those of what lies on top come first. */
export const exploreKeys: readonly Binding[] = [...keysOnTop, ...ownKeys];

function picking(purpose: Purpose): Binding["run"] {
  return ({ lab, update }) => update((state) => pickerFor(purpose, state, lab));
}

function viewing(view: ExploreView): Binding["run"] {
  return ({ update }) => update((state) => ({ ...state, view: state.view === view ? "chart" : view }));
}

function typeFilter({ update }: Context): void {
  update((state) => ({ ...state, table: { ...state.table, typing: true } }));
}

function reversed(state: ExploreState): ExploreState {
  return { ...state, table: sortedBy(state.table, state.table.sort!.column) };
}

function comparing({ update, lab, app, state }: Context): void {
  const [entry] = entriesFor("first", state, lab);
  if (entry) update((now) => pickerFor("first", now, lab));
  else app.say("nothing to compare: one proxy of one sweep", "bad");
}

function open({ state, lab, update }: Context): void {
  if (state.view === "observations") {
    const { rows, at } = arrangeObservations(
      rowsOfObservations(observationsOf(scopeOf(state, lab))),
      state.observations,
    );
    const row = rows[at];
    if (row) update((now) => ({ ...now, view: "chart", figure: row.figure }));
    return;
  }
  const { rows, at } = shownTrials(state, lab);
  const row = rows[at];
  if (row) update((now) => ({ ...now, table: { ...now.table, cursor: row.id }, open: row.id }));
}

function back(state: ExploreState): ExploreState {
  return state.table.filter.text === "" ? { ...state, view: "chart" } : unfiltered(state);
}
