import { cpus } from "node:os";
import type { Role } from "../contract/index.ts";
import type { Face } from "../domain/face.ts";
import type { LearnedFigure } from "../domain/figures.ts";
import type { TrialRecord } from "../domain/record.ts";
import { LabError } from "../errors.ts";
import { door } from "../hosting/door.ts";
import type { Registry } from "../hosting/registry.ts";
import { type References, referencesOf, speedCorrected } from "../statistics/trials/speeds.ts";
import type { Store } from "../store/store.ts";
import { calibrate } from "./calibrate.ts";
import { comparableTrials } from "./learning/comparable.ts";
import type { Model } from "./learning/crossValidation.ts";
import { inCommon } from "./learning/inCommon.ts";
import { type Learned, learn } from "./learning/learn.ts";
import type { Predictors } from "./learning/predictor.ts";
import type { Refused } from "./learning/refusal.ts";
import { trainingRows } from "./learning/rows.ts";
import { hashOf, loadSaved, restore, type SavedModels } from "./learning/saved.ts";
import type { Example, Measure } from "./setting.ts";

/** Whose trials answers are learned from, and how. */
export interface AnswerSource {
  readonly loadTool?: string;
  readonly limiter?: string;
  readonly role?: Role;
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
}

/** What answers are learned with. */
export interface Ground {
  readonly registry: Registry;
  readonly store: Pick<Store, "path" | "trials" | "lastPlace">;
  readonly host: { readonly cores: number };
  /** All models, those for comparison only included. */
  models(): Model[];
}

/** Learns predictors from the store, or restores saved ones. What was learned is kept until further trials are stored. */
export class Learning {
  readonly ground: Ground;
  readonly measure: Measure;
  readonly face: Face;
  readonly #learned = new Map<string, { readonly place: number; readonly found: Promise<Learned | Refused> }>();
  #speeds: { readonly place: number; readonly references: References } | undefined;

  constructor(ground: Ground, measure: Measure, face: Face) {
    this.ground = ground;
    this.measure = measure;
    this.face = face;
  }

  /**
   * Predictors of some figures of one proxy. `all`: compare those models too that are for comparison only. Throws
   * LAB_UNKNOWN_PLUGIN, LAB_NO_DATA where trials were made otherwise than asked only, LAB_USAGE for a file that cannot
   * answer.
   */
  learn(question: Question, targets: readonly LearnedFigure[], all = false): Promise<Learned | Refused> {
    const key = JSON.stringify([question, targets, all]);
    // Saved models do not change with the store, but by calibrating them it does.
    const place = question.from === undefined ? this.ground.store.lastPlace() : 0;
    const known = this.#learned.get(key);
    if (known?.place === place) return known.found;
    const found =
      question.from === undefined ? this.#fromStore(question, targets, all) : this.#fromFile(question, targets);
    this.#learned.set(key, { place, found });
    found.catch(() => this.#learned.delete(key));
    return found;
  }

  /** The trials that a question learns from: those that one law can hold for. */
  comparable(question: Question): readonly TrialRecord[] {
    return comparableTrials(this.#trials(question)).trials;
  }

  /** A trial to make further ones like: the newest that the question learns from. Throws LAB_NO_DATA. */
  async example(question: Question): Promise<Example> {
    if (question.from !== undefined) return (await loadSaved(question.from)).example;
    const example = this.comparable(question).at(-1);
    if (example) return example;
    const { proxy } = question;
    throw new LabError("LAB_NO_DATA", `the store has no trial of ${proxy} to make trials like`, {
      help: `measure it first: ./lab sweep --proxy ${proxy}`,
    });
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

  async #fromStore(question: Question, targets: readonly LearnedFigure[], all: boolean): Promise<Learned | Refused> {
    const { proxy, model } = question;
    const trials = this.#trials(question);
    if (trials.length === 0) this.#explainNone(question);
    const models =
      model === undefined ? this.ground.models().filter((one) => all || !one.comparisonOnly) : [this.model(model)];
    const learned = await learn(models, trials, targets);
    // What was left out may be why the rest is too little to answer from.
    const { others, differ } = learned.ok ? learned : comparableTrials(trials);
    if (others > 0) this.face.onNotice({ code: "trials-left-out", proxy, trials: others, differ });
    return learned;
  }

  async #fromFile(question: Question, targets: readonly LearnedFigure[]): Promise<Learned> {
    const { proxy, from: file = "" } = question;
    const saved = await loadSaved(file);
    const { proxy: known } = saved.example.point;
    if (known !== proxy) throw new LabError("LAB_USAGE", `${file} has models of ${known}, not of ${proxy}`);
    const all = this.restore(saved);
    const missing = targets.find((target) => !all[target]);
    if (missing) {
      const help = `it has: ${Object.keys(all).join(", ")}`;
      throw new LabError("LAB_USAGE", `${file} has no model of ${missing}`, { help });
    }
    const wanted: Predictors = Object.fromEntries(targets.map((target) => [target, all[target]!]));
    if (!question.calibrate) this.#noticeDifferences(saved, question);
    const predictors = question.calibrate ? (await this.calibrate(wanted, saved.example)).predictors : wanted;
    return { ok: true, predictors, others: 0, differ: [] };
  }

  #trials({ proxy, loadTool, limiter, role, raw }: Question): readonly TrialRecord[] {
    const filter = { proxy, ...(loadTool && { loadTool }), ...(limiter && { limiter }), ...(role && { role }) };
    const trials = this.ground.store.trials(filter);
    return raw ? trials : speedCorrected(trials, { references: this.#references() });
  }

  /** Those of all trials: at speeds of their own the proxy that was measured at a good time would rank first. */
  #references(): References {
    const { store } = this.ground;
    const place = store.lastPlace();
    if (this.#speeds?.place !== place) this.#speeds = { place, references: referencesOf(store.trials()) };
    return this.#speeds.references;
  }

  /** Throws where there are no trials because a name is unknown, or because those of the proxy were made otherwise. */
  #explainNone({ proxy, loadTool, limiter, role }: Question): void {
    const { registry, store } = this.ground;
    registry.get("proxy", proxy);
    if (loadTool) registry.get("load", loadTool);
    if (limiter) registry.get("limiter", limiter);
    const wishes = [loadTool && `with ${loadTool}`, limiter && `under ${limiter}`, role && `as a ${role} proxy`];
    const made = wishes.filter(Boolean).join(" ");
    if (!made || store.trials({ proxy }).length === 0) return;
    throw new LabError("LAB_NO_DATA", `the store has trials of ${proxy}, but none made ${made}`, {
      help: "leave --load, --limiter and --role out, or measure so first",
    });
  }

  /** What saved models do not know: that this is another machine, or that the store has other trials now. */
  #noticeDifferences({ data, example, predictors }: SavedModels, question: Question): void {
    const { cpuModel, cores } = data.environment;
    if (cpuModel !== (cpus()[0]?.model.trim() ?? "unknown") || cores !== this.ground.host.cores) {
      this.face.onNotice({ code: "other-machine", cpuModel, cores });
    }
    const raw = predictors[0]?.rows.speed?.figures === "as measured";
    const comparable = this.comparable({ ...question, raw });
    const [now] = inCommon(predictors.map(({ rows }) => trainingRows(comparable, rows.target)));
    if (!now || now.trials.length === 0 || hashOf(now) === data.hash) return;
    const unknown = now.trials.filter((id) => !data.trials.includes(id)).length;
    const { proxy } = example.point;
    this.face.onNotice({ code: "other-trials", proxy, trials: data.trials.length, unknown });
  }
}
