import type { LabEvent } from "./events.ts";

/** What the lab did otherwise than asked, or left out; a face words it. */
export type LabNotice =
  /** An entry of a plugins.json that cannot be used. */
  | { readonly code: "plugin-left-out"; readonly file: string; readonly problem: string }
  /** Saved models learned on a machine with this CPU, and answer unscaled. */
  | { readonly code: "other-machine"; readonly cpuModel: string; readonly cores: number }
  /** Saved models learned from `trials` trials; the store has `unknown` others. */
  | { readonly code: "other-trials"; readonly proxy: string; readonly trials: number; readonly unknown: number }
  /**
   * A figure of saved models was multiplied by `factor`, by one trial at `cpu` cores; at `checkedAt` cores the scaled
   * model errs by `error`: predicted / measured - 1.
   */
  | {
      readonly code: "calibrated";
      readonly target: string;
      readonly factor: number;
      readonly error: number;
      readonly cpu: number;
      readonly checkedAt: number;
    }
  /** An open loop is sent by `loadTool`, since `missing`, which adds less to the latencies, is not installed. */
  | { readonly code: "longer-tail"; readonly loadTool: string; readonly missing: string }
  /** Preferences cannot be written, so what was to be remembered is not. */
  | { readonly code: "not-remembered"; readonly file: string; readonly reason: string };

/** How work that takes trials is watched and ended. */
export interface Running {
  readonly signal: AbortSignal;
  readonly onEvent: (event: LabEvent) => void;
}

/** What a face lends to the lab. */
export interface Face {
  onNotice(notice: LabNotice): void;
  /** Runs work in the course of an answer that takes trials, such as a calibration. */
  running<T>(work: (running: Running) => Promise<T>): Promise<T>;
}

/** A face that says nothing, and lets work run to its end. */
export const silentFace: Face = {
  onNotice: () => {},
  running: (work) => work({ signal: new AbortController().signal, onEvent: () => {} }),
};
