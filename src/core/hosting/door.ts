import type * as v from "valibot";
import {
  type Detection,
  type Host,
  isLoadFailure,
  type Launch,
  type LimiterHost,
  type LimiterPlugin,
  type Limits,
  type LoadOutput,
  type LoadPlan,
  type LoadPlugin,
  type LoadReport,
  type LoadSample,
  type LoadSetup,
  type ModelParameter,
  type ModelPlugin,
  type ModelState,
  type Plugin,
  type PluginOptions,
  type Preparation,
  type Program,
  type ProxyPlan,
  type ProxyPlugin,
  type ProxySetup,
  type Training,
} from "../contract/index.ts";
import { LabError } from "../errors.ts";
import { callHook, checked, PluginFault, type VerdictOn } from "./call.ts";
import { abortGraceMs, type Held, hold } from "./held.ts";
import { fitInThread } from "./modelThreads.ts";
import * as schemas from "./schemas.ts";
import { type HookTimes, hookTimes } from "./times.ts";

export type { Held } from "./held.ts";

/** A model behind the door. */
export interface HeldModel extends Pick<ModelPlugin, "id" | "title" | "minimumRows" | "comparisonOnly"> {
  fit(training: Training, seed: number): Promise<ModelState>;
  predict(state: ModelState, x: readonly (readonly number[])[]): Promise<number[]>;
  explain?(state: ModelState): Promise<readonly ModelParameter[]>;
}

type Signal = AbortSignal | undefined;

/**
 * The one door to plugin code: bounds its time, checks what it returns, and names plugin and hook in its faults
 * (LAB_PLUGIN). A signal ends the wait for a hook (LAB_INTERRUPTED).
 */
export class Door {
  readonly #times: HookTimes;

  constructor(times: HookTimes = hookTimes) {
    this.#times = times;
  }

  async detect(plugin: Plugin, host: Host, options: PluginOptions, signal?: Signal): Promise<Detection> {
    return this.#ask(plugin, "detect", schemas.detection, () => plugin.detect(host, options), signal);
  }

  async planProxy(plugin: ProxyPlugin, setup: ProxySetup, signal?: Signal): Promise<ProxyPlan> {
    return this.#ask(plugin, "plan", schemas.proxyPlan, () => plugin.plan(setup), signal);
  }

  async planLoad(plugin: LoadPlugin, setup: LoadSetup, signal?: Signal): Promise<LoadPlan> {
    return this.#ask(plugin, "plan", schemas.loadPlan, () => plugin.plan(setup), signal);
  }

  /**
   * A load tool that failed or printed nonsense is a fault of that run (LAB_LOAD), not of the plugin: `parse` says so by a
   * LoadFailure. Any other error is one that it did not mean.
   */
  async parseLoad(plugin: LoadPlugin, output: LoadOutput, setup: LoadSetup, signal?: Signal): Promise<LoadReport> {
    const verdictOn = (words: string, thrown: unknown) =>
      isLoadFailure(thrown) || namesTool(plugin, words) ? new LabError("LAB_LOAD", words) : undefined;
    return this.#ask(plugin, "parse", schemas.loadReport, () => plugin.parse(output, setup), signal, verdictOn);
  }

  async sample(plugin: LoadPlugin, line: string, signal?: Signal): Promise<LoadSample | undefined> {
    const run = () => plugin.sample?.(line);
    return (await this.#ask<LoadSample | undefined>(plugin, "sample", schemas.loadSample, run, signal)) ?? undefined;
  }

  start(
    { plugin, options }: { readonly plugin: LimiterPlugin; readonly options: PluginOptions },
    launch: Launch,
    limits: Limits,
    host: LimiterHost,
    signal?: Signal,
  ): Promise<Held> {
    return hold(plugin, host, this.#times, signal, async (own) => plugin.start(launch, limits, own, options));
  }

  /** Takes as long as it tells of progress. Throws LAB_UNAVAILABLE where it says, by an error, what is missing. */
  async prepare(
    plugin: LimiterPlugin,
    host: LimiterHost,
    options: PluginOptions,
    preparation: Preparation,
  ): Promise<void> {
    const patience = { timeoutMs: this.#times.prepare, signal: preparation.signal, graceMs: abortGraceMs };
    const run = (proceeding: () => void) =>
      plugin.prepare?.(host, options, {
        ...preparation,
        onProgress(progress) {
          proceeding();
          preparation.onProgress(progress);
        },
      });
    await callHook(plugin, "prepare", patience, run, (words) => unavailable(plugin, "prepare", words));
  }

  /** Throws LAB_UNAVAILABLE where it says, by an error, that there is neither image nor program. */
  async imageOf(
    plugin: LimiterPlugin,
    program: Program,
    onHost: boolean,
    options: PluginOptions,
    signal?: Signal,
  ): Promise<string | undefined> {
    const run = () => plugin.imageOf?.(program, onHost, options);
    const verdictOn = (words: string) => unavailable(plugin, "imageOf", words);
    return this.#ask(plugin, "imageOf", schemas.imageName, run, signal, verdictOn);
  }

  async detectInImage(
    plugin: LimiterPlugin,
    program: Program,
    image: string,
    host: LimiterHost,
    options: PluginOptions,
    signal?: Signal,
  ): Promise<Detection> {
    const run = () => plugin.detectInImage?.(program, image, host, options);
    return this.#ask(plugin, "detectInImage", schemas.detection, run, signal);
  }

  model(plugin: ModelPlugin): HeldModel {
    const { id, title, minimumRows, comparisonOnly } = plugin;
    return {
      id,
      title,
      minimumRows,
      ...(comparisonOnly ? { comparisonOnly } : {}),
      fit: (training, seed) => this.#ask(plugin, "fit", schemas.modelState, () => fitInThread(plugin, training, seed)),
      predict: (state, x) => this.#ask(plugin, "predict", schemas.predictedFigures, () => plugin.predict(state, x)),
      ...(plugin.explain && {
        explain: (state) => this.#ask(plugin, "explain", schemas.modelParameters, () => plugin.explain?.(state)),
      }),
    };
  }

  async #ask<T>(
    plugin: Plugin,
    hook: keyof HookTimes,
    schema: v.GenericSchema,
    run: () => unknown,
    signal?: Signal,
    verdictOn?: VerdictOn,
  ): Promise<T> {
    const patience = { timeoutMs: this.#times[hook], signal };
    return checked(plugin, hook, schema, await callHook(plugin, hook, patience, run, verdictOn));
  }
}

/** Before contract 1.2, plugins reported a fault of the tool by any error whose message names it. */
function namesTool({ id, title, program }: LoadPlugin, words: string): boolean {
  return [id, title, ...program.executables].some((name) => words.includes(name));
}

/** What a plugin says of the machine by an error is no fault of its own. */
function unavailable(plugin: Plugin, hook: string, words: string): LabError {
  return new LabError("LAB_UNAVAILABLE", new PluginFault(plugin, hook, words).message);
}

export const door = new Door();
