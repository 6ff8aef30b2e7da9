import type { Observation } from "../statistics/trials/observe.ts";

/** `+ ρ  0.98 n 12`: the effect, the rank correlation, the trials; the same columns in each row. */
export function observationInWords(observation: Observation | undefined): string {
  if (!observation) return "";
  const { effect, rho, n } = observation;
  if (effect === "not varied") return effect;
  return `${effect}${rho === undefined ? "" : ` ρ ${rho.toFixed(2).padStart(5)}`} n ${n}`;
}
