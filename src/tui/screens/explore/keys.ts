import { type KeyBinding, type KeyName, key, quietKey } from "../../keys.ts";
import { fieldOf } from "../../widgets/field.ts";
import { LIST_KEYS } from "../../widgets/list.ts";
import { entryAt, pickerAfter } from "../../widgets/picker.ts";
import { cursorMoved, sortedBy, TABLE_KEYS } from "../../widgets/table/table.ts";
import type { ScreenContext } from "../screen.ts";
import { exploredMaps, shownObservations, shownTrials, speedOf } from "./data.ts";
import { entriesFor, picked, pickerFor } from "./pickers.ts";
import { type ExploreState, type ExploreView, type Purpose, withTable } from "./state.ts";
import { observationTableKind, trialTableKind } from "./tables.ts";

type Context = ScreenContext<ExploreState>;
type Binding = KeyBinding<Context>;

const listOpen = ({ state }: Context) => state.picker !== undefined;
const manyCanBePicked = ({ state }: Context) => state.picker?.many === true;
const recordOpen = ({ state }: Context) => !state.picker && state.open !== undefined;
const typing = ({ state }: Context) => !state.picker && state.open === undefined && state.table.typing;

/** Nothing lies over the screen, and no filter is typed. */
const bare = ({ state }: Context) => !state.picker && state.open === undefined && !state.table.typing;
const showing =
  (...views: ExploreView[]) =>
  (context: Context) =>
    bare(context) && views.includes(context.state.view);
const onChart = showing("chart");
const onTrials = showing("chart", "map", "table");
const onTable = showing("chart", "map", "table", "observations");
const mappable = (context: Context) =>
  bare(context) && (context.state.view === "map" || exploredMaps(context.state, context.lab).length > 0);
const probed = (context: Context) => bare(context) && speedOf(context.state, context.lab) !== undefined;
const sorted = (context: Context) => onTrials(context) && context.state.table.sort !== undefined;

/** Keys of the lists that lie over the screen. */
const listKeys: readonly Binding[] = [
  quietKey(LIST_KEYS, "move", "Move in the list; letters search it.", changeList, listOpen),
  key("space", "check", "Check an entry, or uncheck it.", changeList, manyCanBePicked),
  key("a", "all", "Check all entries, or none.", changeList, manyCanBePicked),
  key("enter", "choose", "Take the entry that is marked, or all that are checked.", choose, listOpen),
  key("escape", "back", "Close the list.", ({ update }) => update((now) => ({ ...now, picker: undefined })), listOpen),
];

/** Keys of the record that lies over the screen. */
const recordKeys: readonly Binding[] = [
  key("up k left", "previous", "Go to the trial above.", step("up"), recordOpen),
  key("down j right", "next", "Go to the trial below.", step("down"), recordOpen),
  key(
    "escape enter backspace",
    "back",
    "Close the record.",
    ({ update }) => update((now) => ({ ...now, open: undefined })),
    recordOpen,
  ),
];

/** Keys while a filter is typed, besides those of its field. */
const typingKeys: readonly Binding[] = [
  key("enter", "keep", "Keep the filter and leave its line.", ({ update }) => update(filterLeft), typing),
  key("escape", "clear", "Clear the filter.", ({ update }) => update((now) => filterLeft(unfiltered(now))), typing),
  quietKey("up down pageup pagedown", "move", "Move in the table.", move, typing),
];

