import type { Sending } from "../../contract/index.ts";
import type { Contradiction, Verdict } from "../../domain/record.ts";
import { type Bound, servesOffered } from "../../domain/verdicts.ts";
import type { Telemetry } from "./telemetry.ts";

/** What bounds a load, whatever its samples say; absent figures are not judged. */
export interface LoadBounds {
  /** CPU that the proxy can use, in cores: its limit, or one for each thread where those are fewer. */
  readonly usableCpu: number;
  /** Rate without a proxy. */
  readonly directRequestsPerSecond?: number;
  /** Rate that an open loop was asked for. */
  readonly offeredRequestsPerSecond?: number;
  /** Cores that everything but the proxy shares; absent where nothing was pinned. */
  readonly restCores?: number;
  /** Ports that connections can be made from; absent where it is not known. */
  readonly localPorts?: number;
}

/** What a verdict is judged from. */
export interface Evidence extends Telemetry, LoadBounds {
  readonly requestsPerSecond: number;
  /** Requests whose connection could not be made. */
  readonly connectFailures?: number;
  /** Rate x mean latency / concurrency, closed loop only. */
  readonly littleRatio?: number;
  /** What the load tool says against what the lab saw. */
  readonly contradictions?: readonly Contradiction[];
  /** How well an open loop kept its plan. */
  readonly sending?: Sending;
  /** Latency, in milliseconds. */
  readonly p99Ms?: number;
  /** Connections of the load tool. */
  readonly concurrency?: number;
}

/** The part of the evidence that is there when no load was measured. */
export type SocketEvidence = Pick<Evidence, "timeWaitSockets" | "localPorts">;

/** A share of a resource from which on it counts as used up. */
const full = 0.95;
const nearlyFull = 0.9;
/** A proxy at more than this share of what load tool and origins can do needs more evidence to be called the cause. */
const muchOfCeiling = 0.5;
/** CPU, in cores, that others may use before it is worth saying. */
const disturbance = 0.1;
/** A proxy that uses less of its CPU than this waits for something else. */
const idle = 0.8;
/** A load tool may be late by this, in milliseconds, or by this share of the latency. */
const lateness = { ms: 3, share: 0.25 };
/** So many requests may have to wait for a free connection. */
const mayWait = 0.01;
/** Periods in which the quota made all connections wait. */
const throttledSometimes = 0.05;
/** The quota of some periods was used up by a proxy that used less than this share of it on average. */
const burstyUse = 0.7;
/** Connections beyond those that are busy on average, so that one is free nearly always. */
const spareConnections = 1.5;
/** Little's law holds within this. */
const littleTolerance = 0.05;

/** Names what kept a load from completing any request, from the error and the sockets; `undefined` where it is not known. */
export function judgeFailure(
  error: { readonly code: string; readonly message: string },
  sockets: SocketEvidence,
): Verdict | undefined {
  if (error.code === "LAB_MEMORY") return { bound: "memory-bound", evidence: error.message };
  const { timeWaitSockets = 0, localPorts = Number.POSITIVE_INFINITY } = sockets;
  if (timeWaitSockets < nearlyFull * localPorts) return undefined;
  return { bound: "port-bound", evidence: `${timeWaitSockets} of ${localPorts} ports wait to be free` };
}

/** Names what held the rate down, with the figures that say so. */
export function judge(evidence: Evidence): Verdict {
  return { bound: boundOf(evidence), evidence: inWords(evidence) };
}

function boundOf(evidence: Evidence): Bound {
  if (evidence.contradictions?.length) return "contradicted"; // what follows would believe the tool
  if ((evidence.oomKills ?? 0) > 0) return "memory-bound";
  if (lacksPorts(evidence)) return "port-bound";
  if ((evidence.memoryLimitHits ?? 0) > 0 && isIdle(evidence)) return "memory-bound";
  if (usesItsCpu(evidence) && !mayBeAtCeiling(evidence)) return "proxy-bound";
  if (isLate(evidence)) return "send-bound"; // its latencies are the tool's own, whatever rate it reached
  if (lacksConnections(evidence)) return "connection-bound";
  if (servesOffered(evidence)) return "rate-bound";
  const { loadToolCpu: client = 0, originCpu: origin = 0 } = evidence;
  if (client >= nearlyFull) return "client-bound";
  if ((evidence.otherCpu ?? 0) > Math.max(disturbance, client + origin)) return "unclear";
  if (restIsFull(evidence)) return client >= origin ? "client-bound" : "origin-bound";
  if (atCeiling(evidence)) return "origin-bound"; // nobody lacks CPU: the origins make them wait
  if (allConnectionsWait(evidence)) return "client-bound";
  return "unclear";
}

/** The load tool sent what was due late, though a connection was free, by more than its latencies can bear. */
function isLate({ sending, p99Ms = 0 }: Evidence): boolean {
  return sending !== undefined && sending.latenessMs.p99 > Math.max(lateness.ms, lateness.share * p99Ms);
}

/** Requests had to wait for a connection, and neither the quota nor a load tool without CPU kept the connections busy. */
function lacksConnections(evidence: Evidence): boolean {
  const { sending, throttledShare = 0 } = evidence;
  const waited = waitedShare(sending) > mayWait;
  return waited && throttledShare < throttledSometimes && isIdle(evidence) && !restIsFull(evidence);
}

function waitedShare(sending: Sending | undefined): number {
  return sending === undefined || sending.due === 0 ? 0 : sending.waited / sending.due;
}

