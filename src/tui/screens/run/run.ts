import { parseSeconds } from "../../../core/domain/levels.ts";
import type { KeyBinding } from "../../keys.ts";
import { isMeasuring } from "../../store/runState.ts";
import { fieldOf } from "../../widgets/field.ts";
import { LIST_KEYS } from "../../widgets/list.ts";
import { scrolled } from "../../widgets/logTail.ts";
import type { Screen, ScreenContext } from "../screen.ts";
import { runLines } from "./lines.ts";
import { budgetLeft, budgetTyped, initialRunScreen, nextFigure, type RunScreenState } from "./state.ts";

type Context = ScreenContext<RunScreenState>;

const steerable = ({ lab, state }: Context) => isMeasuring(lab.run) && lab.run.phase !== "starting" && !state.budget;
const inTrial = (context: Context) => steerable(context) && context.lab.run.current !== undefined;
const halted = ({ lab }: Context) => lab.run.phase === "paused" || lab.run.phase === "pausing";

const keys: readonly KeyBinding<Context>[] = [
  {
    keys: ["space"],
    title: "pause",
    help: "Begin no further trial until space is pressed again; the one in work goes on.",
    when: (context) => steerable(context) && !halted(context),
    run: ({ app }) => app.steer({ do: "pause" }),
  },
  {
    keys: ["space"],
    title: "go on",
    help: "Go on with the sweep.",
    when: (context) => steerable(context) && halted(context),
    run: ({ app }) => app.steer({ do: "resume" }),
  },
  {
    keys: ["s"],
    title: "skip",
    help: "Give the trial in work up, and do not measure its point.",
    when: inTrial,
    run: ({ app }) => app.steer({ do: "skip" }),
  },
  {
    keys: ["r"],
    title: "repeat",
    help: "Begin the trial in work anew; what it measured so far is dropped.",
    when: inTrial,
    run: ({ app }) => app.steer({ do: "repeat" }),
  },
  {
    keys: ["b"],
    title: "budget",
    help: "Change the time after which no further trial is begun.",
    when: steerable,
    run: ({ update }) => update((state) => budgetTyped(state, fieldOf(""))),
  },
  {
    keys: ["x"],
    title: "stop",
    help: "Stop the sweep; asks first. What was measured is kept.",
    when: steerable,
    run: ({ app }) =>
      app.ask("Stop the sweep? What was measured is kept, and the sweep can go on later.", [
        { key: "n", title: "no, go on", run: () => {} },
        { key: "y", title: "yes, stop it", run: () => app.steer({ do: "stop" }) },
      ]),
  },
  {
    keys: ["c"],
    title: "figure",
    help: "Show the next figure in the chart: requests/s, latency, CPU per request, throttling, memory, failures.",
    when: ({ state, lab }) => !state.budget && lab.run.records.length > 0,
    run: ({ update }) => update(nextFigure),
  },
  {
    keys: ["enter"],
    title: "set",
    help: "Set the budget.",
    when: ({ state }) => state.budget !== undefined,
    run: (context) => setBudget(context),
  },
  {
    keys: ["escape"],
    title: "leave it",
    help: "Leave the budget as it is.",
    when: ({ state }) => state.budget !== undefined,
    run: ({ update }) => update(budgetLeft),
  },
  {
    keys: LIST_KEYS,
    title: "scroll",
    help: "Scroll the log.",
    quiet: true,
    run: ({ update, lab }, key) =>
      update((state) => ({ ...state, logOffset: scrolled(state.logOffset, lab.run.log.length, key) ?? 0 })),
  },
];

/** The screen of a sweep that is run, or followed. */
export const runScreen: Screen<RunScreenState> = {
  id: "run",
  title: "Run",
  initial: initialRunScreen,
  keys,
  lines: runLines,
  field: ({ budget }) => budget,
  typed: ({ update }, field) => update((state) => budgetTyped(state, field)),
};

function setBudget({ state, update, app }: Context): void {
  const text = state.budget?.text.trim() ?? "";
  try {
    const seconds = text === "" ? undefined : parseSeconds(text, "budget");
    app.steer({ do: "budget", ...(seconds === undefined ? {} : { seconds }) });
    update(budgetLeft);
  } catch (error) {
    app.say(error instanceof Error ? error.message : String(error), "bad");
  }
}
