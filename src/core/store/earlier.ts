import type { Point, Scenario } from "../domain/point.ts";
import type { SweepSpec } from "../domain/spec.ts";

/** Labs that did not have the offered rate among the factors kept it in the scenario. */
interface EarlierScenario extends Omit<Scenario, "rate"> {
  readonly rate?: Scenario["rate"] | { readonly requestsPerSecond: number };
}

/** A trial, or how one was made, in today's form. */
export function trialOfToday<T extends { readonly point: Point; readonly scenario: Scenario }>(stored: T): T {
  const { scenario, requestsPerSecond } = withoutRate(stored.scenario);
  if (requestsPerSecond === undefined) return stored;
  return { ...stored, point: { ...stored.point, requestsPerSecond }, scenario };
}

/** A plan in today's form, so that a sweep which an earlier lab began can go on. */
export function specOfToday(stored: SweepSpec): SweepSpec {
  const { scenario, requestsPerSecond } = withoutRate(stored.scenario);
  if (requestsPerSecond !== undefined) return { ...stored, requestsPerSecond: [requestsPerSecond], scenario };
  return { ...stored, requestsPerSecond: stored.requestsPerSecond ?? [] };
}

/** Takes a rate in requests per second out of a scenario, where it has one. */
function withoutRate(stored: EarlierScenario): { scenario: Scenario; requestsPerSecond?: number } {
  const { rate, ...scenario } = stored;
  if (rate === undefined) return { scenario };
  return "requestsPerSecond" in rate
    ? { scenario, requestsPerSecond: rate.requestsPerSecond }
    : { scenario: { ...scenario, rate } };
}
