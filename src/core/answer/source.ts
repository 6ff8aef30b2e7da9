import { cpus } from "node:os";
import type { Face } from "../domain/face.ts";
import type { LevelKey, Levels } from "../domain/factors.ts";
import type { LearnedFigure } from "../domain/figures.ts";
import type { TrialRecord } from "../domain/record.ts";
import { LabError } from "../errors.ts";
import { door } from "../hosting/door.ts";
import type { Registry } from "../hosting/registry.ts";
import { type References, referencesOf, speedCorrected } from "../statistics/trials/speeds.ts";
import type { Store } from "../store/store.ts";
import { calibrate } from "./calibrate.ts";
import { boundsLatency, type Goals, levelsFor, targetsOf } from "./goals.ts";
import { loopOf } from "./learning/comparable.ts";
import { type AnswerData, latencyAt, wishFor } from "./learning/conditions.ts";
import type { Model } from "./learning/crossValidation.ts";
import { fitAll, type Learned, rowsInCommon } from "./learning/learn.ts";
import type { Predictors } from "./learning/predictor.ts";
import { type Refused, refuse } from "./learning/refusal.ts";
import { type Rows, trialCount } from "./learning/rows.ts";
import { hashOf, loadSaved, restore, type SavedModels } from "./learning/saved.ts";
import { type Selected, select, type TrialWish } from "./learning/selection.ts";
import { hasMemoryLimit } from "./learning/teaching.ts";
import { type Question, refuseUnknownNames, refuseUnknownSweeps, wishOf } from "./learning/wish.ts";
import { measuredLevels, rowPoints, usualLevels } from "./question.ts";
import type { Example, Measure } from "./setting.ts";

/** What of a proxy is to be learned. */
export interface LearnRequest {
  readonly question: Question;
  /** Figures to be predicted. */
  readonly targets?: readonly LearnedFigure[];
  /** Goals to be met, instead of `targets`: the figures that they bound. */
  readonly goals?: Goals;
  /** Levels that are asked for. */
  readonly levels?: Levels;
  /** Factors that the answer needs a level of, asked for or not. */
  readonly open?: readonly LevelKey[];
  /** Compare those models too that are for comparison only. */
  readonly all?: boolean;
}

/** What was learned for a question, and from which trials. */
export interface Lesson {
  readonly found: Learned | Refused;
  /** Levels to answer for: those asked for, and of what is open those measured most. */
  readonly levels: Levels;
  /** Absent where there were no trials. */
  readonly data?: AnswerData;
  /** The trials behind it; none where saved models answer. */
  readonly trials: readonly TrialRecord[];
  /** A trial to make further ones like; absent where there is none. */
  readonly example?: Example;
}

/** What answers are learned with. */
export interface Ground {
  readonly registry: Registry;
  readonly store: Pick<Store, "path" | "trials" | "sweeps" | "lastPlace">;
  readonly host: { readonly cores: number };
  /** All models, those for comparison only included. */
  models(): Model[];
}

/** The figures and the levels of a request, once it is known which loop it is about. */
interface AskedFigures {
  readonly targets: readonly LearnedFigure[];
  readonly levels: Levels;
}

/** Results of work by name, each for as long as nothing was stored after a place in the store. */
class Kept<T> {
  readonly #known = new Map<string, { readonly place: number; readonly result: T }>();

  of(name: string, place: number, work: () => T): T {
    const known = this.#known.get(name);
    if (known?.place === place) return known.result;
    const result = work();
    this.#known.set(name, { place, result });
    return result;
  }

  forget(name: string): void {
    this.#known.delete(name);
  }
}

/** What trials teach, and what was learned from it. */
interface Taught {
  readonly rows: readonly Rows[];
  readonly found: Promise<Learned | Refused>;
}

/** Learns predictors from the store, or restores saved ones. What was learned is kept until further trials are stored. */
export class Learning {
  readonly ground: Ground;
  readonly measure: Measure;
  readonly face: Face;
  readonly #trials = new Kept<readonly TrialRecord[]>();
  readonly #references = new Kept<References>();
  readonly #taught = new Kept<Taught>();
  readonly #restored = new Kept<Promise<Learned>>();

  constructor(ground: Ground, measure: Measure, face: Face) {
    this.ground = ground;
    this.measure = measure;
    this.face = face;
  }

  /**
   * Predictors of some figures of one proxy. Throws LAB_UNKNOWN_PLUGIN, LAB_NO_DATA for a sweep or a trial that the store
   * does not have, LAB_USAGE for a file that cannot answer.
   */
  learn(request: LearnRequest): Promise<Lesson> {
    return request.question.from === undefined ? this.#fromStore(request) : this.#fromFile(request);
  }

  model(id: string): Model {
    return door.model(this.ground.registry.get("model", id).plugin);
  }

