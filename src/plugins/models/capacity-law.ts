import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { defineModel, type ModelParameter, type Training } from "../../core/contract/index.ts";

interface State {
  /** Column of each factor in use, and the mean of its logarithm. */
  readonly columns: Readonly<Record<string, number>>;
  readonly means: Readonly<Record<string, number>>;
  /** Logarithms of the parameters, exponents as they are; without those of absent terms. */
  readonly values: Readonly<Record<string, number>>;
  /** Scatter of the rows around the law, as a standard deviation of the logarithm. */
  readonly scatter: number;
}

const FACTORS = ["cpu", "servers", "concurrency", "memoryBytes"] as const;
/** Logarithms of a row's factors in the order of FACTORS, less their means; 0 for a factor not in use. */
type Logs = readonly [cpu: number, servers: number, concurrency: number, memory: number];

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
type Name = keyof typeof ABSENT;
const NAMES = Object.keys(ABSENT) as readonly Name[];
type Theta = readonly number[];
type Parameters = readonly [number, number, number, number, number, number, number, number, number, number];
type Shares = readonly [work: number, flat: number, wait: number];

/** Rows in logarithms. */
interface Rows {
  readonly u: readonly Logs[];
  readonly v: readonly number[];
}

/** A parameter to fit, held at `centre` by a ridge: the smaller its `width` (a standard deviation), the firmer. */
interface Prior {
  readonly name: Name;
  /** Its place in the vector. */
  readonly at: number;
  readonly centre: number;
  readonly width: number;
}

interface Fit {
  readonly priors: readonly Prior[];
  readonly theta: Theta;
  readonly scatter: number;
  /** Smaller is better. */
  readonly criterion: number;
}

const MINIMUM_ROWS = 3;
/** The scatter expected before any row is seen, and the number of rows that this expectation is worth. */
const EXPECTED = { scatter: 0.08, rows: 4 };

/**
 * The capacity law. A rate is the soft minimum of its caps,
 *
 *     rate = (sum over caps of cap^-p)^(-1/p) / (1 + (half / memory)^q)
 *
 * - CPU: `rate * cpu^b`, b near 1 since a request costs a fixed CPU time, times small powers of servers and concurrency
 * - plateau: `plateau * servers^s`, what more CPU does not raise
 * - connections: `perConnection * concurrency`, by Little's law: a closed loop cannot go faster than its round trip
 *
 * Each cap is what one resource allows while the others wait for it (the bounds of Denning and Buzen, "The operational
 * analysis of queueing network models", 1978); p rounds the corner between them. All is fitted in logarithms, each
 * measured from its mean over the rows, so that `rate` is the CPU cap of a typical row. Plateau, connections and memory
 * enter only where the rows show them; without them the law is a straight line in logarithms.
 *
 * Of factors it knows `cpu` (cores), `servers`, `concurrency` and `memoryBytes`. It ignores others, and those that do
 * not vary; `cpu` counts even then, with b = 1. `fit` throws where known factors or figures are not above 0.
 */
export default defineModel({
  id: "capacity-law",
  title: "Capacity law",
  minimumRows: MINIMUM_ROWS,
  fit(training): State {
    check(training);
    const columns = columnsInUse(training);
    const means = mapValues(columns, (column) => mean(training.x.map((row) => Math.log(row[column]!))));
    const u = training.x.map((row) => locate(columns, means, row));
    const { priors, theta, scatter } = fitLaw({ u, v: training.y.map(Math.log) });
    return { columns, means, values: Object.fromEntries(priors.map(({ name, at }) => [name, theta[at]!])), scatter };
  },
  predict(state, x) {
    const { columns, means, values } = state as State;
    const theta = vector(values);
    return x.map((row) => Math.exp(logRate(theta, locate(columns, means, row))));
  },
  explain: (state) => explain(state as State),
});

