import type { LatencyMs } from "../contract/index.ts";
import { LabError } from "../errors.ts";
import type { TrialRecord, TrialUsage } from "./record.ts";

/** Reads a figure of a trial; `undefined` if it was not measured. */
export type Reading = (record: TrialRecord) => number | undefined;

/** A figure that trials are judged by. */
export interface Figure extends FigureUses {
  /** Its name on the command line and in JSON. */
  readonly id: string;
  /** For titles and columns. */
  readonly label: string;
  /** Unit of its values; see `formatFigure`. */
  readonly unit: string;
  readonly better: "higher" | "lower" | "neither";
  readonly of: Reading;
}

/** What a figure is used for beyond charts and comparisons. */
interface FigureUses {
  /** Models may learn and predict it. */
  readonly learnable?: Learnable;
  /** Its place among the outcomes that are correlated. */
  readonly correlated?: number;
  /** Models may look at it while they learn another figure. */
  readonly informs?: true;
  /** Latency is of several kinds, which must not be mixed. */
  readonly latency?: true;
  /** It follows the speed of the machine: trials at reference speed have another one than was measured. */
  readonly followsSpeed?: true;
  /** Its column in exported data. */
  readonly column?: FigureColumn;
}

interface Learnable {
  /** More CPU gives more of it; such figures have a ceiling. */
  readonly rises: boolean;
  /**
   * Added to figures before models learn them, and taken off their answers, if 0 is an ordinary figure: what is far below
   * it does not count. Models learn logarithms.
   */
  readonly offset?: number;
}

/** A column of exported data where it differs from the figure: by default its id, its unit and its values. */
interface FigureColumn {
  readonly name?: string;
  readonly type: "number" | "whole number";
  readonly unit?: string;
  readonly meaning: string;
  readonly of?: Reading;
}

/** Columns are listed in docs/export.md. */
const columnOf =
  (type: FigureColumn["type"]) =>
  (meaning: string, differing: Partial<FigureColumn> = {}) => {
    return { type, meaning, ...differing };
  };
const [number, whole] = [columnOf("number"), columnOf("whole number")];

