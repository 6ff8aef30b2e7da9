import { isDeepStrictEqual } from "node:util";
import type { SweepFlags } from "../../../core/domain/options.ts";
import type { Problem } from "../../../core/errors.ts";
import { noticeInWords } from "../../../core/words/notice.ts";
import { type KeyBinding, type KeyName, key, quietKey } from "../../keys.ts";
import type { LabState } from "../../store/labState.ts";
import { isMeasuring } from "../../store/runState.ts";
import { fieldOf } from "../../widgets/field.ts";
import type { Screen, ScreenContext } from "../screen.ts";
import { composeLines } from "./lines.ts";
import { pointedRow, stepped } from "./rows.ts";
import {
  type ComposeState,
  commandOf,
  composeState,
  flagsOf,
  fromFlags,
  isField,
  pickedIn,
  toggled,
  typed,
  typingBegun,
  typingEnded,
} from "./state.ts";

type Context = ScreenContext<ComposeState>;

const typing = ({ state }: Context) => state.typing !== undefined;
const notTyping = (context: Context) => !typing(context);
const onChoice = (context: Context) => notTyping(context) && !isField(context.state.cursor);
const onField = (context: Context) => notTyping(context) && isField(context.state.cursor);
const canInstall = (context: Context) => notTyping(context) && setupName(context) !== undefined;

const beginTyping = ({ update }: Context) => update(typingBegun);
const typeFile = ({ update }: Context) =>
  update((state) => ({ ...state, typing: { into: "file", field: fieldOf("experiment.yaml") } }));
const copyCommand = ({ app, state }: Context) => app.copy(commandOf(state));
const move = ({ update, lab }: Context, way: KeyName) => update((state) => stepped(typingEnded(state), lab, way));

const keys: readonly KeyBinding<Context>[] = [
  key("r", "run", "Run this sweep.", begin, notTyping),
  key("space", "choose", "Take what is under the cursor in or out, or go to the next choice.", choose, onChoice),
  key("enter", "edit", "Type in the field under the cursor; enter or esc ends it.", beginTyping, onField),
  key("enter escape", "done", "End typing.", endTyping, typing),
  key("i", "install", "Install the program that is missing for what is under the cursor.", toPlugins, canInstall),
  key("p", "presets", "Take over an experiment file.", preset, notTyping),
  key("w", "save", "Save this sweep as an experiment file.", typeFile, notTyping),
  key("y", "copy", "Copy the command that runs the same sweep in a shell.", copyCommand, notTyping),
  ...["up", "down"].map((way) => quietKey(way, way, `Move ${way}.`, move)),
  ...["left", "right"].map((way) => quietKey(way, way, `Move ${way}.`, move, notTyping)),
];

/** The screen on which a sweep is put together. */
export const composeScreen: Screen<ComposeState> = {
  id: "compose",
  title: "Compose",
  initial: composeState(),
  keys,
  lines: composeLines,
  field: ({ typing }) => typing?.field,
  typed(context, field) {
    context.update((state) => typed(state, field));
    if (context.state.typing?.into === "row") changed(context);
  },
  refresh: (context) => void refresh(context),
};

function toPlugins({ app, state }: Context): void {
  app.goTo("plugins", state.cursor);
  app.say("press i to install it");
}

function setupName({ state, lab }: Context): string | undefined {
  const row = pointedRow(state, lab);
  return row?.kind === "plugin" && row.plugin.reason !== undefined ? row.plugin.setup : undefined;
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
  const missing = Object.entries(diagnosis?.combination ?? {}).filter(([id]) => pickedIn(state, id).length === 0);
  return missing.length === 0 ? state : { ...state, said: { ...state.said, ...Object.fromEntries(missing) } };
}

function choose(context: Context): void {
  const row = pointedRow(context.state, context.lab);
  if (!row) return;
  const untaken = row.kind === "plugin" && !pickedIn(context.state, row.plugin.kind).includes(row.plugin.id);
  if (untaken && row.plugin.reason !== undefined) {
    context.app.say(`${row.plugin.id}: ${row.plugin.reason}`, "bad");
  } else {
    context.update((state) => toggled(state, row.id));
    changed(context);
  }
}

/** Counts the trials anew; an answer that is overtaken by a further change is dropped. */
function changed(context: Context): void {
  if (pickedIn(context.state, "proxy").length === 0) return;
  const flags = flagsOf(context.state);
  const settle = (change: (state: ComposeState) => ComposeState) => {
    if (isDeepStrictEqual(flagsOf(context.state), flags)) context.update(change);
  };
  context.services.preview(flags).then(
    (preview) => settle(({ problem: _, ...state }) => ({ ...state, preview })),
    (problem: Problem) => settle(({ preview: _, ...state }) => ({ ...state, problem })),
  );
}

/** Why the sweep cannot be run now. */
function hindrance({ state, lab }: Context): string | undefined {
  const { problem, preview } = state;
  if (pickedIn(state, "proxy").length === 0) return "choose a proxy first";
  if (problem || !preview) return problem?.message ?? "still counting the trials";
  return isMeasuring(lab.run) ? "a sweep is running already" : undefined;
}

function begin(context: Context): void {
  const { state, app, services } = context;
  const hindered = hindrance(context);
  if (hindered !== undefined) {
    app.say(hindered, "bad");
    return;
  }
  const flags = flagsOf(state);
  services.remember(flags).then((notice) => notice && app.say(noticeInWords(notice), "bad"));
  app.sweep(flags);
}

/** Takes what was typed; a file is saved on enter alone. */
function endTyping(context: Context, name: KeyName): void {
  const { typing } = context.state;
  context.update(typingEnded);
  if (typing?.into !== "file" || name === "escape") return;
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
