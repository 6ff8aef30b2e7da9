import type { LevelKey } from "../../domain/factors.ts";
import type { Ceiling } from "./ceilings.ts";
import type { AnswerData, LeftOut } from "./conditions.ts";

/** Why a question gets no number. `message` is one line for people; the rest is for programs. */
export type Refusal = { readonly message: string } & (
  | {
      /** Fewer rows than an interval of this confidence takes, or than any model takes. */
      readonly code: "too-few-rows";
      readonly rows: number;
      readonly needed: number;
      /** The highest confidence that so many rows can give, from 0 to 1. */
      readonly highestConfidence: number;
    }
  /** There are no trials of the proxy. */
  | { readonly code: "no-trials" }
  /** There are trials of the proxy, none of them as asked for, or like those that it is ranked beside. */
  | { readonly code: "other-conditions"; readonly leftOut: readonly LeftOut[] }
  /** The question is about open loops, and the proxy was measured in others only. */
  | { readonly code: "closed-loop-only"; readonly leftOut: readonly LeftOut[] }
  /** Fewer different points than a model can be judged by, however often each was repeated. */
  | { readonly code: "too-few-configurations"; readonly configurations: number; readonly needed: number }
  /** A row, counted from 0, with a level or a figure that is no number above 0. */
  | { readonly code: "invalid-rows"; readonly row: number }
  /** No model could be fitted. */
  | { readonly code: "no-model" }
  /** The question itself is wrong: a level that is no number above 0, or one that is missing. */
  | { readonly code: "invalid-question" }
  /** A level too far from the measured ones; `measured` in rising order, empty where the factor was not set. */
  | {
      readonly code: "not-measured";
      readonly factor: LevelKey;
      readonly level: number;
      readonly measured: readonly number[];
    }
  /** The estimate lies above what the load tool or the origins could carry. */
  | { readonly code: "above-ceiling"; readonly ceiling: Ceiling; readonly estimate: number }
  /** No measured CPU limit meets the goals. */
  | {
      readonly code: "unreachable";
      /**
       * What is in the way: the rate levels off below the goal, rises no further than measured, or met a ceiling; the
       * latency, the failed or the throttled share stays above it.
       */
      readonly cause: "plateau" | "range" | "ceiling" | "latency" | "failures" | "throttling";
      /** The CPU limit, in cores, that comes closest (the highest measured, for rates), and the figure expected there. */
      readonly cpu: number;
      readonly highest: number;
      readonly ceiling?: Ceiling;
    }
  /** The goal may be met within the measured range, but cannot be shown to be with this confidence. */
  | { readonly code: "undecided"; readonly cpu?: number; readonly confidence: number }
  /** The proxy did not live with this memory limit, or a higher one; `least`: the lowest it lived with, in bytes. */
  | { readonly code: "memory-too-small"; readonly memoryBytes: number; readonly least?: number }
  /** The lowest measured CPU limit, in cores, is enough; less was not measured. */
  | { readonly code: "below-measured"; readonly cpu: number }
);

/** Answer in place of a number. */
export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
  /** The trials that were looked at; absent where there were none. */
  readonly data?: AnswerData;
}

export function refuse(refusal: Refusal): Refused {
  return { ok: false, refusal };
}
