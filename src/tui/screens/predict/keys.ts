import { deployment } from "../../../core/words/deploy.ts";
import { type KeyBinding, type KeyName, key, quietKey } from "../../keys.ts";
import type { LabState } from "../../store/labState.ts";
import { LIST_KEYS } from "../../widgets/list.ts";
import { entryAt, pickerAfter } from "../../widgets/picker.ts";
import { figureAt, slid } from "../../widgets/slider.ts";
import type { ScreenContext } from "../screen.ts";
import { ask } from "./ask.ts";
import { conditionEntries, conditionPicked, conditionsOpened } from "./conditions.ts";
import {
  type Extent,
  type Focus,
  focusedOn,
  focusMoved,
  movable,
  type Paste,
  type PredictState,
  places,
  rankedProxy,
  sliderOf,
} from "./state.ts";
import { verifyAnswer } from "./verify.ts";

type Context = ScreenContext<PredictState>;
type Binding = KeyBinding<Context>;

const bestOf = ({ state, lab }: Context) => rankedProxy(state, lab);
const pasting = ({ state }: Context) => state.paste !== undefined;
const picking = ({ state }: Context) => state.picker !== undefined;
const bare = (context: Context) => !pasting(context) && !picking(context);
const onSlider = (context: Context) => bare(context) && context.state.focus.on === "slider";
const answered = (context: Context) => bare(context) && pasteOf(context.state, context.lab) !== undefined;

/** The limits of the chosen proxy's answer in each form. */
export function pasteOf(state: PredictState, lab: LabState) {
  const name = rankedProxy(state, lab)?.proxy ?? "";
  const answer = state.answers[name];
  if (!answer?.ok) return undefined;
  const { recommendedCpu: cpu, memory, untested } = answer;
  return deployment({ name, cpu, ...(memory && { memoryBytes: memory.bytes }), untested });
}

const asksNow = (context: Context) => bare(context) && context.state.focus.on === "field";
const elsewhere = (context: Context) => bare(context) && context.state.focus.on !== "field";
const canSlide = (context: Context) => bare(context) && !onSlider(context) && movable(bestOf(context)).length > 0;

const hasRates = (context: Context) => bare(context) && (context.state.outlook?.rates ?? []).length > 0;

const withoutPicker = ({ picker: _, ...state }: PredictState): PredictState => state;
const openConditions = ({ lab, update }: Context) => update((state) => conditionsOpened(state, lab));
const withoutPaste = ({ paste: _, ...state }: PredictState): PredictState => state;
/** To the first field, answer or slider. */
const toFirst = (on: Focus["on"]) => (context: Context) => {
  const first = places(context.state, context.lab).find((place) => place.on === on);
  context.update((state) => focusedOn(state, first));
};
const resetSliders = (context: Context) => asking(context, "outlook", (state) => ({ ...state, levels: {} }));

const farKeys = "shift+left shift+right pagedown pageup home end";

export const predictKeys: readonly Binding[] = [
  key("y enter", "copy", "Copy the lines.", copyPaste, pasting),
  key("escape", "back", "Close the lines to paste.", ({ update }) => update(withoutPaste), pasting),
  quietKey(LIST_KEYS, "move", "Move in the list; letters search it.", moveInList, picking),
  key("enter", "choose", "Take the conditions that are marked.", pickConditions, picking),
  key("escape", "back", "Close the list.", ({ update }) => update(withoutPicker), picking),
  quietKey("up down", "move", "Go to the field, answer or slider above or below.", moveFocus, bare),
  key("enter escape", "answers", "Go from the question to its answers.", toFirst("answer"), asksNow),
  key("e", "question", "Go to the question.", toFirst("field"), elsewhere),
  key("s", "sliders", "Go to the sliders: what will it do at these limits?", toFirst("slider"), canSlide),
  key(
    "o",
    "conditions",
    "Choose the conditions of the answers: body, connections, memory and others.",
    openConditions,
    bare,
  ),
  key("g", "chart", "The chart against the offered rate, or against CPU limits.", turnChart, hasRates),
  key("left right", "less, more", "Move the slider by one step.", slide, onSlider),
  quietKey(farKeys, "far", "Move the slider by a tenth, or to its end.", slide, onSlider),
  quietKey("r", "reset", "Put the sliders back to the answer.", resetSliders, onSlider),
  key(
    "v",
    "verify",
    "Run the recommended limits, and a step below, for real, and see whether the answer holds.",
    (context) => verifyAnswer(context, bestOf(context)!.proxy),
    answered,
  ),
  pasteKey("d", "docker", "docker"),
  pasteKey("c", "compose", "compose"),
  pasteKey("u", "systemd", "systemd"),
  pasteKey("k", "k8s", "kubernetes"),
];

function turnChart({ update }: Context): void {
  update((state) => ({ ...state, againstCpu: !state.againstCpu }));
}

/** Changes what is asked, and asks. */
export function asking(context: Context, extent: Extent, change: (state: PredictState) => PredictState): void {
  context.update(change);
  ask(context, extent);
}

function moveFocus(context: Context, key: KeyName): void {
  const before = bestOf(context);
  context.update((state) => focusMoved(state, context.lab, key === "up" ? -1 : 1));
  if (bestOf(context) !== before) ask(context, "outlook");
}

function slide(context: Context, name: KeyName): void {
  const [known, { focus }] = [bestOf(context), context.state];
  if (!known || focus.on !== "slider") return;
  const { factor } = focus;
  asking(context, "outlook", (state) => {
    const slider = slid(sliderOf(state, known, factor), name);
    const level = slider && figureAt(slider);
    return level === undefined ? state : { ...state, levels: { ...state.levels, [factor]: level } };
  });
}

function moveInList({ lab, update }: Context, name: KeyName): void {
  update((state) => {
    const picker = state.picker && pickerAfter(conditionEntries(lab), state.picker, name);
    return picker ? { ...state, picker } : state;
  });
}

function pickConditions(context: Context): void {
  const { state, lab, update } = context;
  const entry = state.picker && entryAt(conditionEntries(lab), state.picker);
  if (entry) asking(context, "all", (now) => ({ ...conditionPicked(now, entry.id, lab), answers: {} }));
  else update(withoutPicker);
}

function pasteKey(name: KeyName, title: string, paste: Paste): Binding {
  const help = `Show the limits as lines for ${title}, to copy.`;
  return key(name, title, help, ({ update }) => update((state) => ({ ...state, paste })), answered);
}

function copyPaste({ state, lab, app, update }: Context): void {
  const text = pasteOf(state, lab)?.[state.paste!];
  if (text !== undefined) app.copy(`${text}\n`);
  update(withoutPaste);
}