/** By Little's law, from the connections that kept busy what was served. */
function connectionsNeeded({ concurrency, offeredRequestsPerSecond, requestsPerSecond }: Evidence): number {
  const busy = ((concurrency ?? 0) * (offeredRequestsPerSecond ?? requestsPerSecond)) / requestsPerSecond;
  return Math.ceil(spareConnections * busy);
}

/** The cores that load tool, origins and everything else but the proxy share have nothing left. */
function restIsFull({ restCores, loadToolCpu = 0, originCpu = 0, otherCpu = 0 }: Evidence): boolean {
  return restCores !== undefined && loadToolCpu + originCpu + otherCpu >= nearlyFull * restCores;
}

/** Nothing lacks CPU, and all connections are waiting for replies, as they must in a closed loop: more would bring more. */
function allConnectionsWait(evidence: Evidence): boolean {
  const { cpuAchieved, littleRatio = 1, otherCpu, stealCpu, offeredRequestsPerSecond } = evidence;
  if (cpuAchieved === undefined || offeredRequestsPerSecond !== undefined) return false;
  if (disturbs(otherCpu) || disturbs(stealCpu)) return false;
  return isIdle(evidence) && Math.abs(littleRatio - 1) <= littleTolerance;
}

function usesItsCpu({ cpuAchieved, usableCpu, throttledShare }: Evidence): boolean {
  if (cpuAchieved === undefined) return false;
  const share = cpuAchieved / usableCpu;
  return share >= full || (share >= nearlyFull && (throttledShare ?? 0) >= nearlyFull);
}

/** The rate is a large part of what is reached without a proxy, and nothing shows that it could have been more. */
function mayBeAtCeiling(evidence: Evidence): boolean {
  const { requestsPerSecond: rate, directRequestsPerSecond: direct } = evidence;
  if (direct === undefined || rate < muchOfCeiling * direct) return false;
  const throttled = (evidence.throttledShare ?? 0) >= nearlyFull;
  return !throttled && (evidence.restCores === undefined || restIsFull(evidence));
}

function isIdle({ cpuAchieved, usableCpu }: Evidence): boolean {
  return cpuAchieved !== undefined && cpuAchieved < idle * usableCpu;
}

/** Sockets in TIME_WAIT hold nearly all ports, or connections fail while they hold many. */
function lacksPorts({ timeWaitSockets = 0, localPorts, connectFailures = 0 }: Evidence): boolean {
  if (localPorts === undefined) return false;
  return timeWaitSockets >= nearlyFull * localPorts || (connectFailures > 0 && timeWaitSockets >= localPorts / 2);
}

function atCeiling({ requestsPerSecond, directRequestsPerSecond }: Evidence): boolean {
  return directRequestsPerSecond !== undefined && requestsPerSecond >= nearlyFull * directRequestsPerSecond;
}

function inWords(evidence: Evidence): string {
  const { requestsPerSecond: rate, offeredRequestsPerSecond: offered, directRequestsPerSecond: direct } = evidence;
  const { cpuAchieved, throttledShare, oomKills = 0, memoryLimitHits = 0, loadToolCpu, originCpu } = evidence;
  const { otherCpu, stealCpu, contradictions = [] } = evidence;
  const parts = [
    ...contradictions.map((each) => each.evidence),
    cpuAchieved !== undefined && `proxy used ${cpuAchieved.toFixed(3)} of ${evidence.usableCpu} cpu`,
    offered !== undefined && `${percent(rate / offered)} of the rate asked for`,
    isLate(evidence) && `1 % of requests sent ${evidence.sending!.latenessMs.p99.toFixed(1)} ms late or more`,
    waitedShare(evidence.sending) > mayWait &&
      `${percent(waitedShare(evidence.sending))} waited for one of ${evidence.concurrency} connections`,
    lacksConnections(evidence) && `${connectionsNeeded(evidence)} connections would do`,
    throttledShare !== undefined && `throttled in ${percent(throttledShare)} of periods`,
    isBursty(evidence) && "bursts used up the quota of these",
    oomKills > 0 && `${oomKills} killed for memory`,
    memoryLimitHits > 0 && `${memoryLimitHits} times at the memory limit`,
    loadToolCpu !== undefined && `load tool ${loadToolCpu.toFixed(2)} cpu`,
    originCpu !== undefined && `origins ${originCpu.toFixed(2)} cpu`,
    direct !== undefined && `${percent(rate / direct)} of the rate without a proxy`,
    manyPorts(evidence) && `${evidence.timeWaitSockets} of ${evidence.localPorts} ports wait to be free`,
    disturbs(otherCpu) && `other processes ${otherCpu.toFixed(2)} cpu`,
    disturbs(stealCpu) && `other machines ${stealCpu.toFixed(2)} cpu`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

/** An open loop comes in bursts that some periods have not CPU enough for, though there is enough on average. */
function isBursty({ offeredRequestsPerSecond, throttledShare = 0, cpuAchieved = 0, usableCpu }: Evidence): boolean {
  if (offeredRequestsPerSecond === undefined) return false;
  return throttledShare >= throttledSometimes && cpuAchieved < burstyUse * usableCpu;
}

function manyPorts({ timeWaitSockets, localPorts }: Evidence): boolean {
  return timeWaitSockets !== undefined && localPorts !== undefined && timeWaitSockets >= localPorts / 4;
}

function disturbs(cpu: number | undefined): cpu is number {
  return cpu !== undefined && cpu >= disturbance;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
