import type { LoadReport } from "../../contract/index.ts";
import type { Contradiction } from "../../domain/record.ts";

/** What a load tool says of its run, and what it was told. */
export interface Claims extends Pick<LoadReport, "completedRequests" | "failedRequests" | "durationSeconds"> {
  readonly concurrency: number;
  readonly keepAlive: boolean;
}

/** What the lab saw of the same run; what nobody saw is absent, and not judged. */
export interface Seen {
  /** From the start to the end of the tool's process. */
  readonly tookSeconds?: number;
  /** Requests that the origins served. */
  readonly served?: number;
  /** The most that the origins served in any part of the run, in requests/s. */
  readonly peakRate?: number;
  /** The most connections that may have been made to the proxy; others of this machine may be among them. */
  readonly opened?: number;
  /** What the lab found out when something of this was in doubt. */
  readonly inquiry?: Inquiry;
}

/** What the proxy does with requests of the lab's own, and what is left of the run. */
export interface Inquiry {
  /** The proxy passed each request on, once. */
  readonly passesOn: boolean;
  /** It keeps connections. */
  readonly keepsConnections: boolean;
  /** Connections with the proxy that were closed during the run, at least. */
  readonly closed: number;
}

/** The tool's clock may be so much ahead of the lab's. */
const clocksDiffer = { share: 0.01, seconds: 0.05 };
/** No honest rate is so far above the most that the origins served at any time. */
const overPeak = 1.15;
/** Counts that differ by less are not worth a doubt. */
const countsDiffer = 0.03;
/** Connections for each request, from which on they are not kept, and up to which they are. */
const manyConnections = 0.5;
const fewConnections = 0.9;
/** Sockets that are left of closed connections: the system may keep no more. */
const mostSockets = 4096;

/** Whether it takes an `Inquiry` to judge the claims. */
export function isInDoubt(claims: Claims, seen: Seen): boolean {
  return countIsOff(claims, seen) || (claims.keepAlive && opensMany(claims, seen));
}

/** What of the claims cannot be, seeing what the lab saw. */
export function contradictionsOf(claims: Claims, seen: Seen): Contradiction[] {
  return [...durationOf(claims, seen), ...countOf(claims, seen), ...connectionsOf(claims, seen)];
}

function durationOf(claims: Claims, seen: Seen): Contradiction[] {
  const { durationSeconds: told, completedRequests } = claims;
  const { tookSeconds = Number.POSITIVE_INFINITY, peakRate = Number.POSITIVE_INFINITY, served } = seen;
  if (told > tookSeconds * (1 + clocksDiffer.share) + clocksDiffer.seconds)
    return [contradiction("duration", `the load tool tells of ${seconds(told)}, it ran for ${seconds(tookSeconds)}`)];
  // A wrong count, or a proxy that answers by itself, would make the rate too high as well.
  if (served === undefined || countIsOff(claims, seen) || completedRequests / told <= overPeak * peakRate) return [];
  const rate = `${completedRequests} requests in ${seconds(told)}`;
  return [
    contradiction("duration", `the load tool tells of ${rate}, the origins served ${Math.round(peakRate)}/s at most`),
  ];
}

function countOf(claims: Claims, seen: Seen): Contradiction[] {
  if (!countIsOff(claims, seen) || !seen.inquiry?.passesOn) return [];
  const figures = `the load tool counted ${claims.completedRequests} requests, the origins served ${seen.served}`;
  return [contradiction("count", `${figures}, and the proxy passes each one on`)];
}

function connectionsOf(claims: Claims, seen: Seen): Contradiction[] {
  const { opened = 0, inquiry } = seen;
  const requests = `for ${claims.completedRequests} requests`;
  if (!claims.keepAlive && opensFew(claims, seen))
    return [contradiction("connections", `at most ${opened} connections ${requests} that were to have one each`)];
  if (!claims.keepAlive || !opensMany(claims, seen) || !inquiry?.keepsConnections) return [];
  if (inquiry.closed < Math.min(mostKept(claims), mostSockets)) return []; // others opened them
  return [contradiction("connections", `${opened} connections ${requests}, though the proxy keeps them`)];
}

/** The counts differ by more than what was on its way at the start and at the end, and what failed. */
function countIsOff({ completedRequests, failedRequests, concurrency }: Claims, { served }: Seen): boolean {
  if (served === undefined) return false;
  const gap = Math.abs(served - completedRequests);
  return gap > countsDiffer * completedRequests && gap > 2 * concurrency + failedRequests;
}

function opensMany(claims: Claims, { opened = 0 }: Seen): boolean {
  return opened > mostKept(claims);
}

/** Connections of a tool that keeps them; one that fails is made anew. */
function mostKept({ completedRequests, failedRequests, concurrency }: Claims): number {
  return manyConnections * completedRequests + failedRequests + 2 * concurrency;
}

function opensFew({ completedRequests, concurrency }: Claims, { opened }: Seen): boolean {
  return opened !== undefined && opened < fewConnections * completedRequests - concurrency;
}

function contradiction(code: Contradiction["code"], evidence: string): Contradiction {
  return { code, evidence };
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
