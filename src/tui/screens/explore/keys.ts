import type { KeyBinding, KeyName } from "../../keys.ts";
import { fieldOf } from "../../text/field.ts";
import { entryAt, pickerAfter } from "../../widgets/picker.ts";
import { moved, sortedBy, TABLE_MOVES } from "../../widgets/table/table.ts";
import type { ScreenContext } from "../screen.ts";
import { observationsOf, scopeOf, shownTrials } from "./data.ts";
import { arrangeObservations, observationRows, observationTable } from "./observations.ts";
import { entriesFor, picked, pickerFor } from "./pickers.ts";
import { closed, type ExploreState, type ExploreView, type Purpose, withoutPicker } from "./state.ts";
import { trialTable } from "./trialTable.ts";

type Context = ScreenContext<ExploreState>;
type Binding = KeyBinding<Context>;

const listOpen = ({ state }: Context) => state.picker !== undefined;
const recordOpen = ({ state }: Context) => !state.picker && state.open !== undefined;
const typing = ({ state }: Context) => !state.picker && state.open === undefined && state.table.typing;
const bare = (context: Context) => !listOpen(context) && !recordOpen(context) && !typing(context);
const hasRows = ({ state }: Context) => state.view === "chart" || state.view === "table";

/** Keys of the lists that lie over the screen. */
const listKeys: readonly Binding[] = [
  ...(["up", "down", "pageup", "pagedown", "home", "end"] as const).map((key) => listKey(key, "move")),
  listKey("space", "check"),
  listKey("a", "all or none"),
  {
    keys: ["enter"],
    title: "choose",
    help: "Take the entry that is marked, or all that are checked.",
    when: listOpen,
    run: ({ state, lab, update }) => {
      const entries = entriesFor(state.picker!.purpose, state, lab);
      const entry = entryAt(entries, state.picker!.state);
      if (entry) update((now) => (now.picker ? picked(now, entry, lab) : now));
    },
  },
  {
    keys: ["escape"],
    title: "back",
    help: "Close the list.",
    when: listOpen,
    run: ({ update }) => update(withoutPicker),
  },
];

/** Keys of the record that lies over the screen. */
const recordKeys: readonly Binding[] = [
  step(["up", "k", "left"], "previous"),
  step(["down", "j", "right"], "next"),
  {
    keys: ["escape", "enter", "backspace"],
    title: "back",
    help: "Close the record.",
    when: recordOpen,
    run: ({ update }) => update(closed),
  },
];

const typingKeys: readonly Binding[] = [
  {
    keys: ["enter"],
    title: "keep",
    help: "Keep the filter and leave its line.",
    when: typing,
    run: filterTyping(false),
  },
  {
    keys: ["escape"],
    title: "clear",
    help: "Clear the filter.",
    when: typing,
    run: ({ update }) =>
      update((state) => ({ ...state, table: { ...state.table, filter: fieldOf(""), typing: false } })),
  },
  ...(["up", "down", "pageup", "pagedown"] as const).map((key) => moveKey(key, typing)),
];

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
    run: filterTyping(true),
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
  ...TABLE_MOVES.map((key) => moveKey(key, bare)),
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
export const exploreKeys: readonly Binding[] = [...listKeys, ...recordKeys, ...typingKeys, ...ownKeys];

function moveKey(key: KeyName, when: (context: Context) => boolean): Binding {
  const run = (context: Context) => context.update((state) => movedBy(state, context, key));
  return { keys: [key], title: "move", help: "Move in the table.", quiet: true, when, run };
}

function listKey(key: KeyName, title: string): Binding {
  return {
    keys: [key],
    title,
    help: `In a list: ${title}.`,
    quiet: true,
    when: ({ state, lab }) =>
      state.picker !== undefined &&
      pickerAfter(entriesFor(state.picker.purpose, state, lab), state.picker.state, key) !== undefined,
    run: ({ lab, update }) =>
      update((state) => {
        const after =
          state.picker && pickerAfter(entriesFor(state.picker.purpose, state, lab), state.picker.state, key);
        return after ? { ...state, picker: { ...state.picker!, state: after } } : state;
      }),
  };
}

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

function step(keys: Binding["keys"], title: string): Binding {
  return {
    keys,
    title,
    help: `Go to the ${title} trial of the table.`,
    when: recordOpen,
    run: ({ lab, update }) =>
      update((state) => {
        const table = moved(state.table, shownTrials(state, lab), trialTable, title === "next" ? "down" : "up");
        return table.cursor === undefined ? state : { ...state, table, open: table.cursor };
      }),
  };
}

function filterTyping(on: boolean) {
  return ({ update }: Context) => update((state) => ({ ...state, table: { ...state.table, typing: on } }));
}

function movedBy(state: ExploreState, { lab }: Context, key: KeyName): ExploreState {
  if (state.view === "observations") {
    const shown = arrangeObservations(observationRows(observationsOf(scopeOf(state, lab))), state.observations);
    return { ...state, observations: moved(state.observations, shown, observationTable, key) };
  }
  return { ...state, table: moved(state.table, shownTrials(state, lab), trialTable, key) };
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

function both(a: (context: Context) => boolean, b: (context: Context) => boolean) {
  return (context: Context) => a(context) && b(context);
}
