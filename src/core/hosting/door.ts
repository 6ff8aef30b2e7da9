import type * as v from "valibot";
import * as contract from "../contract/index.ts";
import { LabError } from "../errors.ts";
import { callHook, checked, PluginFault, type VerdictOn } from "./call.ts";
import { abortGraceMs, type Held, hold } from "./held.ts";
import { fitInThread } from "./modelThreads.ts";
import * as schemas from "./schemas.ts";
import { type HookTimes, hookTimes } from "./times.ts";

export type { Held } from "./held.ts";

/** A model behind the door. */
export interface HeldModel
  extends Pick<
    contract.ModelPlugin,
    "id" | "title" | "minimumRows" | "comparisonOnly" | "openLoopsOnly" | "extrapolates"
  > {
  fit(training: contract.Training, seed: number): Promise<contract.ModelState>;
  predict(state: contract.ModelState, x: readonly (readonly number[])[]): Promise<number[]>;
  outcomes?(state: contract.ModelState, x: readonly (readonly number[])[]): Promise<number[][]>;
  explain?(state: contract.ModelState): Promise<readonly contract.ModelParameter[]>;
}

/**
 * The one door to plugin code: bounds its time, checks what it returns, and names plugin and hook in its faults
 * (LAB_PLUGIN). A signal ends the wait for a hook (LAB_INTERRUPTED).
 */
export class Door {
  readonly #times: HookTimes;

  constructor(times: HookTimes = hookTimes) {
    this.#times = times;
  }

  detect(plugin: contract.Plugin, host: contract.Host, options: contract.PluginOptions, signal?: AbortSignal) {
    return this.#ask(plugin, "detect", schemas.detection, () => plugin.detect(host, options), signal);
  }

  planProxy(plugin: contract.ProxyPlugin, setup: contract.ProxySetup, signal?: AbortSignal) {
    return this.#ask(plugin, "plan", schemas.proxyPlan, () => plugin.plan(setup), signal);
  }

