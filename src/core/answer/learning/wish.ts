import { type Levels, quantities } from "../../domain/factors.ts";
import type { Point } from "../../domain/point.ts";
import { LabError } from "../../errors.ts";
import type { Registry } from "../../hosting/registry.ts";
import type { Store } from "../../store/store.ts";
import { conditionsOf, wishFor } from "./conditions.ts";
import type { TrialWish } from "./selection.ts";

/** Whose trials answers are learned from, and how. Of conditions that are left open those measured most. */
export interface AnswerSource extends TrialWish {
  /** Id of a trial: made under its conditions, and answered at its levels, is what is not asked for otherwise. */
  readonly like?: string;
  /** The model that is to answer; the best on points left out, unless given. */
  readonly model?: string;
  /** A file of saved models, which answer instead of the trials of the store. */
  readonly from?: string;
  /** Scale those to this machine first, by two short trials. */
  readonly calibrate?: boolean;
  /** Learn from figures as they were measured, not from those at the reference speed of the machine. */
  readonly raw?: boolean;
}

/** What an answer is about: trials of one proxy, made alike. */
export interface Question extends AnswerSource {
  readonly proxy: string;
  /** All proxies that are asked about together, this one among them: they are answered under the same conditions. */
  readonly among?: readonly string[];
}

/** Sweeps that are named to somebody who asked for one that there is not. */
const MOST_SWEEPS = 8;

/** What a question wishes for, with the conditions and levels of a trial where nothing else is. Throws LAB_NO_DATA. */
export function wishOf(
  { proxy, like, ...wish }: Question,
  asked: Levels,
  store: Pick<Store, "trials">,
): { readonly wish: TrialWish; readonly levels: Levels } {
  if (like === undefined) return { wish, levels: asked };
  const trial = store.trials({ id: like })[0];
  if (!trial) {
    const newest = store.trials({ proxy }).at(-1);
    throw new LabError("LAB_NO_DATA", `the store has no trial ${like}`, {
      help: newest ? `the newest of ${proxy} is ${newest.id}` : "./lab export shows the ids of trials",
    });
  }
  const { point } = trial;
  const { proxyVersion, proxyOptions, ...shared } = wishFor({ ...conditionsOf(trial), limiter: point.limiter });
  const own = {
    ...(proxyVersion !== undefined && { proxyVersion }),
    ...(proxyOptions !== undefined && { proxyOptions }),
  };
  const conditions = { ...shared, ...(proxy === point.proxy && own) };
  const noMemoryLimit = point.memoryBytes === undefined && asked.memoryBytes === undefined;
  const { memoryBytes, ...levels } = levelsOf(point);
  const memory = memoryBytes === undefined || wish.noMemoryLimit ? {} : { memoryBytes };
  return {
    wish: { ...conditions, ...(noMemoryLimit && { noMemoryLimit }), ...wish },
    levels: { ...levels, ...memory, ...asked },
  };
}

/** Levels of all factors but CPU. */
function levelsOf(point: Point): Levels {
  const levels = quantities().map(({ key, read }) => [key, read(point)] as const);
  return Object.fromEntries(levels.filter(([key, level]) => key !== "cpu" && level !== undefined));
}

/** Throws LAB_NO_DATA where a sweep is asked for that the store does not have. */
export function refuseUnknownSweeps({ proxy, sweeps }: Question, store: Pick<Store, "sweeps">): void {
  if (sweeps === undefined) return;
  const known = store.sweeps();
  const unknown = sweeps.find((id) => known.every((sweep) => sweep.id !== id));
  if (unknown === undefined) return;
  const own = known.filter(({ spec }) => spec.proxies.includes(proxy)).map(({ id }) => id);
  const older = own.length - MOST_SWEEPS;
  const named = `${own.slice(0, MOST_SWEEPS).join(", ")}${older > 0 ? ` and ${older} older` : ""}`;
  throw new LabError("LAB_NO_DATA", `the store has no sweep ${unknown}`, {
    help: own.length > 0 ? `sweeps of ${proxy}: ${named}` : "run one with ./lab sweep",
  });
}

/** Throws LAB_UNKNOWN_PLUGIN where there are no trials because a name is unknown. */
export function refuseUnknownNames(
  { proxy, loadTool, limiter }: Question,
  store: Pick<Store, "trials">,
  registry: Pick<Registry, "get">,
): void {
  const own = store.trials({ proxy });
  if (own.length === 0) registry.get("proxy", proxy);
  if (loadTool && !own.some(({ point }) => point.loadTool === loadTool)) registry.get("load", loadTool);
  if (limiter && !own.some(({ point }) => point.limiter === limiter)) registry.get("limiter", limiter);
}
