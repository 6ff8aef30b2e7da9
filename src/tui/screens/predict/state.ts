import { isDeepStrictEqual } from "node:util";
import type { FixedLevels, PredictedCurve, Prediction, Recommendation, Refused } from "../../../core/answer/index.ts";
import type { TrialWish } from "../../../core/answer/learning/selection.ts";
import { leastCpuFirst } from "../../../core/answer/recommend.ts";
import { withoutAbsent } from "../../../core/domain/absent.ts";
import { distinct, type LevelKey, type Levels, quantities } from "../../../core/domain/factors.ts";
import type { Deployment } from "../../../core/words/deploy.ts";
import type { LabState } from "../../store/labState.ts";
import { isMeasuring } from "../../store/runState.ts";
import { cycled } from "../../widgets/list.ts";
import type { PickerState } from "../../widgets/picker.ts";
import { figureAt, type Slider, sliderAt } from "../../widgets/slider.ts";
import { FIELDS, type FieldName, type Fields, firstFields } from "./goals.ts";
import { type Known, knownProxies, stopsOf } from "./known.ts";

/** The factors that have sliders, in their order. */
export const SLIDERS = quantities().map(({ key }) => key);

/** What the keys act on: a field of the question, the answer for a proxy, or a slider. */
export type Focus =
  | { readonly on: "field"; readonly name: FieldName }
  | { readonly on: "answer"; readonly proxy: string }
  | { readonly on: "slider"; readonly factor: LevelKey };

/** What is expected of the chosen proxy where the sliders stand. */
export interface ProxyOutlook extends Partial<Readonly<Record<"rate" | "p99" | "peak", Prediction | Refused>>> {
  readonly proxy: string;
  readonly curve?: PredictedCurve | Refused;
  /**
   * Its p99 against the offered rate: where the CPU slider stands, then at the measured limits next to it. Empty unless a p99
   * is asked for and answered from open loops.
   */
  readonly rates?: readonly PredictedCurve[];
}

/** What is asked for: the answers of all proxies and the outlook, or the outlook alone. */
export type Extent = "all" | "outlook";

/** How much a proxy needs, or why that is not known. */
export type Answer = Recommendation | Refused;

/** How far a check by real runs is, or what came of it. */
export interface CheckState {
  readonly at: "running" | "held" | "not held" | "failed";
  readonly line: string;
}

export type Paste = keyof Deployment;

export interface PredictState {
  readonly focus: Focus;
  readonly fields: Fields;
  /** Which trials the answers come from: of conditions that were not chosen those measured most. */
  readonly wish: TrialWish;
  /** Levels that were chosen for the answers: of servers and connections those measured most unless chosen. */
  readonly asked: FixedLevels;
  /** The list of conditions that lies over the screen. */
  readonly picker?: PickerState;
  /** Levels that the sliders were moved to; they change what the chosen proxy will do, and no answer. */
  readonly levels: Levels;
  /** The proxy whose outlook is shown; the best one unless chosen. */
  readonly proxy?: string;
  /** By proxy, for the question asked last. */
  readonly answers: Readonly<Record<string, Answer>>;
  readonly outlook?: ProxyOutlook;
  /** The chart is against CPU limits, also where one against the offered rate could be drawn. */
  readonly againstCpu?: boolean;
  /** By proxy. */
  readonly checks: Readonly<Record<string, CheckState>>;
  /** The form in which the limits are shown, to be pasted. */
  readonly paste?: Paste;
  /** Work is under way for the question; what of it has to be asked for again, since it has changed meanwhile. */
  readonly asking: boolean;
  readonly again?: Extent;
  /** What went wrong while it was asked. */
  readonly problem?: string;
  /** Trials of the store when it was asked last. */
  readonly learnedFrom: number;
}

export const initialPredict: PredictState = {
  focus: { on: "field", name: "completed" },
  fields: firstFields,
  wish: {},
  asked: {},
  levels: {},
  answers: {},
  checks: {},
  asking: false,
  learnedFrom: -1,
};

/** The proxies as they are listed: those that need least CPU first, those without an answer last. */
export function rankedProxies({ answers, wish, asked }: PredictState, lab: LabState): readonly Known[] {
  return knownProxies(lab.trials, wish, asked).toSorted((a, b) => leastCpuFirst(answers[a.proxy], answers[b.proxy]));
}

/** The proxy whose outlook is shown. */
export function rankedProxy(state: PredictState, lab: LabState): Known | undefined {
  const ranked = rankedProxies(state, lab);
  return ranked.find(({ proxy }) => proxy === state.proxy) ?? ranked[0];
}

/** The slider of a factor for a proxy: where it was moved to, at the answer's level, or at the least. */
export function sliderOf(state: PredictState, known: Known, factor: LevelKey): Slider {
  const answer = state.answers[known.proxy];
  const own = factor === "cpu" && answer?.ok ? [answer.recommendedCpu] : [];
  const stops = distinct([...stopsOf(known, factor), ...own]);
  return sliderAt(stops, state.levels[factor] ?? usualLevel(answer, factor, stops));
}

function usualLevel(answer: Answer | undefined, factor: LevelKey, stops: readonly number[]): number {
  const [least = 0, most = least] = [stops[0], stops.at(-1)];
  if (factor !== "cpu") return (answer?.ok ? answer.levels : answer?.data?.levels)?.[factor] ?? least;
  if (answer?.ok) return answer.recommendedCpu;
  return answer?.refusal.code === "below-measured" ? least : most;
}

/** Levels of the factors other than CPU where the sliders of a proxy stand. */
export function sliderLevels(state: PredictState, known: Known): FixedLevels {
  const levels = SLIDERS.map((factor) => [
    factor,
    factor === "cpu" ? undefined : figureAt(sliderOf(state, known, factor)),
  ]);
  return withoutAbsent(Object.fromEntries(levels));
}

/** Real runs are under way for one of the answers. */
export function isChecking({ checks }: PredictState): boolean {
  return Object.values(checks).some(({ at }) => at === "running");
}

/** The answers are not from all trials. */
export function isStale({ learnedFrom }: PredictState, { trials }: LabState): boolean {
  return learnedFrom !== trials.length;
}

/** To learn from each trial as it comes would disturb the next one: the answers that there are do until the last one. */
export function waits(state: PredictState, { run }: LabState): boolean {
  return state.learnedFrom >= 0 && (isMeasuring(run) || isChecking(state));
}

/** The factors whose sliders can move. */
export function movable(known: Known | undefined): readonly LevelKey[] {
  return known ? SLIDERS.filter((factor) => stopsOf(known, factor).length > 1) : [];
}

/** What keys can act on, in the order of the screen: fields, answers, and sliders that can move. */
export function places(state: PredictState, lab: LabState): readonly Focus[] {
  return [
    ...FIELDS.map((name): Focus => ({ on: "field", name })),
    ...rankedProxies(state, lab).map(({ proxy }): Focus => ({ on: "answer", proxy })),
    ...movable(rankedProxy(state, lab)).map((factor): Focus => ({ on: "slider", factor })),
  ];
}

/** The state with the focus some places on. */
export function focusMoved(state: PredictState, lab: LabState, step: number): PredictState {
  const all = places(state, lab);
  const at = all.find((place) => isDeepStrictEqual(place, state.focus)) ?? state.focus;
  return focusedOn(state, cycled(all, at, step));
}

/** On an answer its proxy is the chosen one. */
export function focusedOn(state: PredictState, focus = state.focus): PredictState {
  return { ...state, focus, ...(focus.on === "answer" && { proxy: focus.proxy }) };
}
