import type { Problem } from "../../../core/errors.ts";
import { type KeyBinding, type KeyName, key, quietKey } from "../../keys.ts";
import { isMeasuring } from "../../store/runState.ts";
import { fieldOf } from "../../widgets/field.ts";
import { LIST_KEYS } from "../../widgets/list.ts";
import type { Screen, ScreenContext } from "../screen.ts";
import { pluginsLines } from "./lines.ts";
import { chosenRow, initialPlugins, type Job, type PluginsState, rowMoved, rowsOf } from "./state.ts";

type Context = ScreenContext<PluginsState>;

/** Lines of a command that are kept. */
const MOST_LINES = 200;

const adding = ({ state }: Context) => state.adding !== undefined;
const idle = (context: Context) => !adding(context) && !working(context);
const working = ({ state }: Context) => state.job !== undefined && state.job.code === undefined;
const chosen = ({ state, lab }: Context) => chosenRow(state, rowsOf(lab));
const addingEnded = ({ adding: _, ...state }: PluginsState): PluginsState => state;
const missing = ({ lab }: Context) => rowsOf(lab).flatMap(({ setup }) => setup ?? []);

const installable = (context: Context) => idle(context) && chosen(context)?.setup !== undefined;
const severalMissing = (context: Context) => idle(context) && missing(context).length > 1;
const hasFile = (context: Context) => idle(context) && chosen(context)?.file !== undefined;
const hasSource = (context: Context) => idle(context) && chosen(context)?.source !== undefined;

const typeName = ({ update }: Context) => update((state) => ({ ...state, adding: fieldOf("") }));
const move = ({ update, lab }: Context, name: KeyName) => update((state) => rowMoved(state, rowsOf(lab), name));

const keys: readonly KeyBinding<Context>[] = [
  key(
    "i",
    "install",
    "Install the program of the chosen plugin; asks first.",
    (context) => install(context, [chosen(context)!.setup!]),
    installable,
  ),
  key(
    "I",
    "install all",
    "Install all programs that are missing and can be installed here; asks first.",
    (context) => install(context, missing(context)),
    severalMissing,
  ),
  key("a", "add", "Add a plugin of somebody's: npm name, folder or tarball.", typeName, idle),
  key(
    "v",
    "check",
    "Try every rule of the contract on the chosen plugin, without starting its program.",
    (context) => start(context, ["plugins", "check", chosen(context)!.file!, "--no-live"]),
    hasFile,
  ),
  key("d", "remove", "Take the chosen plugin out of the list; asks first.", remove, hasSource),
  key("g", "look again", "Look again at this machine and at every plugin.", ({ app }) => app.lookAgain(), idle),
  key("enter", "add it", "Add the package of that name.", add, adding),
  key("escape", "do not", "Add nothing.", ({ update }) => update(addingEnded), adding),
  quietKey(LIST_KEYS, "move", "Move among the plugins.", move, (context) => !adding(context)),
];

/** The screen of the plugins, of their programs, and of this machine. */
export const pluginsScreen: Screen<PluginsState> = {
  id: "plugins",
  title: "Plugins",
  initial: initialPlugins,
  keys,
  lines: pluginsLines,
  at: (state, cursor) => ({ ...state, cursor }),
  field: ({ adding }) => adding,
  typed: ({ update }, field) => update((state) => ({ ...state, adding: field })),
};

function install(context: Context, names: readonly string[]): void {
  if (isMeasuring(context.lab.run)) {
    context.app.say("not while a sweep runs: it would disturb what is measured", "bad");
    return;
  }
  const command = ["setup", ...names];
  context.app.ask(`Run ./lab ${command.join(" ")}? It installs on this machine.`, [
    { key: "y", title: "yes", run: () => start(context, [...command, "--yes"]) },
    { key: "n", title: "no", run: () => {} },
  ]);
}

function remove(context: Context): void {
  const row = chosen(context);
  if (!row) return;
  const removed = () => start(context, ["plugins", "remove", row.id]);
  context.app.ask(`Take ${row.kind} ${row.id} out of the list of plugins?`, [
    { key: "n", title: "no", run: () => {} },
    { key: "y", title: "yes, and delete its package where the lab installed it", run: removed },
  ]);
}

function add(context: Context): void {
  const name = context.state.adding?.text.trim() ?? "";
  context.update(addingEnded);
  if (name !== "") start(context, ["plugins", "add", name]);
}

/** Runs a command of the command line, shows what it says, and looks again when it has ended. */
function start({ services, update, app }: Context, command: readonly string[]): void {
  const changeJob = (change: (job: Job) => Job) =>
    update((state) => (state.job ? { ...state, job: change(state.job) } : state));
  update((state) => ({ ...state, job: { title: `./lab ${command.join(" ")}`, lines: [] } }));
  services
    .command(command, (line) => changeJob((job) => ({ ...job, lines: [...job.lines.slice(1 - MOST_LINES), line] })))
    .then(({ code, problem }) => {
      changeJob((job) => ({ ...job, code }));
      const [trouble] = problem?.message.split("\n") ?? ["that did not work; what it said is below"];
      app.say(code === 0 ? "done" : trouble!, code === 0 ? "good" : "bad");
      app.lookAgain();
    })
    .catch((problem: Problem) => app.say(problem.message, "bad"));
}
