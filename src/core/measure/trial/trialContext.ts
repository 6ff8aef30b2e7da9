import type { Scenario } from "../../domain/point.ts";
import type { LabError } from "../../errors.ts";
import type { Origins } from "../origin/origin.ts";
import type { LiveFigures } from "../samples/live.ts";
import type { Bench } from "./bench.ts";
import type { Placement } from "./placement.ts";

/** What a trial runs in. */
export interface TrialContext {
  readonly bench: Bench;
  readonly scenario: Scenario;
  readonly origins: Origins;
  readonly place?: Placement;
  /** The rate of the same load without a proxy. */
  readonly directRequestsPerSecond?: number;
  readonly onFigures: (phase: "warm-up" | "window", figures: LiveFigures) => void;
  readonly onSampleFault: (fault: LabError) => void;
}
