import type { SweepFlags } from "../../../core/domain/options.ts";
import type { KeyBinding, KeyName } from "../../keys.ts";
import type { Problem } from "../../services.ts";
import type { LabState } from "../../store/labState.ts";
import { isMeasuring } from "../../store/runState.ts";
import { fieldOf } from "../../widgets/field.ts";
import type { Screen, ScreenContext } from "../screen.ts";
import { composeLines } from "./lines.ts";
import { moved, rowAt } from "./rows.ts";
import {
  type ComposeState,
  commandOf,
  flagsOf,
  fromFlags,
  initialCompose,
  toggled,
  typed,
  typingBegun,
  typingEnded,
} from "./state.ts";

type Context = ScreenContext<ComposeState>;

const typing = ({ state }: Context) => state.typing !== undefined;
const notTyping = (context: Context) => !typing(context);
const step = (key: string): KeyBinding<Context> => ({
  keys: [key],
  title: key,
  help: `Move ${key}.`,
  quiet: true,
  when: (context) => notTyping(context) || key === "up" || key === "down",
  run: ({ update, lab }) => update((state) => moved(typingEnded(state), lab, key)),
});

const keys: readonly KeyBinding<Context>[] = [
  {
    keys: ["r"],
    title: "run",
    help: "Run this sweep.",
    when: notTyping,
    run: (context) => begin(context),
  },
  {
    keys: ["space"],
    title: "choose",
    help: "Take what is under the cursor in or out, or go to the next choice.",
    when: (context) => notTyping(context) && !isField(context),
    run: (context) => choose(context),
  },
  {
    keys: ["enter"],
    title: "edit",
    help: "Type in the field under the cursor; enter or esc ends it.",
    when: (context) => notTyping(context) && isField(context),
    run: ({ update }) => update(typingBegun),
  },
  {
    keys: ["enter", "escape"],
    title: "done",
    help: "End typing.",
    when: typing,
    run: endTyping,
  },
  {
    keys: ["i"],
    title: "install",
    help: "Install the program that is missing for what is under the cursor.",
    when: (context) => notTyping(context) && setupName(context) !== undefined,
    run: ({ app, state }) => {
      app.goTo("plugins", state.cursor);
      app.say("press i to install it");
    },
  },
  {
    keys: ["p"],
    title: "presets",
    help: "Take over an experiment file.",
    when: notTyping,
    run: (context) => preset(context),
  },
  {
    keys: ["w"],
    title: "save",
    help: "Save this sweep as an experiment file.",
    when: notTyping,
    run: ({ update }) => update((state) => ({ ...state, typing: { into: "file", field: fieldOf("experiment.yaml") } })),
  },
  {
    keys: ["y"],
    title: "copy",
    help: "Copy the command that runs the same sweep in a shell.",
    when: notTyping,
    run: ({ app, state }) => app.copy(commandOf(state)),
  },
  ...["up", "down", "left", "right"].map(step),
];

/** The screen on which a sweep is put together. */
export const composeScreen: Screen<ComposeState> = {
  id: "compose",
  title: "Compose",
  initial: initialCompose,
  keys,
  lines: composeLines,
  field: ({ typing }) => typing?.field,
  typed(context, field) {
    context.update((state) => typed(state, field));
    if (context.state.typing?.into === "row") changed(context);
  },
  refresh: (context) => void refresh(context),
};

function isField({ state }: Context): boolean {
  return state.cursor.startsWith("field/");
}

function setupName({ state, lab }: Context): string | undefined {
  const row = rowAt(state, lab);
  return row?.kind === "plugin" ? row.setup : undefined;
}

/** Takes over the choice of the last time, once; then counts again what may have changed. */
async function refresh(context: Context): Promise<void> {
  const { services, update } = context;
  if (!context.state.recalled) {
    update((one) => ({ ...one, recalled: true }));
    const last = await services.recall().catch(() => undefined);
    if (last) update((one) => fromFlags(one, last));
  }
  update((one) => withDefaults(one, context.lab));
  changed(context);
}

/** What is not chosen yet and can be chosen in one way that most want: the first of each kind that works. */
function withDefaults(state: ComposeState, { diagnosis }: LabState): ComposeState {
  const { combination } = diagnosis ?? {};
  const { proxy, load, limiter } = state.picked;
  if (!combination || [proxy, load, limiter].every((names) => names.length > 0)) return state;
  const or = (names: readonly string[], usual: string) => (names.length > 0 ? names : [usual]);
  return {
    ...state,
    picked: {
      proxy: or(proxy, combination.proxy),
      load: or(load, combination.load),
      limiter: or(limiter, combination.limiter),
    },
  };
}

function choose(context: Context): void {
  const row = rowAt(context.state, context.lab);
  if (!row) return;
  const chosen = row.kind === "plugin" && context.state.picked[row.of].includes(row.name);
  if (row.kind === "plugin" && row.reason !== undefined && !chosen) {
    context.app.say(`${row.name}: ${row.reason}`, "bad");
    return;
  }
  context.update((state) => toggled(state, row.id));
  changed(context);
}

/** Counts the trials anew; an answer that is overtaken by a further change is dropped. */
function changed(context: Context): void {
  if (context.state.picked.proxy.length === 0) return;
  const flags = flagsOf(context.state);
  const settle = (change: (state: ComposeState) => ComposeState) => {
    const now = JSON.stringify(flagsOf(context.state)) === JSON.stringify(flags);
    if (now) context.update(change);
  };
  context.services.preview(flags).then(
    (preview) => settle(({ problem: _, ...state }) => ({ ...state, preview })),
    (problem: Problem) => settle(({ preview: _, ...state }) => ({ ...state, problem })),
  );
}

function begin({ state, app, services, lab }: Context): void {
  const { picked, problem, preview } = state;
  if (picked.proxy.length === 0) {
    app.say("choose a proxy first", "bad");
    return;
  }
  if (problem || !preview) {
    app.say(problem?.message ?? "still counting the trials", "bad");
    return;
  }
  if (isMeasuring(lab.run)) {
    app.say("a sweep is running already", "bad");
    return;
  }
  const flags = flagsOf(state);
  services.remember(flags).catch((trouble: Problem) => app.say(trouble.message, "bad"));
  app.sweep(flags);
}

/** Takes what was typed; a file is saved on enter alone. */
function endTyping(context: Context, key: KeyName): void {
  const { typing } = context.state;
  context.update(typingEnded);
  if (typing?.into !== "file" || key === "escape") return;
  const { app, services, state } = context;
  const file = typing.field.text.trim();
  services.saveExperiment(file, flagsOf(state)).then(
    () => app.say(`saved; ./lab sweep ${file} runs it`, "good"),
    (problem: Problem) => app.say(problem.message, "bad"),
  );
}

function preset(context: Context): void {
  const { services, app } = context;
  const take = (flags: SweepFlags) => {
    context.update((state) => fromFlags(state, flags));
    changed(context);
  };
  services.presets().then(
    (presets) =>
      app.ask(
        presets.length > 0 ? "Which experiment?" : "There are no experiment files.",
        presets.slice(0, 9).map(({ name, title, flags }, index) => ({
          key: String(index + 1),
          title: title && title !== name ? `${name}: ${title}` : name,
          run: () => take(flags),
        })),
      ),
    (problem: Problem) => app.say(problem.message, "bad"),
  );
}
