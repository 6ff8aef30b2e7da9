import type { Bound, Verdict } from "../records/record.ts";
import type { Telemetry } from "./telemetry.ts";

/** What a verdict is judged from; absent figures are not judged. */
export interface Evidence extends Telemetry {
  /** CPU limit in cores. */
  readonly cpuLimit: number;
  readonly requestsPerSecond: number;
  /** Rate without a proxy. */
  readonly directRequestsPerSecond?: number;
  /** CPU of other processes and of other machines, in cores. */
  readonly otherCpu?: number;
  readonly stealCpu?: number;
  /** Cores that everything but the proxy shares; absent where nothing was pinned. */
  readonly restCores?: number;
}

/** A share of a resource from which on it counts as used up. */
const full = 0.95;
const nearlyFull = 0.9;
/** CPU, in cores, that others may use before it is worth saying. */
const disturbance = 0.1;

/** Names what held the rate down, with the figures that say so. */
export function judge(evidence: Evidence): Verdict {
  return { bound: boundOf(evidence), evidence: inWords(evidence) };
}

function boundOf(evidence: Evidence): Bound {
  if ((evidence.oomKills ?? 0) > 0) return "memory-bound";
  if (usesItsCpu(evidence)) return "proxy-bound";
  const client = evidence.loadToolCpu ?? 0;
  const origin = evidence.originCpu ?? 0;
  if (client >= nearlyFull) return "client-bound";
  if (
    evidence.restCores !== undefined &&
    client + origin + (evidence.otherCpu ?? 0) >= nearlyFull * evidence.restCores
  ) {
    return client >= origin ? "client-bound" : "origin-bound";
  }
  if (atCeiling(evidence)) return client >= origin ? "client-bound" : "origin-bound";
  return "unclear";
}

function usesItsCpu({ cpuAchieved, cpuLimit, throttledShare }: Evidence): boolean {
  if (cpuAchieved === undefined) return false;
  const share = cpuAchieved / cpuLimit;
  return share >= full || (share >= nearlyFull && (throttledShare ?? 0) >= nearlyFull);
}

function atCeiling({ requestsPerSecond, directRequestsPerSecond }: Evidence): boolean {
  return directRequestsPerSecond !== undefined && requestsPerSecond >= nearlyFull * directRequestsPerSecond;
}

function inWords(evidence: Evidence): string {
  const parts = [
    evidence.cpuAchieved !== undefined && `proxy used ${evidence.cpuAchieved.toFixed(3)} of ${evidence.cpuLimit} cpu`,
    evidence.throttledShare !== undefined && `throttled in ${percent(evidence.throttledShare)} of periods`,
    evidence.oomKills !== undefined && evidence.oomKills > 0 && `${evidence.oomKills} killed for memory`,
    evidence.loadToolCpu !== undefined && `load tool ${evidence.loadToolCpu.toFixed(2)} cpu`,
    evidence.originCpu !== undefined && `origins ${evidence.originCpu.toFixed(2)} cpu`,
    evidence.directRequestsPerSecond !== undefined &&
      `${percent(evidence.requestsPerSecond / evidence.directRequestsPerSecond)} of the rate without a proxy`,
    disturbs(evidence.otherCpu) && `other processes ${evidence.otherCpu.toFixed(2)} cpu`,
    disturbs(evidence.stealCpu) && `other machines ${evidence.stealCpu.toFixed(2)} cpu`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

function disturbs(cpu: number | undefined): cpu is number {
  return cpu !== undefined && cpu >= disturbance;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
