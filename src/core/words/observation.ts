import { formatCoefficient } from "../domain/format.ts";
import type { Observation } from "../statistics/trials/observe.ts";

/** `+ ρ  0.98 n 12`: the effect, the rank correlation, the trials; the same columns in each row. */
export function observationInWords({ effect, rho, n }: Observation): string {
  if (effect === "not varied") return effect;
  return `${effect}${rho === undefined ? "" : ` ρ ${formatCoefficient(rho).padStart(5)}`} n ${n}`;
}