function check({ factors, x, y }: Training): void {
  if (y.length < MINIMUM_ROWS) throw new Error(`the capacity law needs ${MINIMUM_ROWS} rows, got ${y.length}`);
  const positive = (value: number | undefined) => value !== undefined && value > 0 && value < Infinity;
  y.forEach((figure, i) => {
    if (!positive(figure)) throw new Error(`row ${i}: the measured figure must be above 0, is ${figure}`);
    factors.forEach((factor, column) => {
      const level = x[i]?.[column];
      if (isKnown(factor) && !positive(level)) throw new Error(`row ${i}: ${factor} must be above 0, is ${level}`);
    });
  });
}

function isKnown(factor: string): boolean {
  return (FACTORS as readonly string[]).includes(factor);
}

function columnsInUse({ factors, x }: Training): Record<string, number> {
  const known = factors.map((factor, column) => [factor, column] as const).filter(([factor]) => isKnown(factor));
  const varies = (column: number) => x.some((row) => row[column] !== x[0]![column]);
  return Object.fromEntries(known.filter(([factor, column]) => factor === "cpu" || varies(column)));
}

function locate(columns: State["columns"], means: State["means"], row: readonly number[]): Logs {
  const log = (factor: string) => (factor in columns ? Math.log(row[columns[factor]!]!) - means[factor]! : 0);
  return [log("cpu"), log("servers"), log("concurrency"), log("memoryBytes")];
}

function vector(values: Partial<Record<Name, number>>): Theta {
  return NAMES.map((name) => values[name] ?? ABSENT[name]);
}

