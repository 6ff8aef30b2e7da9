import { medianOf } from "../shared/spread.ts";
import { NAMES, type Name } from "./law.ts";
import { type LogRows, varyingFactors } from "./rows.ts";

/** A parameter to fit, held at `centre` by a ridge: the smaller its `width` (a standard deviation), the firmer. */
export interface Prior {
  readonly name: Name;
  /** Its place in the vector. */
  readonly at: number;
  readonly centre: number;
  readonly width: number;
}

/** The CPU cap, which every fit has: its height, and the exponents of the factors that vary. */
export function cpuTerm(rows: LogRows): Prior[] {
  const [cpu, servers, concurrency] = varyingFactors(rows);
  const term = [prior("rate", medianOf(rows.v.map((v, i) => v - rows.u[i]![0])), 3)];
  if (cpu) term.push(prior("b", 1, 0.25));
  if (servers) term.push(prior("bServers", 0, 0.2));
  if (concurrency) term.push(prior("bConcurrency", 0, 0.2));
  return term;
}

/** The terms that these rows could show; the first prior of each says where the term begins to bind. */
export function optionalTerms(rows: LogRows): Prior[][] {
  const [cpu, servers, concurrency, memory] = varyingFactors(rows);
  const sharpness = prior("sharpness", Math.log(4), 0.5);
  const terms: Prior[][] = [];
  const plateau = [prior("plateau", Math.max(...rows.v), 1), sharpness];
  if (cpu) terms.push(servers ? [...plateau, prior("s", 0.5, 0.5)] : plateau);
  const perConnection = Math.max(...rows.v.map((v, i) => v - rows.u[i]![2]));
  if (concurrency) terms.push([prior("perConnection", perConnection, 1), sharpness]);
  const least = Math.min(...rows.u.map((u) => u[3]));
  if (memory) terms.push([prior("half", least, 1), prior("q", Math.log(3), 0.5)]);
  return terms;
}

function prior(name: Name, centre: number, width: number): Prior {
  return { name, at: NAMES.indexOf(name), centre, width };
}
