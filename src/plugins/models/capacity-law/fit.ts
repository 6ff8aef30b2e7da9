import { medianOf } from "../shared/spread.ts";
import { descend, misses, objective } from "./descend.ts";
import { NAMES, type Theta, vector } from "./law.ts";
import type { LogRows } from "./rows.ts";
import { cpuTerm, optionalTerms, type Prior } from "./terms.ts";

interface Fit {
  /** The parameters that were fitted; all others are absent. */
  readonly priors: readonly Prior[];
  readonly theta: Theta;
  /** Scatter of the rows around the law, as a standard deviation of the logarithm. */
  readonly scatter: number;
  /** Smaller is better. */
  readonly criterion: number;
}

/** The scatter expected before any row is seen, and the number of rows that this expectation is worth. */
const EXPECTED = { scatter: 0.08, rows: 4 };

/** Fits the CPU cap alone, then adds, one at a time, the term that improves it most, while one does. */
export function fitLaw(rows: LogRows): Fit {
  const cpu = cpuTerm(rows);
  let best = fitTerms(rows, cpu, vector({ rate: cpu[0]!.centre }));
  for (let left = optionalTerms(rows); left.length > 0; ) {
    const tried = left.map((term) => fitWith(rows, best, term));
    const next = tried.reduce(better);
    if (next.criterion >= best.criterion) break;
    best = next;
    left = left.filter((_, i) => tried[i] !== next);
  }
  return best;
}

/** A fit with one more term: the better of two, begun where the term binds and where it hardly matters. */
function fitWith(rows: LogRows, { priors, theta }: Fit, term: readonly Prior[]): Fit {
  const added = term.filter(({ name }) => !priors.some((known) => known.name === name));
  const [first] = added as [Prior];
  const away = first.name === "half" ? -0.7 : 0.7;
  const starts = [0, away].map((shift) => {
    const start = [...theta];
    for (const { at, centre } of added) start[at] = centre;
    start[first.at] = first.centre + shift;
    start[NAMES.indexOf("b")] = 1;
    return start;
  });
  return starts.map((start) => fitTerms(rows, [...priors, ...added], start)).reduce(better);
}

/** Descends with the scatter held, then estimates the scatter from what is left over; three times. */
function fitTerms(rows: LogRows, priors: readonly Prior[], start: Theta): Fit {
  let theta = start;
  let scatter = 0.5;
  for (const tolerance of [1e-2, 1e-3, 1e-8]) {
    theta = descend({ rows, priors, scatter }, theta, tolerance);
    scatter = scatterOf(misses(rows, theta));
  }
  const misfit = objective({ rows, priors, scatter }, theta) + EXPECTED.rows * EXPECTED.scatter ** 2;
  // Schwarz's criterion with the unknown scatter integrated out: a parameter must earn its place among these rows.
  const criterion = (rows.v.length + EXPECTED.rows) * Math.log(misfit) + priors.length * Math.log(rows.v.length);
  return { priors, theta, scatter, criterion };
}

function better(a: Fit, b: Fit): Fit {
  return b.criterion < a.criterion ? b : a;
}

function scatterOf(left: readonly number[]): number {
  const seen = 1.4826 * medianOf(left.map(Math.abs));
  const rows = EXPECTED.rows + left.length;
  return Math.sqrt((EXPECTED.rows * EXPECTED.scatter ** 2 + left.length * seen ** 2) / rows);
}