  restore(saved: SavedModels): Predictors {
    return restore(saved, (id) => this.model(id));
  }

  /** Scales predictors to this machine by short trials on it. Throws what `calibrate` throws. */
  async calibrate(predictors: Predictors, example: Example) {
    const found = await this.face.running((running) => calibrate(this.measure, predictors, example, running));
    const { factors, errors, cpu, checkedAt } = found.calibration;
    for (const [target, error] of Object.entries(errors) as [LearnedFigure, number][]) {
      this.face.onNotice({ code: "calibrated", target, factor: factors[target]!, error, cpu, checkedAt });
    }
    return found;
  }

  async #fromStore(request: LearnRequest): Promise<Lesson> {
    const { question, goals, open = [], all = false } = request;
    const { proxy, among = [proxy], raw = false } = question;
    const { store, registry } = this.ground;
    refuseUnknownSweeps(question, store);
    const { wish, levels } = wishOf(question, request.levels ?? {}, store);
    const atRate = levels.requestsPerSecond !== undefined || (goals && boundsLatency(goals));
    const loop = wish.loop ?? (atRate ? "open" : undefined);
    const topic = askedIn(loop === "open", { ...request, levels });
    if (topic.targets.length === 0) return { found: rateAlone(), levels: topic.levels, trials: [] };
    const byProxy = new Map([...new Set([...among, proxy])].map((one) => [one, this.#trialsOf(one, raw)]));
    const selection = select(byProxy, wish, { ...topic, ...(loop === "open" && { loop }) });
    const own = selection.get(proxy)!;
    if (!own.ok) {
      refuseUnknownNames(question, store, registry);
      const implied = loop === "open" && wish.loop === undefined;
      const found = implied ? ofClosedLoops(own, byProxy.get(proxy)!, { ...request, ...topic }) : own;
      return { found, levels: topic.levels, trials: [] };
    }
    // Where there are no closed loops, the trials are of open ones whatever the question is about.
    const asked = askedIn(own.conditions.loop === "open", { ...request, levels });
    const { targets } = asked;
    if (targets.length === 0) return { found: rateAlone(), levels: asked.levels, trials: [] };
    const sets = [...selection.values()].flatMap((one) => (one.ok ? [one.teaching.map(({ point }) => point)] : []));
    const needed = own.limited ? open : open.filter((key) => key !== "memoryBytes");
    const { levels: answered, taken } = usualLevels(sets, asked.levels, needed);
    const { rows, found } = this.#teach(question, wish, own, targets, all);
    const { conditions, limiters, leftOut, trials, teaching } = own;
    const alike = trials.filter((trial) => hasMemoryLimit(trial) === own.limited);
    const example = teaching.at(-1) ?? alike.at(-1);
    const data = {
      conditions,
      limiters,
      levels: answered,
      taken,
      leftOut,
      ...dataOf(rows[0]!),
      ...latencyAt(targets, conditions),
    };
    return { found: await found, levels: answered, data, trials, ...(example && { example }) };
  }

  #teach(question: Question, wish: TrialWish, own: Selected, targets: readonly LearnedFigure[], all: boolean): Taught {
    const { proxy, model, raw } = question;
    const { limiter, sweeps } = wish;
    const name = JSON.stringify([proxy, model, raw, limiter, sweeps, own.conditions, own.limited, targets, all]);
    return this.#taught.of(name, this.ground.store.lastPlace(), () => {
      const models =
        model === undefined ? this.ground.models().filter((one) => all || !one.comparisonOnly) : [this.model(model)];
      const rows = rowsInCommon(own.trials, targets, own.limited);
      const found = fitAll(models, rows);
      found.catch(() => this.#taught.forget(name));
      return { rows, found };
    });
  }

  async #fromFile(request: LearnRequest): Promise<Lesson> {
    const { question, open = [] } = request;
    const saved = await loadSaved(question.from ?? "");
    const asked = askedIn(saved.data.conditions.loop === "open", request);
    const { targets } = asked;
    if (targets.length === 0) return { found: rateAlone(), levels: asked.levels, trials: [] };
    // Saved models do not change with the store, but by calibrating them it does.
    const name = JSON.stringify([question, targets]);
    const restored = this.#restored.of(name, 0, () => this.#restore(question, saved, targets));
    restored.catch(() => this.#restored.forget(name));
    const learned = await restored;
    const rows = learned.predictors[targets[0]!]!.rows;
    const { levels: answered, taken } = usualLevels([rowPoints(rows)], asked.levels, open);
    const data = {
      conditions: saved.data.conditions,
      limiters: [saved.example.point.limiter],
      levels: answered,
      taken,
      leftOut: [],
      ...dataOf(rows),
      ...latencyAt(targets, saved.data.conditions),
    };
    return { found: learned, levels: answered, data, trials: [], example: saved.example };
  }

