import type { Problem } from "../../../core/errors.ts";
import { type KeyBinding, type KeyName, key, quietKey } from "../../keys.ts";
import { isMeasuring } from "../../store/runState.ts";
import { cycled } from "../../widgets/list.ts";
import { cursorMoved, TABLE_KEYS } from "../../widgets/table/table.ts";
import type { Screen, ScreenContext } from "../screen.ts";
import { clamped, firstCell } from "./correlation.ts";
import {
  correlationOf,
  initialModels,
  keyOf,
  type ModelsState,
  measuredProxies,
  modelsCompared,
  shownProxy,
  TARGET_CHOICES,
  varyingVariables,
} from "./state.ts";
import { pointed, shownModels } from "./table.ts";
import { modelsLines } from "./view.ts";

type Context = ScreenContext<ModelsState>;
type Binding = KeyBinding<Context>;

const onTable = ({ state }: Context) => state.view === "scatter";
const onMap = ({ state }: Context) => state.view === "correlation";

const keys: readonly Binding[] = [
  key("p", "proxy", "The models of the next proxy.", (context) => changed(context, (now) => nextProxy(now, context))),
  key("f", "figure", "The models of the next figure: requests/s, latency, memory.", (it) => changed(it, nextTarget)),
  key("c", "correlation", "Go to the correlation heat map, and back.", ({ update }) => update(otherView)),
  key("s", "sort", "Sort the models by the next column.", ({ update }) => update(nextSort), onTable),
  key(
    "m",
    "method",
    "Rank correlation (whatever rises or falls) or straight lines only.",
    ({ update }) => update(otherMethod),
    onMap,
  ),
  quietKey(TABLE_KEYS, "move", "Move among the models; the plot follows.", moving(movedTo), onTable),
  quietKey("up down left right", "move", "Move in the heat map; the cell is told in words.", moving(steppedTo), onMap),
  quietKey("escape", "back", "Back to the models.", ({ update }) => update(otherView), onMap),
];

/** Compares the prediction models, shows what they predicted, and what correlates with what. */
export const modelsScreen: Screen<ModelsState> = {
  id: "models",
  title: "Models",
  initial: initialModels,
  keys,
  lines: modelsLines,
  refresh: (context) => {
    const { lab, state } = context;
    // To fit models to each trial as it comes would disturb the next one.
    const waits = state.learnedFrom >= 0 && isMeasuring(lab.run);
    if (lab.loaded && !waits) compareModels(context);
  },
};

function otherView(state: ModelsState): ModelsState {
  return { ...state, view: state.view === "scatter" ? "correlation" : "scatter" };
}

function otherMethod(state: ModelsState): ModelsState {
  return { ...state, method: state.method === "spearman" ? "pearson" : "spearman" };
}

function moving(move: (state: ModelsState, context: Context, name: KeyName) => ModelsState): Binding["run"] {
  return (context, name) => context.update((state) => move(state, context, name));
}

/** Changes what is looked at, and asks for it unless it is known. */
function changed(context: Context, change: (state: ModelsState) => ModelsState): void {
  context.update(change);
  compareModels(context);
}

/** Has the models of the chosen proxy and figure compared, one comparison at a time. */
function compareModels(context: Context): void {
  const { state, lab, services, update } = context;
  const proxy = shownProxy(state, lab);
  if (proxy === undefined || state.asking !== undefined) return;
  const fresh = state.learnedFrom === lab.trials.length;
  const key = keyOf(proxy, state.target);
  if (fresh && state.comparisons[key]) return;
  const known = fresh ? state.comparisons : {};
  update(({ problem: _, ...now }) => ({ ...now, comparisons: known, asking: key, learnedFrom: lab.trials.length }));
  const settled = (change: (state: ModelsState) => ModelsState) => {
    update(({ asking: _, ...now }) => change(now));
    // Meanwhile something else may have been chosen; that there are more trials waits until no sweep runs.
    const wanted = shownProxy(context.state, context.lab);
    const other = wanted !== undefined && keyOf(wanted, context.state.target) !== key;
    if (!context.state.problem && (other || !isMeasuring(context.lab.run))) compareModels(context);
  };
  services.models({ proxy }, state.target).then(
    (found) => settled((now) => ({ ...now, comparisons: { ...now.comparisons, [key]: found } })),
    (problem: Problem) => settled((now) => ({ ...now, problem: problem.message })),
  );
}

function nextProxy(state: ModelsState, { lab }: Context): ModelsState {
  const proxy = shownProxy(state, lab);
  return proxy === undefined ? state : { ...state, proxy: cycled(measuredProxies(lab.trials), proxy) };
}

function nextTarget(state: ModelsState): ModelsState {
  return { ...state, target: cycled(TARGET_CHOICES, state.target) };
}

const SORTS = ["median", "mape", "r2", "coverage", "fit"];

/** Best first: a share explained or covered from the highest, an error or a time from the lowest. */
function nextSort(state: ModelsState): ModelsState {
  const at = SORTS.indexOf(state.table.sort?.column ?? "");
  const column = SORTS[at + 1];
  const sort = column === undefined ? undefined : { column, descending: column === "r2" || column === "coverage" };
  return { ...state, table: { ...state.table, sort } };
}

function movedTo(state: ModelsState, { lab }: Context, key: KeyName): ModelsState {
  const found = modelsCompared(state, lab);
  if (!found?.ok) return state;
  const start = pointed(found, state);
  const { kind, shown } = shownModels(found, state.target, start);
  return { ...state, table: cursorMoved(start, shown, kind, key) };
}

const MAP_STEPS: Readonly<Record<KeyName, readonly [down: number, right: number]>> = {
  up: [-1, 0],
  down: [1, 0],
  left: [0, -1],
  right: [0, 1],
};

function steppedTo(state: ModelsState, { lab }: Context, key: KeyName): ModelsState {
  const proxy = shownProxy(state, lab);
  if (proxy === undefined) return state;
  const { matrix } = correlationOf(lab.trials, proxy);
  const count = varyingVariables(matrix).length;
  const [row, column] = clamped(state.cell ?? firstCell(matrix), count);
  const [down, right] = MAP_STEPS[key]!;
  return { ...state, cell: clamped([row + down, column + right], count) };
}