/** Logarithm of the rate. Writes its slopes along the parameters to `slopes`, if given. */
function logRate(theta: Theta, u: Logs, slopes?: number[]): number {
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

/** Fits the CPU cap alone, then adds, one at a time, the term that improves it most, while one does. */
function fitLaw(rows: Rows): Fit {
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

function better(a: Fit, b: Fit): Fit {
  return b.criterion < a.criterion ? b : a;
}

function varying({ u }: Rows): readonly boolean[] {
  return FACTORS.map((_, i) => u.some((logs) => logs[i] !== u[0]![i]));
}

function cpuTerm(rows: Rows): Prior[] {
  const [cpu, servers, concurrency] = varying(rows);
  const term = [prior("rate", median(rows.v.map((v, i) => v - rows.u[i]![0])), 3)];
  if (cpu) term.push(prior("b", 1, 0.25));
  if (servers) term.push(prior("bServers", 0, 0.2));
  if (concurrency) term.push(prior("bConcurrency", 0, 0.2));
  return term;
}

/** The terms that these rows could show; the first prior of each says where the term begins to bind. */
function optionalTerms(rows: Rows): Prior[][] {
  const [cpu, servers, concurrency, memory] = varying(rows);
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

/** A fit with one more term: the better of two, begun where the term binds and where it hardly matters. */
function fitWith(rows: Rows, { priors, theta }: Fit, term: readonly Prior[]): Fit {
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
function fitTerms(rows: Rows, priors: readonly Prior[], start: Theta): Fit {
  let theta = start;
  let scatter = 0.5;
  for (const tolerance of [1e-2, 1e-3, 1e-8]) {
    theta = descend(rows, priors, theta, scatter, tolerance);
    scatter = scatterOf(misses(rows, theta));
  }
  const misfit = objective(rows, priors, theta, scatter) + EXPECTED.rows * EXPECTED.scatter ** 2;
  // Schwarz's criterion with the unknown scatter integrated out: a parameter must earn its place among these rows.
  const criterion = (rows.v.length + EXPECTED.rows) * Math.log(misfit) + priors.length * Math.log(rows.v.length);
  return { priors, theta, scatter, criterion };
}

/** Levenberg-Marquardt on the robust, ridged sum of squares; reweighted at each step (Holland and Welsch, 1977). */
function descend(rows: Rows, priors: readonly Prior[], start: Theta, scatter: number, tolerance: number): Theta {
  let [theta, cost] = [start, objective(rows, priors, start, scatter)];
  for (let step = 0, damping = 1e-3; step < 50 && damping < 1e8; step++) {
    const next = stepFrom(rows, priors, theta, scatter, damping);
    const lower = objective(rows, priors, next, scatter);
    if (!(lower < cost)) {
      damping *= 8;
      continue;
    }
    const done = cost - lower < tolerance * cost;
    [theta, cost, damping] = [next, lower, damping / 8];
    if (done) break;
  }
  return theta;
}

function stepFrom(rows: Rows, priors: readonly Prior[], theta: Theta, scatter: number, damping: number): Theta {
  const curvature = priors.map(() => new Array<number>(priors.length).fill(0));
  const pull = new Array<number>(priors.length).fill(0);
  const slopes = [...theta];
  rows.u.forEach((u, i) => {
    const miss = rows.v[i]! - logRate(theta, u, slopes);
    const weight = 1 / (1 + (miss / reach(scatter)) ** 2);
    priors.forEach((one, a) => {
      pull[a]! += weight * miss * slopes[one.at]!;
      for (let b = 0; b <= a; b++) curvature[a]![b]! += weight * slopes[one.at]! * slopes[priors[b]!.at]!;
    });
  });
  priors.forEach(({ at, centre, width }, a) => {
    const ridge = (scatter / width) ** 2;
    pull[a]! -= ridge * (theta[at]! - centre);
    curvature[a]![a] = (curvature[a]![a]! + ridge) * (1 + damping);
    for (let b = 0; b < a; b++) curvature[b]![a] = curvature[a]![b]!;
  });
  const move = new CholeskyDecomposition(new Matrix(curvature)).solve(Matrix.columnVector(pull));
  const next = [...theta];
  for (const [a, { at }] of priors.entries()) next[at]! += move.get(a, 0);
  return next;
}

function objective(rows: Rows, priors: readonly Prior[], theta: Theta, scatter: number): number {
  const c = reach(scatter) ** 2;
  const misfit = misses(rows, theta).reduce((sum, miss) => sum + c * Math.log1p(miss ** 2 / c), 0);
  return priors.reduce((sum, { at, centre, width }) => sum + ((scatter * (theta[at]! - centre)) / width) ** 2, misfit);
}

function misses({ u, v }: Rows, theta: Theta): number[] {
  return v.map((value, i) => value - logRate(theta, u[i]!));
}

/** The miss at which a row has lost half its weight (Cauchy's function, 95 % efficient where misses are normal). */
function reach(scatter: number): number {
  return 2.385 * scatter;
}

function scatterOf(left: readonly number[]): number {
  const seen = 1.4826 * median(left.map(Math.abs));
  const rows = EXPECTED.rows + left.length;
  return Math.sqrt((EXPECTED.rows * EXPECTED.scatter ** 2 + left.length * seen ** 2) / rows);
}

/** Parameters for people. `rate per core`, and so the cost, holds at the geometric mean of the measured CPU limits. */
function explain({ columns, means, values, scatter }: State): ModelParameter[] {
  const perCore = "cpu" in columns ? Math.exp(values.rate! - means.cpu!) : undefined;
  const exp = (name: Name, shift = 0) => (name in values ? Math.exp(values[name]! + shift) : undefined);
  const parameters: [string, number | undefined, string][] = [
    ["rate per core", perCore, "requests/s"],
    ["cost", perCore && 1e6 / perCore, "CPU microseconds/request"],
    ["exponent of cpu", values.b, ""],
    ["exponent of servers", values.bServers, ""],
    ["exponent of concurrency", values.bConcurrency, ""],
    [
      "s" in values ? "plateau of one server" : "plateau",
      exp("plateau", -(values.s ?? 0) * (means.servers ?? 0)),
      "requests/s",
    ],
    ["exponent of servers in the plateau", values.s, ""],
    ["rate per connection", exp("perConnection", -(means.concurrency ?? 0)), "requests/s"],
    ["sharpness of the knee", exp("sharpness"), ""],
    ["memory at half the rate", exp("half", means.memoryBytes), "bytes"],
    ["scatter", 100 * scatter, "%"],
  ];
  return parameters.flatMap(([name, value, unit]) => (value === undefined ? [] : [{ name, value, unit }]));
}

function prior(name: Name, centre: number, width: number): Prior {
  return { name, at: NAMES.indexOf(name), centre, width };
}

function mapValues<T>(values: Readonly<Record<string, number>>, change: (value: number) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