  async #restore(question: Question, saved: SavedModels, targets: readonly LearnedFigure[]): Promise<Learned> {
    const { proxy, from: file } = question;
    const { proxy: known } = saved.example.point;
    if (known !== proxy) throw new LabError("LAB_USAGE", `${file} has models of ${known}, not of ${proxy}`);
    const all = this.restore(saved);
    const missing = targets.find((target) => !all[target]);
    if (missing) {
      const help = `it has: ${Object.keys(all).join(", ")}`;
      throw new LabError("LAB_USAGE", `${file} has no model of ${missing}`, { help });
    }
    const wanted: Predictors = Object.fromEntries(targets.map((target) => [target, all[target]!]));
    if (!question.calibrate) this.#noticeDifferences(saved);
    const predictors = question.calibrate ? (await this.calibrate(wanted, saved.example)).predictors : wanted;
    return { ok: true, predictors };
  }

  /** All trials of a proxy, at the one reference speed of the store unless as measured. */
  #trialsOf(proxy: string, raw: boolean): readonly TrialRecord[] {
    const { store } = this.ground;
    const place = store.lastPlace();
    return this.#trials.of(`${proxy} ${raw}`, place, () => {
      const trials = store.trials({ proxy });
      // At speeds of their own the proxy that was measured at a good time would rank first.
      const references = () => this.#references.of("all", place, () => referencesOf(store.trials()));
      return raw ? trials : speedCorrected(trials, { references: references() });
    });
  }

  /** What saved models do not know: that this is another machine, or that the store has other trials now. */
  #noticeDifferences({ data, example, predictors }: SavedModels): void {
    const { cpuModel, cores } = data.environment;
    if (cpuModel !== (cpus()[0]?.model.trim() ?? "unknown") || cores !== this.ground.host.cores) {
      this.face.onNotice({ code: "other-machine", cpuModel, cores });
    }
    const { proxy } = example.point;
    const [first] = predictors;
    const raw = first?.rows.speed?.figures === "as measured";
    const targets = predictors.map(({ rows }) => rows.target);
    const { machine: _, proxyVersion: __, ...wish } = data.conditions;
    const byProxy = new Map([[proxy, this.#trialsOf(proxy, raw)]]);
    const own = select(byProxy, wishFor(wish), { targets, levels: {} }).get(proxy);
    if (!own?.ok) return;
    const [now] = rowsInCommon(own.trials, targets, first!.rows.training.factors.includes("memoryBytes"));
    if (!now || now.trials.length === 0 || hashOf(now) === data.hash) return;
    const unknown = now.trials.filter((id) => !data.trials.includes(id)).length;
    this.face.onNotice({ code: "other-trials", proxy, trials: data.trials.length, unknown });
  }
}

/** What is asked for in an open loop or in another one. */
function askedIn(open: boolean, { targets = [], goals, levels = {} }: LearnRequest): AskedFigures {
  if (!goals) return { targets, levels };
  const at = levelsFor(goals, levels, open);
  return { targets: targetsOf(goals, at), levels: at };
}

function rateAlone(): Refused {
  const message =
    "In an open loop a rate is offered, whatever the proxy does: say which latency or share of failures it is to keep.";
  return refuse({ code: "invalid-question", message });
}

/** The refusal of a question about open loops where a proxy was measured in none; else the one that there is. */
function ofClosedLoops(
  refused: Refused,
  trials: readonly TrialRecord[],
  { question: { proxy }, goals, levels = {} }: LearnRequest,
): Refused {
  const { refusal } = refused;
  if (refusal.code !== "other-conditions" || trials.some((trial) => loopOf(trial) === "open")) return refused;
  const { requestsPerSecond: rate = "N" } = levels;
  const [what, otherwise] =
    goals && boundsLatency(goals)
      ? ["a latency at a rate", " (--loop closed: the latency at saturation)"]
      : ["what a proxy does at a rate", ""];
  const measuring =
    goals?.p99Ms === undefined
      ? `./lab sweep --proxy ${proxy} --load pacer --rate ${rate}`
      : `./lab size --proxy ${proxy} --rps ${rate} --p99 ${goals.p99Ms}ms`;
  const message = `${what} is learned from open loops, and none was measured: ${measuring} does that${otherwise}.`;
  return refuse({ code: "closed-loop-only", leftOut: refusal.leftOut, message });
}

/** What rows tell of the data of an answer. */
function dataOf(rows: Rows): Pick<AnswerData, "measured" | "trials" | "excluded"> {
  const { training, excluded } = rows;
  const levels = training.y.length === 0 ? [] : (training.factors as readonly LevelKey[]);
  const measured = Object.fromEntries(levels.map((key) => [key, measuredLevels(training, key)]));
  return { measured, trials: trialCount(rows), excluded };
}
