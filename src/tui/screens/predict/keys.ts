import { deployment } from "../../../core/words/deploy.ts";
import type { KeyBinding, KeyName } from "../../keys.ts";
import type { LabState } from "../../store/labState.ts";
import { figureAt, slid } from "../../widgets/slider.ts";
import type { ScreenContext } from "../screen.ts";
import { ask } from "./ask.ts";
import { stopsOf } from "./known.ts";
import {
  type Extent,
  focusedOn,
  focusMoved,
  type Paste,
  type PredictState,
  rankedProxies,
  rankedProxy,
  SLIDERS,
  sliderOf,
} from "./state.ts";
import { verifyAnswer } from "./verify.ts";

type Context = ScreenContext<PredictState>;
type Binding = KeyBinding<Context>;

const pasting = ({ state }: Context) => state.paste !== undefined;
const bare = (context: Context) => !pasting(context);
const onSlider = ({ state }: Context) => state.paste === undefined && state.focus.on === "slider";
const answered = (context: Context) => bare(context) && pasteOf(context.state, context.lab) !== undefined;

/** The limits of the chosen proxy's answer in each form. */
export function pasteOf(state: PredictState, lab: LabState) {
  const proxy = rankedProxy(state, lab)?.proxy;
  const answer = proxy === undefined ? undefined : state.answers[proxy];
  if (proxy === undefined || !answer?.ok) return undefined;
  const { recommendedCpu: cpu, memory } = answer;
  return deployment({ name: proxy, cpu, ...(memory && { memoryBytes: memory.bytes }) });
}

export const predictKeys: readonly Binding[] = [
  { keys: ["y", "enter"], title: "copy", help: "Copy the lines.", when: pasting, run: copyPaste },
  {
    keys: ["escape"],
    title: "back",
    help: "Close the lines to paste.",
    when: pasting,
    run: ({ update }) => update(({ paste: _, ...state }) => state),
  },
  {
    keys: ["up"],
    title: "up",
    help: "Go to the field, answer or slider above.",
    quiet: true,
    when: bare,
    run: focusing(-1),
  },
  {
    keys: ["down"],
    title: "down",
    help: "Go to the field, answer or slider below.",
    quiet: true,
    when: bare,
    run: focusing(1),
  },
  {
    keys: ["enter", "escape"],
    title: "answers",
    help: "Go from the question to its answers.",
    when: (context) => bare(context) && context.state.focus.on === "field",
    run: ({ lab, update }) =>
      update((state) => {
        const [best] = rankedProxies(state, lab);
        return best ? focusedOn(state, { on: "answer", proxy: best.proxy }) : state;
      }),
  },
  {
    keys: ["e"],
    title: "question",
    help: "Go to the question.",
    when: (context) => bare(context) && context.state.focus.on !== "field",
    run: ({ update }) => update((state) => focusedOn(state, { on: "field", name: "completed" })),
  },
  {
    keys: ["s"],
    title: "sliders",
    help: "Go to the sliders: what will it do at these limits?",
    when: (context) => bare(context) && hasSlider(context) && !onSlider(context),
    run: ({ lab, update }) => update((state) => firstSlider(state, lab)),
  },
  { keys: ["left", "right"], title: "less, more", help: "Move the slider by one step.", when: onSlider, run: slide },
  {
    keys: ["shift+left", "shift+right", "pagedown", "pageup", "home", "end"],
    title: "far",
    help: "Move the slider by a tenth, or to its end.",
    quiet: true,
    when: onSlider,
    run: slide,
  },
  {
    keys: ["r"],
    title: "reset",
    help: "Put the sliders back to the answer.",
    quiet: true,
    when: onSlider,
    run: (context) => asking(context, "all", (state) => ({ ...state, levels: {} })),
  },
  {
    keys: ["v"],
    title: "verify",
    help: "Run the recommended limits, and a step below, for real, and see whether the answer holds.",
    when: answered,
    run: (context) => verifyAnswer(context, rankedProxy(context.state, context.lab)!.proxy),
  },
  pasteKey("d", "docker", "docker"),
  pasteKey("c", "compose", "compose"),
  pasteKey("u", "systemd", "systemd"),
  pasteKey("k", "k8s", "kubernetes"),
];

/** Changes what is asked, and asks. */
export function asking(context: Context, extent: Extent, change: (state: PredictState) => PredictState): void {
  context.update(change);
  ask(context, extent);
}

function focusing(step: number) {
  return (context: Context) => {
    const before = rankedProxy(context.state, context.lab);
    context.update((state) => focusMoved(state, context.lab, step));
    if (rankedProxy(context.state, context.lab) !== before) ask(context, "outlook");
  };
}

function hasSlider({ state, lab }: Context): boolean {
  const known = rankedProxy(state, lab);
  return known !== undefined && SLIDERS.some((factor) => stopsOf(known, factor).length > 1);
}

function firstSlider(state: PredictState, lab: LabState): PredictState {
  const known = rankedProxy(state, lab);
  const factor = known && SLIDERS.find((one) => stopsOf(known, one).length > 1);
  return factor ? focusedOn(state, { on: "slider", factor }) : state;
}

/** The CPU slider changes no answer: these are about CPU themselves. */
function onCpu({ state: { focus } }: Context): boolean {
  return focus.on === "slider" && focus.factor === "cpu";
}

function slide(context: Context, key: KeyName): void {
  asking(context, onCpu(context) ? "outlook" : "all", (state) => {
    const known = rankedProxy(state, context.lab);
    if (!known || state.focus.on !== "slider") return state;
    const { factor } = state.focus;
    const level = figureAt(slid(sliderOf(state, known, factor), key) ?? { stops: [], at: 0 });
    return level === undefined ? state : { ...state, levels: { ...state.levels, [factor]: level } };
  });
}

function pasteKey(key: KeyName, title: string, paste: Paste): Binding {
  return {
    keys: [key],
    title,
    help: `Show the limits as lines for ${title}, to copy.`,
    when: answered,
    run: ({ update }) => update((state) => ({ ...state, paste })),
  };
}

function copyPaste({ state, lab, app, update }: Context): void {
  const text = pasteOf(state, lab)?.[state.paste!];
  if (text !== undefined) app.copy(`${text}\n`);
  update(({ paste: _, ...rest }) => rest);
}