/** In the order in which they are listed: the ones asked for most first. */
const TABLE = [
  figure("requestsPerSecond", "requests/s", "requests/s", "higher", (r) => r.result?.requestsPerSecond, {
    learnable: { rises: true },
    correlated: 1,
    followsSpeed: true,
    column: number("completed requests / duration"),
  }),
  figure("completedRequests", "completed requests", "requests", "higher", perWindow("completedRequests"), {
    learnable: { rises: true },
    correlated: 2,
    followsSpeed: true,
    column: whole("in the whole window", { of: (r) => r.result?.completedRequests }),
  }),
  figure("failedRequests", "failed requests", "requests", "lower", perWindow("failedRequests"), {
    column: whole("in the whole window", { of: (r) => r.result?.failedRequests }),
  }),
  figure("failedShare", "failed share", "share", "lower", failedShare, {
    learnable: { rises: false, offset: 1e-3 },
    correlated: 3,
  }),
  figure("transferredBytes", "transferred bytes", "bytes", "higher", perWindow("transferredBytes"), {
    learnable: { rises: true },
    correlated: 6,
    followsSpeed: true,
    column: number("received, headers included", { of: (r) => r.result?.transferredBytes }),
  }),
  figure("transferredBytesPerSecond", "transfer rate", "bytes/s", "higher", transferRate, { followsSpeed: true }),
  latency("mean", "mean latency", "mean", { learnable: { rises: false }, correlated: 4, followsSpeed: true }),
  latency("p50", "p50 latency", "half of the requests below", { learnable: { rises: false }, informs: true }),
  latency("p90", "p90 latency", "90 % below", { learnable: { rises: false }, informs: true }),
  latency("p95", "p95 latency", "95 % below", { learnable: { rises: false } }),
  latency("p99", "p99 latency", "99 % below", { learnable: { rises: false }, correlated: 5, informs: true }),
  latency("p999", "p99.9 latency", "99.9 % below", { learnable: { rises: false }, informs: true }),
  latency("max", "longest latency", "longest", {}),
  figure("inFlight", "requests in flight", "requests", "lower", inFlight, {
    column: number("requests waiting or being served, on average: rate x mean latency"),
  }),
  usage("cpuAchieved", "CPU achieved", "cores", "neither", number("CPU used while the load was on"), {
    learnable: { rises: true },
    informs: true,
  }),
  usage(
    "cpuVariation",
    "variation of the CPU used",
    "share",
    "lower",
    number("standard deviation / mean of the CPU used between samples"),
    { informs: true },
  ),
  usage("throttledShare", "throttled periods", "share", "lower", number("throttled periods / periods, 0 to 1"), {
    learnable: { rises: false, offset: 1e-3 },
    correlated: 8,
    informs: true,
  }),
  usage("throttledSeconds", "throttled time", "s", "lower", number("time that the quota stopped the proxy"), {}),
  usage("cpuMicrosPerRequest", "CPU per request", "µs", "lower", number("CPU time per completed request"), {
    followsSpeed: true,
  }),
  figure("userCpuMicrosPerRequest", "user CPU per request", "µs", "lower", costIn("userCpuSeconds"), {
    informs: true,
    followsSpeed: true,
    column: number("of it in user mode"),
  }),
  figure("systemCpuMicrosPerRequest", "system CPU per request", "µs", "lower", costIn("systemCpuSeconds"), {
    informs: true,
    followsSpeed: true,
    column: number("of it in the kernel"),
  }),
  usage("memoryPeakBytes", "memory peak", "bytes", "lower", number("since the proxy started"), {
    learnable: { rises: false },
    correlated: 7,
  }),
  usage(
    "oomKills",
    "out-of-memory kills",
    "kills",
    "lower",
    whole("killed at the memory limit", { unit: "processes" }),
    {},
  ),
  usage("loadToolCpu", "CPU of the load tool", "cores", "neither", number("CPU of the load tool"), {}),
  usage("originCpu", "CPU of the origins", "cores", "neither", number("CPU of all origins"), {}),
  usage("stealCpu", "CPU taken by the hypervisor", "cores", "lower", number("CPU given to other machines"), {}),
  figure(
    "directRequestsPerSecond",
    "requests/s without a proxy",
    "requests/s",
    "neither",
    (r) => r.directRequestsPerSecond,
    { column: number("same load without a proxy") },
  ),
  figure("originServed", "served by the origins", "requests", "neither", (r) => r.originServed, {}),
  figure("probeMicros", "speed probe", "µs", "neither", (r) => r.speed?.probeMicros, {
    column: number("CPU time of a piece of fixed work on the proxy's cores", { name: "speedProbeMicros" }),
  }),
] as const;

export const FIGURES: readonly Figure[] = TABLE;

/** Name of a figure that models may learn. */
export type LearnedFigure = Extract<(typeof TABLE)[number], { readonly learnable: Learnable }>["id"];

/** A figure that models may learn. */
export type LearnableFigure = Figure & { readonly id: LearnedFigure; readonly learnable: Learnable };

/** The figures that models may learn. */
export function learnable(figures = FIGURES): LearnableFigure[] {
  return figures.filter((figure): figure is LearnableFigure => figure.learnable !== undefined);
}

/** The figures that are correlated, in their places. */
export function correlated(figures = FIGURES): Figure[] {
  const place = (figure: Figure) => figure.correlated ?? Number.NaN;
  return figures.filter((figure) => place(figure) >= 0).sort((a, b) => place(a) - place(b));
}

/** The figure of a name. Throws LAB_USAGE if there is none. */
export function figureOf(name: LearnedFigure, figures?: readonly Figure[]): LearnableFigure;
export function figureOf(name: string, figures?: readonly Figure[]): Figure;
export function figureOf(name: string, figures = FIGURES): Figure {
  const figure = figures.find(({ id }) => id === name);
  if (figure) return figure;
  const help = `figures: ${figures.map(({ id }) => id).join(", ")}`;
  throw new LabError("LAB_USAGE", `there is no figure called "${name}"`, { help });
}

