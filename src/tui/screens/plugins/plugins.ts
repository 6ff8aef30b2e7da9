import type { KeyBinding } from "../../keys.ts";
import type { Problem } from "../../services.ts";
import { isMeasuring } from "../../store/runState.ts";
import { fieldOf } from "../../widgets/field.ts";
import { LIST_KEYS } from "../../widgets/list.ts";
import type { Screen, ScreenContext } from "../screen.ts";
import { pluginsLines } from "./lines.ts";
import {
  addingEnded,
  addingTyped,
  chosenRow,
  initialPlugins,
  jobBegun,
  jobEnded,
  jobSaid,
  type PluginRow,
  type PluginsState,
  rowMoved,
  rowsOf,
} from "./state.ts";

type Context = ScreenContext<PluginsState>;

const adding = ({ state }: Context) => state.adding !== undefined;
const idle = (context: Context) => !adding(context) && !working(context);
const working = ({ state }: Context) => state.job !== undefined && state.job.code === undefined;
const chosen = ({ state, lab }: Context): PluginRow | undefined => chosenRow(state, rowsOf(lab));
const missing = ({ lab }: Context) => rowsOf(lab).flatMap(({ setup }) => setup ?? []);

const keys: readonly KeyBinding<Context>[] = [
  {
    keys: ["i"],
    title: "install",
    help: "Install the program of the chosen plugin; asks first.",
    when: (context) => idle(context) && chosen(context)?.setup !== undefined,
    run: (context) => install(context, [chosen(context)!.setup!]),
  },
  {
    keys: ["I"],
    title: "install all",
    help: "Install all programs that are missing and can be installed here; asks first.",
    when: (context) => idle(context) && missing(context).length > 1,
    run: (context) => install(context, missing(context)),
  },
  {
    keys: ["a"],
    title: "add",
    help: "Add a plugin of somebody's: npm name, folder or tarball.",
    when: idle,
    run: ({ update }) => update((state) => addingTyped(state, fieldOf(""))),
  },
  {
    keys: ["v"],
    title: "check",
    help: "Try every rule of the contract on the chosen plugin, without starting its program.",
    when: (context) => idle(context) && chosen(context)?.file !== undefined,
    run: (context) => start(context, ["plugins", "check", chosen(context)!.file!, "--no-live"]),
  },
  {
    keys: ["d"],
    title: "remove",
    help: "Take the chosen plugin out of the list; asks first.",
    when: (context) => idle(context) && chosen(context)?.source !== undefined,
    run: (context) => remove(context),
  },
  {
    keys: ["g"],
    title: "look again",
    help: "Look again at this machine and at every plugin.",
    when: idle,
    run: ({ app }) => app.lookAgain(),
  },
  {
    keys: ["enter"],
    title: "add it",
    help: "Add the package of that name.",
    when: adding,
    run: (context) => add(context),
  },
  {
    keys: ["escape"],
    title: "do not",
    help: "Add nothing.",
    when: adding,
    run: ({ update }) => update(addingEnded),
  },
  {
    keys: LIST_KEYS,
    title: "move",
    help: "Move among the plugins.",
    quiet: true,
    when: (context) => !adding(context),
    run: ({ update, lab }, key) => update((state) => rowMoved(state, rowsOf(lab), key)),
  },
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
  typed: ({ update }, field) => update((state) => addingTyped(state, field)),
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
  context.app.ask(`Take ${row.kind} ${row.id} out of the list of plugins?`, [
    { key: "n", title: "no", run: () => {} },
    {
      key: "y",
      title: "yes, and delete its package where the lab installed it",
      run: () => start(context, ["plugins", "remove", row.id]),
    },
  ]);
}

function add(context: Context): void {
  const name = context.state.adding?.text.trim() ?? "";
  context.update(addingEnded);
  if (name !== "") start(context, ["plugins", "add", name]);
}

/** Runs a command of the command line, shows what it says, and looks again when it has ended. */
function start({ services, update, app }: Context, command: readonly string[]): void {
  update((state) => jobBegun(state, `./lab ${command.join(" ")}`));
  services
    .command(command, (line) => update((state) => jobSaid(state, line)))
    .then((code) => {
      update((state) => jobEnded(state, code));
      app.say(code === 0 ? "done" : "that did not work; what it said is below", code === 0 ? "good" : "bad");
      app.lookAgain();
    })
    .catch((problem: Problem) => app.say(problem.message, "bad"));
}