  /** Throws LAB_CONFIGURATION where the plugin says, by an error, what is wrong with the configuration. */
  planOwn(plugin: contract.ProxyPlugin, path: string, setup: contract.ProxySetup, signal?: AbortSignal) {
    const refused = (words: string) => new LabError("LAB_CONFIGURATION", `${plugin.id}: ${words}`);
    return this.#ask<contract.ProxyPlan>(
      plugin,
      "planOwn",
      schemas.proxyPlan,
      () => plugin.planOwn?.(path, setup),
      signal,
      refused,
    );
  }

  /** `undefined` where its program checks nothing. */
  checkOwn(plugin: contract.ProxyPlugin, path: string, setup: contract.ProxySetup, signal?: AbortSignal) {
    const run = () => plugin.checkOwn?.(path, setup);
    return this.#ask<readonly [string, ...string[]] | undefined>(plugin, "checkOwn", schemas.command, run, signal);
  }

  writeOrigins(plugin: contract.ProxyPlugin, origins: contract.ProxySetup["origins"], signal?: AbortSignal) {
    return this.#ask<string>(plugin, "writeOrigins", schemas.text, () => plugin.writeOrigins?.(origins), signal);
  }

  upstreamsIn(plugin: contract.ProxyPlugin, text: string, signal?: AbortSignal) {
    const run = () => plugin.upstreamsIn?.(text) ?? [];
    return this.#ask<readonly string[]>(plugin, "upstreamsIn", schemas.texts, run, signal);
  }

  planLoad(plugin: contract.LoadPlugin, setup: contract.LoadSetup, signal?: AbortSignal) {
    return this.#ask(plugin, "plan", schemas.loadPlan, () => plugin.plan(setup), signal);
  }

  /**
   * A load tool that failed or printed nonsense is a fault of that run (LAB_LOAD), not of the plugin: `parse` says so by a
   * LoadFailure. Any other error is one that it did not mean.
   */
  parseLoad(plugin: contract.LoadPlugin, output: contract.LoadOutput, setup: contract.LoadSetup, signal?: AbortSignal) {
    const verdictOn = (words: string, thrown: unknown) =>
      contract.isLoadFailure(thrown) || namesTool(plugin, words) ? new LabError("LAB_LOAD", words) : undefined;
    return this.#ask(plugin, "parse", schemas.loadReport, () => plugin.parse(output, setup), signal, verdictOn);
  }

  async sample(plugin: contract.LoadPlugin, line: string, signal?: AbortSignal) {
    return (await this.#ask(plugin, "sample", schemas.loadSample, () => plugin.sample?.(line), signal)) ?? undefined;
  }

  start(
    { plugin, options }: { readonly plugin: contract.LimiterPlugin; readonly options: contract.PluginOptions },
    launch: contract.Launch,
    limits: contract.Limits,
    host: contract.LimiterHost,
    signal?: AbortSignal,
  ): Promise<Held> {
    return hold(plugin, host, this.#times, signal, async (own) => plugin.start(launch, limits, own, options));
  }

  /** Takes as long as it tells of progress. Throws LAB_UNAVAILABLE where it says, by an error, what is missing. */
  async prepare(
    plugin: contract.LimiterPlugin,
    host: contract.LimiterHost,
    options: contract.PluginOptions,
    preparation: contract.Preparation,
  ): Promise<void> {
    const patience = { timeoutMs: this.#times.prepare, signal: preparation.signal, graceMs: abortGraceMs };
    const run = (proceeding: () => void) => {
      const onProgress: typeof preparation.onProgress = (progress) => {
        proceeding();
        preparation.onProgress(progress);
      };
      return plugin.prepare?.(host, options, { ...preparation, onProgress });
    };
    await callHook(plugin, "prepare", patience, run, (words) => unavailable(plugin, "prepare", words));
  }

  /** Throws LAB_UNAVAILABLE where it says, by an error, that there is neither image nor program. */
  imageOf(
    plugin: contract.LimiterPlugin,
    program: contract.Program,
    onHost: boolean,
    options: contract.PluginOptions,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const run = () => plugin.imageOf?.(program, onHost, options);
    const verdictOn = (words: string) => unavailable(plugin, "imageOf", words);
    return this.#ask(plugin, "imageOf", schemas.imageName, run, signal, verdictOn);
  }

  detectInImage(
    plugin: contract.LimiterPlugin,
    program: contract.Program,
    image: string,
    host: contract.LimiterHost,
    options: contract.PluginOptions,
    signal?: AbortSignal,
  ) {
    const run = () => plugin.detectInImage?.(program, image, host, options);
    return this.#ask(plugin, "detectInImage", schemas.detection, run, signal);
  }

  model(plugin: contract.ModelPlugin): HeldModel {
    const { id, title, minimumRows, comparisonOnly, openLoopsOnly, extrapolates } = plugin;
    return {
      id,
      title,
      minimumRows,
      ...(comparisonOnly ? { comparisonOnly } : {}),
      ...(openLoopsOnly ? { openLoopsOnly } : {}),
      ...(extrapolates ? { extrapolates } : {}),
      fit: (training, seed) => this.#ask(plugin, "fit", schemas.modelState, () => fitInThread(plugin, training, seed)),
      predict: (state, x) => this.#ask(plugin, "predict", schemas.predictedFigures, () => plugin.predict(state, x)),
      ...(plugin.outcomes && {
        outcomes: (state, x) => this.#ask(plugin, "outcomes", schemas.outcomes, () => plugin.outcomes?.(state, x)),
      }),
      ...(plugin.explain && {
        explain: (state) => this.#ask(plugin, "explain", schemas.modelParameters, () => plugin.explain?.(state)),
      }),
    };
  }

  async #ask<T>(
    plugin: contract.Plugin,
    hook: keyof HookTimes,
    schema: v.GenericSchema,
    run: () => T | Promise<T> | undefined,
    signal?: AbortSignal,
    verdictOn?: VerdictOn,
  ): Promise<T> {
    const patience = { timeoutMs: this.#times[hook], signal };
    return checked(plugin, hook, schema, await callHook(plugin, hook, patience, run, verdictOn));
  }
}

/** Before contract 1.2, plugins reported a fault of the tool by any error whose message names it. */
function namesTool({ id, title, program }: contract.LoadPlugin, words: string): boolean {
  return [id, title, ...program.executables].some((name) => words.includes(name));
}

/** What a plugin says of the machine by an error is no fault of its own. */
function unavailable(plugin: contract.Plugin, hook: string, words: string): LabError {
  return new LabError("LAB_UNAVAILABLE", new PluginFault(plugin, hook, words).message);
}

export const door = new Door();
