import { parseSeconds } from "../../../core/domain/levels.ts";
import { messageOf } from "../../../core/errors.ts";
import { type KeyBinding, type KeyName, key, quietKey } from "../../keys.ts";
import { isMeasuring } from "../../store/runState.ts";
import { fieldOf } from "../../widgets/field.ts";
import { LIST_KEYS } from "../../widgets/list.ts";
import { scrolled } from "../../widgets/logTail.ts";
import type { Screen, ScreenContext } from "../screen.ts";
import { runLines } from "./lines.ts";
import { initialRunScreen, nextFigure, type RunScreenState } from "./state.ts";

type Context = ScreenContext<RunScreenState>;

const steerable = ({ lab, state }: Context) => isMeasuring(lab.run) && lab.run.phase !== "starting" && !state.budget;
const inTrial = (context: Context) => steerable(context) && context.lab.run.current !== undefined;
const halted = ({ lab }: Context) => lab.run.phase === "paused" || lab.run.phase === "pausing";

const going = (context: Context) => steerable(context) && !halted(context);
const standing = (context: Context) => steerable(context) && halted(context);
const drawn = ({ state, lab }: Context) => !state.budget && lab.run.records.length > 0;
const typing = ({ state }: Context) => state.budget !== undefined;
const budgetLeft = ({ budget: _, ...state }: RunScreenState): RunScreenState => state;
const tell =
  (command: "pause" | "resume" | "skip" | "repeat") =>
  ({ app }: Context) =>
    app.steer({ do: command });

const typeBudget = ({ update }: Context) => update((state) => ({ ...state, budget: fieldOf("") }));

const keys: readonly KeyBinding<Context>[] = [
  key(
    "space",
    "pause",
    "Begin no further trial until space is pressed again; the one in work goes on.",
    tell("pause"),
    going,
  ),
  key("space", "go on", "Go on with the sweep.", tell("resume"), standing),
  key("s", "skip", "Give the trial in work up, and do not measure its point.", tell("skip"), inTrial),
  key("r", "repeat", "Begin the trial in work anew; what it measured so far is dropped.", tell("repeat"), inTrial),
  key("b", "budget", "Change the time after which no further trial is begun.", typeBudget, steerable),
  key("x", "stop", "Stop the sweep; asks first. What was measured is kept.", askToStop, steerable),
  key(
    "c",
    "figure",
    "Show the next figure in the chart: requests/s, latency, CPU per request, throttling, memory, failures.",
    ({ update }) => update(nextFigure),
    drawn,
  ),
  key("enter", "set", "Set the budget.", setBudget, typing),
  key("escape", "leave it", "Leave the budget as it is.", ({ update }) => update(budgetLeft), typing),
  quietKey(LIST_KEYS, "scroll", "Scroll the log.", scrollLog),
];

/** The screen of a sweep that is run, or followed. */
export const runScreen: Screen<RunScreenState> = {
  id: "run",
  title: "Run",
  initial: initialRunScreen,
  keys,
  lines: runLines,
  field: ({ budget }) => budget,
  typed: ({ update }, field) => update((state) => ({ ...state, budget: field })),
};

function setBudget({ state, update, app }: Context): void {
  const text = state.budget?.text.trim() ?? "";
  try {
    const seconds = text === "" ? undefined : parseSeconds(text, "budget");
    app.steer({ do: "budget", ...(seconds === undefined ? {} : { seconds }) });
    update(budgetLeft);
  } catch (error) {
    app.say(messageOf(error), "bad");
  }
}

function askToStop({ app }: Context): void {
  app.ask("Stop the sweep? What was measured is kept, and the sweep can go on later.", [
    { key: "n", title: "no, go on", run: () => {} },
    { key: "y", title: "yes, stop it", run: () => app.steer({ do: "stop" }) },
  ]);
}

function scrollLog({ update, lab }: Context, name: KeyName): void {
  update((state) => ({ ...state, logOffset: scrolled(state.logOffset, lab.run.log.length, name) ?? 0 }));
}
