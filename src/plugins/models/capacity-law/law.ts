import type { Logs } from "./rows.ts";

/** Parameters in their order in a vector, each with its value in a law without it: endless caps, no lack of memory. */
const ABSENT = {
  rate: 0,
  b: 1,
  bServers: 0,
  bConcurrency: 0,
  plateau: Infinity,
  s: 0,
  perConnection: Infinity,
  sharpness: Math.log(4),
  half: -Infinity,
  q: Math.log(3),
};
export type Name = keyof typeof ABSENT;
export const NAMES = Object.keys(ABSENT) as readonly Name[];
/** Logarithms of the parameters, exponents as they are, in the order of NAMES. */
export type Theta = readonly number[];
type Parameters = readonly [number, number, number, number, number, number, number, number, number, number];
type Shares = readonly [work: number, flat: number, wait: number];

/** A vector of the parameters given, and of all others as if they were absent. */
export function vector(values: Readonly<Partial<Record<Name, number>>>): Theta {
  return NAMES.map((name) => values[name] ?? ABSENT[name]);
}

/** Logarithm of the rate. Writes its slopes along the parameters to `slopes`, if given. */
export function logRate(theta: Theta, u: Logs, slopes?: number[]): number {
  const [rate, b, bServers, bConcurrency, plateau, s, perConnection, sharpness, half, q] = theta as Parameters;
  const p = Math.exp(sharpness);
  const work = rate + b * u[0] + bServers * u[1] + bConcurrency * u[2];
  const flat = plateau + s * u[1];
  const wait = perConnection + u[2];
  const least = Math.min(work, flat, wait);
  const byWork = Math.exp(p * (least - work));
  const byFlat = Math.exp(p * (least - flat));
  const byWait = Math.exp(p * (least - wait));
  const sum = byWork + byFlat + byWait;
  const lack = Math.exp(q) * (half - u[3]);
  if (slopes) writeSlopes(slopes, u, [byWork / sum, byFlat / sum, byWait / sum], p, lack, Math.exp(q));
  return least - Math.log(sum) / p - (lack > 30 ? lack : Math.log1p(Math.exp(lack)));
}

/** The share of each cap in the soft minimum times the slope of the cap itself. */
function writeSlopes(slopes: number[], u: Logs, shares: Shares, p: number, lack: number, q: number): void {
  const [work, flat, wait] = shares;
  slopes[0] = work;
  slopes[1] = work * u[0];
  slopes[2] = work * u[1];
  slopes[3] = work * u[2];
  slopes[4] = flat;
  slopes[5] = flat * u[1];
  slopes[6] = wait;
  slopes[7] = (entropy(work) + entropy(flat) + entropy(wait)) / p;
  const starved = 1 / (1 + Math.exp(-lack));
  slopes[8] = -starved * q;
  slopes[9] = starved === 0 ? 0 : -starved * lack;
}

function entropy(share: number): number {
  return share > 0 ? -share * Math.log(share) : 0;
}