/** Whether a figure is a share, from 0 to 1. */
export function isShare(name: LearnedFigure): boolean {
  return figureOf(name).unit === "share";
}

/** What models learn in place of 0. */
export function offsetOf(name: LearnedFigure): number {
  return figureOf(name).learnable.offset ?? 0;
}

/**
 * Requests that wait or are served, on average. Source: J. D. C. Little, "A proof for the queuing formula L = λW", Operations
 * Research 9 (1961). `undefined` where no mean latency was measured.
 */
function inFlight({ result }: TrialRecord): number | undefined {
  if (result?.latencyMs.mean === undefined) return undefined;
  return (result.requestsPerSecond * result.latencyMs.mean) / 1000;
}

/** Failed requests / all requests sent; `undefined` when none were. */
function failedShare({ result }: TrialRecord): number | undefined {
  const sent = (result?.completedRequests ?? 0) + (result?.failedRequests ?? 0);
  return result && sent > 0 ? result.failedRequests / sent : undefined;
}

/** The part of the CPU time per request that was spent in one mode, as the kernel's ticks tell the modes apart. */
function costIn(mode: "userCpuSeconds" | "systemCpuSeconds"): Reading {
  return ({ usage = {} }) => {
    const { userCpuSeconds, systemCpuSeconds, cpuMicrosPerRequest, [mode]: seconds } = usage;
    const both = (userCpuSeconds ?? Number.NaN) + (systemCpuSeconds ?? Number.NaN);
    if (seconds === undefined || cpuMicrosPerRequest === undefined || !(both > 0)) return undefined;
    return (cpuMicrosPerRequest * seconds) / both;
  };
}

function transferRate(record: TrialRecord): number | undefined {
  const { result } = record;
  if (result?.transferredBytes === undefined) return undefined;
  return (changeOfSpeed(record) * result.transferredBytes) / result.durationSeconds;
}

/** A count for the shortest window of its scenario; longer ones are those whose rate was not steady yet. */
function perWindow(count: "completedRequests" | "failedRequests" | "transferredBytes"): Reading {
  return (record) => {
    const { result, scenario } = record;
    const counted = result?.[count];
    if (counted === undefined) return undefined;
    const change = count === "failedRequests" ? 1 : changeOfSpeed(record);
    return change * counted * Math.min(1, scenario.windowSeconds / result!.durationSeconds);
  };
}

/** Rate at reference speed / rate as measured; what is counted in a record stays as it was counted. */
function changeOfSpeed({ correction, result }: TrialRecord): number {
  return correction && result ? result.requestsPerSecond / correction.requestsPerSecond : 1;
}

/** A latency; `which`: the end of its name, such as `p99`. */
function latency<Which extends keyof LatencyMs, Uses extends FigureUses>(
  which: Which,
  label: string,
  meaning: string,
  uses: Uses,
) {
  const name = `latency${which[0]!.toUpperCase()}${which.slice(1)}Ms`;
  const more = { latency: true as const, column: number(`latency, ${meaning}`, { name }) };
  const of: Reading = ({ result }) => result?.latencyMs[which];
  return figure(`latencyMs.${which}` as const, label, "ms", "lower", of, { ...uses, ...more });
}

/** A figure that was counted beside the load. */
function usage<Id extends keyof TrialUsage, Uses extends FigureUses>(
  id: Id,
  label: string,
  unit: string,
  better: Figure["better"],
  column: FigureColumn,
  uses: Uses,
) {
  return figure(id, label, unit, better, (record) => record.usage?.[id], { ...uses, column });
}

function figure<Id extends string, Uses extends FigureUses>(
  id: Id,
  label: string,
  unit: string,
  better: Figure["better"],
  of: Reading,
  uses: Uses,
) {
  return { id, label, unit, better, of, ...uses };
}
