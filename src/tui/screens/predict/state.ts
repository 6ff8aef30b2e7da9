import type { FixedLevels, PredictedCurve, Prediction, Recommendation, Refused } from "../../../core/answer/index.ts";
import { leastCpuFirst } from "../../../core/answer/recommend.ts";
import { distinct, type LevelKey, type Levels, quantities } from "../../../core/domain/factors.ts";
import type { LabState } from "../../store/labState.ts";
import { isMeasuring } from "../../store/runState.ts";
import { cycled } from "../../widgets/list.ts";
import { type Slider, sliderAt } from "../../widgets/slider.ts";
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
export interface ProxyOutlook {
  readonly proxy: string;
  readonly rate?: Prediction | Refused;
  readonly p99?: Prediction | Refused;
  readonly peak?: Prediction | Refused;
  readonly curve?: PredictedCurve | Refused;
}

/** What is asked for: the answers of all proxies and the outlook, or the outlook alone. */
export type Extent = "all" | "outlook";

/** How far a check by real runs is, or what came of it. */
export type CheckState =
  | { readonly at: "running"; readonly line: string }
  | { readonly at: "held" | "not held" | "failed"; readonly line: string };

export const PASTES = ["docker", "compose", "systemd", "kubernetes"] as const;
export type Paste = (typeof PASTES)[number];

export interface PredictState {
  readonly focus: Focus;
  readonly fields: Fields;
  /** Levels that the sliders were moved to. */
  readonly levels: Levels;
  /** The proxy whose outlook is shown; the best one unless chosen. */
  readonly proxy?: string;
  /** By proxy, for the question asked last. */
  readonly answers: Readonly<Record<string, Recommendation | Refused>>;
  readonly outlook?: ProxyOutlook;
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
  levels: {},
  answers: {},
  checks: {},
  asking: false,
  learnedFrom: -1,
};

/** The proxies as they are listed: those that need least CPU first, those without an answer last. */
export function rankedProxies({ answers }: PredictState, lab: LabState): readonly Known[] {
  return knownProxies(lab.trials).toSorted((a, b) => leastCpuFirst(answers[a.proxy], answers[b.proxy]));
}

/** The proxy whose outlook is shown. */
export function rankedProxy(state: PredictState, lab: LabState): Known | undefined {
  const ranked = rankedProxies(state, lab);
  return ranked.find(({ proxy }) => proxy === state.proxy) ?? ranked[0];
}

/** The slider of a factor for a proxy: where it was moved to, at the answer's CPU limit, or at the least level. */
export function sliderOf(state: PredictState, known: Known, factor: LevelKey): Slider {
  const answer = state.answers[known.proxy];
  const own = factor === "cpu" && answer?.ok ? [answer.recommendedCpu] : [];
  const stops = distinct([...stopsOf(known, factor), ...own]);
  return sliderAt(stops, state.levels[factor] ?? usualLevel(state, known, factor, stops));
}

function usualLevel(state: PredictState, known: Known, factor: LevelKey, stops: readonly number[]): number {
  const answer = state.answers[known.proxy];
  if (factor === "cpu") {
    if (answer?.ok) return answer.recommendedCpu;
    return answer?.refusal.code === "below-measured" ? (stops[0] ?? 0) : (stops.at(-1) ?? 0);
  }
  if (factor === "memoryBytes" && answer?.ok && answer.levels.memoryBytes !== undefined)
    return answer.levels.memoryBytes;
  return stops[0] ?? 0;
}

/**
 * Levels of the factors other than CPU for a proxy. For a recommendation the memory stays open unless its slider was
 * moved: it is part of the answer.
 */
export function sliderLevels(state: PredictState, known: Known, openMemory: boolean): FixedLevels {
  const factors = SLIDERS.filter((factor) => factor !== "cpu" && stopsOf(known, factor).length > 0);
  return Object.fromEntries(
    factors
      .filter((factor) => !(openMemory && factor === "memoryBytes" && state.levels.memoryBytes === undefined))
      .map((factor) => {
        const { stops, at } = sliderOf(state, known, factor);
        return [factor, stops[at]!];
      }),
  );
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

/** Places that the focus goes through: fields, answers, sliders that can move. */
export function places(state: PredictState, lab: LabState): readonly Focus[] {
  const known = rankedProxy(state, lab);
  const sliders = known ? SLIDERS.filter((factor) => stopsOf(known, factor).length > 1) : [];
  return [
    ...FIELDS.map((name): Focus => ({ on: "field", name })),
    ...rankedProxies(state, lab).map(({ proxy }): Focus => ({ on: "answer", proxy })),
    ...sliders.map((factor): Focus => ({ on: "slider", factor })),
  ];
}

export function sameFocus(a: Focus, b: Focus): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The state with the focus some places on; on an answer its proxy is the chosen one. */
export function focusMoved(state: PredictState, lab: LabState, step: number): PredictState {
  const all = places(state, lab);
  const at = all.find((place) => sameFocus(place, state.focus)) ?? state.focus;
  return focusedOn(state, cycled(all, at, step));
}

export function focusedOn(state: PredictState, focus: Focus): PredictState {
  return { ...state, focus, ...(focus.on === "answer" && { proxy: focus.proxy }) };
}
