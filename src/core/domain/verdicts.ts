/** What may hold the rate of a trial down. */
interface BoundMeaning {
  readonly id: string;
  /** In one sentence, without its end. */
  readonly meaning: string;
  /** It is the proxy's own limit: such a trial says what the proxy can do. */
  readonly ownLimit: boolean;
}

/** All bounds, in the order of docs/terminology.md; measure/samples/verdict.ts tells them apart. */
export const BOUNDS = [
  { id: "proxy-bound", meaning: "the proxy used up the CPU that it was given", ownLimit: true },
  { id: "memory-bound", meaning: "the proxy lacked memory", ownLimit: true },
  { id: "client-bound", meaning: "the load tool could send no faster", ownLimit: false },
  { id: "origin-bound", meaning: "the origins could answer no faster", ownLimit: false },
  { id: "port-bound", meaning: "the machine ran out of ports for new connections", ownLimit: false },
  { id: "send-bound", meaning: "the load tool sent an open loop's requests late", ownLimit: false },
  {
    id: "connection-bound",
    meaning: "an open loop had too few connections for its rate and latency",
    ownLimit: false,
  },
  { id: "rate-bound", meaning: "nothing: an open loop got the rate that it asked for", ownLimit: false },
  {
    id: "contradicted",
    meaning: "not known: the load tool contradicts the lab's own clock or counts",
    ownLimit: false,
  },
  { id: "unclear", meaning: "none of these is shown", ownLimit: false },
] as const satisfies readonly BoundMeaning[];

/** An open loop is served where so much of its rate is. */
export const servedShare = 0.99;

/** Whether an open loop got the rate that it asked for: nothing held it down then. */
export function servesOffered(rates: {
  readonly requestsPerSecond: number;
  readonly offeredRequestsPerSecond?: number | undefined;
}): boolean {
  return rates.requestsPerSecond >= servedShare * (rates.offeredRequestsPerSecond ?? Number.POSITIVE_INFINITY);
}

/** Cause of the rate that a trial reached. */
export type Bound = (typeof BOUNDS)[number]["id"];
/** A limit of the proxy itself. */
type OwnLimit = Extract<(typeof BOUNDS)[number], { readonly ownLimit: true }>["id"];

const own: ReadonlySet<Bound> = new Set(BOUNDS.filter(({ ownLimit }) => ownLimit).map(({ id }) => id));

/** A bound under which a trial says what the proxy does: its own limit, or none, where it kept the rate of an open loop. */
export type ShownBound = OwnLimit | "rate-bound";

/** Whether models can learn from a trial what the proxy does; false if there is no verdict. */
export function showsProxy(bound: Bound | undefined): bound is ShownBound {
  return bound === "rate-bound" || isOwnLimit(bound);
}

/** Whether the proxy itself held the rate down; false if there is no verdict. */
export function isOwnLimit(bound: Bound | undefined): bound is OwnLimit {
  return bound !== undefined && own.has(bound);
}
