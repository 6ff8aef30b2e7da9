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
import { callHook, checked, PluginFault } from "./call.ts";
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
    const run = () => plugin.detect(host, options);
    return (await this.#ask(plugin, "detect", schemas.detection, run, signal)) as Detection;
  }

  async planProxy(plugin: ProxyPlugin, setup: ProxySetup, signal?: Signal): Promise<ProxyPlan> {
    return (await this.#ask(plugin, "plan", schemas.proxyPlan, () => plugin.plan(setup), signal)) as ProxyPlan;
  }

  async planLoad(plugin: LoadPlugin, setup: LoadSetup, signal?: Signal): Promise<LoadPlan> {
    return (await this.#ask(plugin, "plan", schemas.loadPlan, () => plugin.plan(setup), signal)) as LoadPlan;
  }

  /**
   * A load tool that failed or printed nonsense is a fault of that run (LAB_LOAD), not of the plugin: `parse` says so by a
   * LoadFailure. Any other error is one that it did not mean.
   */
  async parseLoad(plugin: LoadPlugin, output: LoadOutput, setup: LoadSetup, signal?: Signal): Promise<LoadReport> {
    const patience = { timeoutMs: this.#times.parse, signal };
    const verdictOn = (words: string, thrown: unknown) =>
      isLoadFailure(thrown) || namesTool(plugin, words) ? new LabError("LAB_LOAD", words) : undefined;
    const report = await callHook(plugin, "parse", patience, () => plugin.parse(output, setup), verdictOn);
    return checked(plugin, "parse", schemas.loadReport, report) as LoadReport;
  }

  async sample(plugin: LoadPlugin, line: string, signal?: Signal): Promise<LoadSample | undefined> {
    const found = await this.#ask(plugin, "sample", schemas.loadSample, () => plugin.sample?.(line), signal);
    return (found ?? undefined) as LoadSample | undefined;
  }

  start(
    { plugin, options }: { readonly plugin: LimiterPlugin; readonly options: PluginOptions },
    launch: Launch,
    limits: Limits,
    host: LimiterHost,
    signal?: Signal,
  ): Promise<Held> {
    return hold(plugin, host, this.#times, signal, (own) => plugin.start(launch, limits, own, options));
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
    const patience = { timeoutMs: this.#times.imageOf, signal };
    const run = () => plugin.imageOf?.(program, onHost, options);
    const image = await callHook(plugin, "imageOf", patience, run, (words) => unavailable(plugin, "imageOf", words));
    return checked(plugin, "imageOf", schemas.imageName, image) as string | undefined;
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
    return (await this.#ask(plugin, "detectInImage", schemas.detection, run, signal)) as Detection;
  }

  model(plugin: ModelPlugin): HeldModel {
    const { id, title, minimumRows, comparisonOnly } = plugin;
    const model: HeldModel = {
      id,
      title,
      minimumRows,
      ...(comparisonOnly ? { comparisonOnly } : {}),
      fit: (training, seed) => this.#ask(plugin, "fit", schemas.modelState, () => fitInThread(plugin, training, seed)),
      predict: async (state, x) => {
        const figures = await this.#ask(plugin, "predict", schemas.predictedFigures, () => plugin.predict(state, x));
        return figures as number[];
      },
    };
    if (!plugin.explain) return model;
    const explain = async (state: ModelState) =>
      (await this.#ask(plugin, "explain", schemas.modelParameters, () => plugin.explain?.(state))) as ModelParameter[];
    return { ...model, explain };
  }

  async #ask(
    plugin: Plugin,
    hook: keyof HookTimes,
    schema: v.GenericSchema,
    run: () => unknown,
    signal?: Signal,
  ): Promise<unknown> {
    return checked(plugin, hook, schema, await callHook(plugin, hook, { timeoutMs: this.#times[hook], signal }, run));
  }
}

/** How plugins written for a contract before 1.2 tell a fault of the tool: by an error of any class that names it. */
function namesTool({ id, title, program }: LoadPlugin, words: string): boolean {
  return [id, title, ...program.executables].some((name) => words.includes(name));
}

/** What a plugin says of the machine by an error is no fault of its own. */
function unavailable(plugin: Plugin, hook: string, words: string): LabError {
  return new LabError("LAB_UNAVAILABLE", new PluginFault(plugin, hook, words).message);
}

export const door = new Door();