const ownKeys: readonly Binding[] = [
  key(
    "f",
    "figure",
    "Choose the figure that is drawn.",
    picking("figure"),
    showing("chart", "map", "table", "comparison"),
  ),
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
  key(
    "/",
    "filter",
    "Filter trials: proxy=haproxy cpu<0.5 verdict=proxy-bound.",
    ({ update }) => update((now) => withTable(now, { typing: true })),
    onTrials,
  ),
  key("s", "sort", "Choose the column that the table is sorted by.", picking("sort"), onTrials),
  quietKey("S", "reverse", "Sort the other way round.", ({ update }) => update(reversed), sorted),
  key("t", "table", "The table of the trials alone, and back.", viewing("table"), bare),
  key("m", "map", "The figure over CPU limits and offered rates, and back.", viewing("map"), mappable),
  key("o", "observations", "What rises with what.", viewing("observations"), bare),
  key("r", "raw", "Figures at the machine's reference speed, or as they were measured.", otherFigures, probed),
  key("c", "compare", "Compare two proxies of a sweep, or two sweeps.", comparing, bare),
  key(
    "enter",
    "open",
    "Open the trial's record, with its evidence; among observations: draw the figure.",
    open,
    onTable,
  ),
  quietKey(TABLE_KEYS, "move", "Move in the table.", move, onTable),
  quietKey("escape", "back", "Clear the filter, or go back to the chart.", ({ update }) => update(back), bare),
];

/** All keys of the screen; those of what lies on top come first. */
export const exploreKeys: readonly Binding[] = [...listKeys, ...recordKeys, ...typingKeys, ...ownKeys];

function picking(purpose: Purpose): Binding["run"] {
  return ({ lab, update }) => update((state) => pickerFor(purpose, state, lab));
}

function viewing(view: ExploreView): Binding["run"] {
  return ({ update }) => update((state) => ({ ...state, view: state.view === view ? "chart" : view }));
}

function otherFigures({ update }: Context): void {
  update((state) => ({ ...state, raw: !state.raw }));
}

function reversed({ table, ...state }: ExploreState): ExploreState {
  return { ...state, table: sortedBy(table, table.sort!.column) };
}

function comparing({ update, lab, app, state }: Context): void {
  const [entry] = entriesFor("first", state, lab);
  if (entry) update((now) => pickerFor("first", now, lab));
  else app.say("nothing to compare: one proxy of one sweep", "bad");
}

function open({ state, lab, update }: Context): void {
  if (state.view === "observations") {
    const { rows, at } = shownObservations(state, lab);
    const row = rows[at];
    if (row) update((now) => ({ ...now, view: "chart", figure: row.figure }));
    return;
  }
  const { rows, at } = shownTrials(state, lab);
  const row = rows[at];
  if (row) update((now) => ({ ...withTable(now, { cursor: row.id }), open: row.id }));
}

function back(state: ExploreState): ExploreState {
  return state.table.filter.text === "" ? { ...state, view: "chart" } : unfiltered(state);
}

/** Moves the cursor of the table that is shown. */
function move({ lab, update }: Context, key: KeyName): void {
  update((state) => {
    if (state.view === "observations") {
      const shown = shownObservations(state, lab);
      return { ...state, observations: cursorMoved(state.observations, shown, observationTableKind, key) };
    }
    return { ...state, table: cursorMoved(state.table, shownTrials(state, lab), trialTableKind, key) };
  });
}

/** Without a filter. */
function unfiltered(state: ExploreState): ExploreState {
  return withTable(state, { filter: fieldOf("") });
}

function filterLeft(state: ExploreState): ExploreState {
  return withTable(state, { typing: false });
}

function choose({ state, lab, update }: Context): void {
  const entry = entryAt(entriesFor(state.picker!.purpose, state, lab), state.picker!);
  if (entry) update((now) => (now.picker ? picked(now, entry, lab) : now));
}

function changeList({ lab, update }: Context, key: KeyName): void {
  update((state) => {
    const { picker } = state;
    const after = picker && pickerAfter(entriesFor(picker.purpose, state, lab), picker, key);
    return after ? { ...state, picker: { ...picker, ...after } } : state;
  });
}

function step(key: KeyName) {
  return ({ lab, update }: Context) =>
    update((state) => {
      const table = cursorMoved(state.table, shownTrials(state, lab), trialTableKind, key);
      return table.cursor === undefined ? state : { ...state, table, open: table.cursor };
    });
}
