import type { Figure } from "../../domain/figures.ts";
import type { Comparison } from "./compare.ts";

/** What may be worse of the second side, and where that counts. */
export interface GateWish {
  /** The share by which the second side may be worse. */
  readonly maxRegress: number;
  /** Sides from different machines count, too. */
  readonly acrossMachines?: boolean | undefined;
}

/** `unstable`: neither can be told. `other machines`: not asked, as a difference may be that of the machines. */
export type GateOutcome = "passed" | "regressed" | "unstable" | "other machines";

/**
 * Whether the second side is worse by more than it may be. It is where a difference is shown and the ratio is beyond the
 * limit; it cannot be told where the interval holds 1 and reaches beyond the limit.
 */
export function gateOf(found: Comparison, { better }: Figure, { maxRegress, acrossMachines }: GateWish): GateOutcome {
  const { ratio, machines } = found;
  if (better === "neither") return "passed";
  if (machines.differ.length > 0 && !acrossMachines) return "other machines";
  if (!ratio) return "unstable";
  const [nearest, estimate, farthest] =
    better === "lower"
      ? [ratio.low - 1, ratio.estimate - 1, ratio.high - 1]
      : [1 - ratio.high, 1 - ratio.estimate, 1 - ratio.low];
  if (nearest > 0) return estimate > maxRegress ? "regressed" : "passed";
  return farthest > maxRegress ? "unstable" : "passed";
}
