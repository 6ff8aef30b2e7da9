import * as v from "valibot";
import type { Confined, ControlGroup, Exit, LimiterHost, LimiterPlugin, Limits } from "../contract/index.ts";
import { callHook, checked, type Patience, PluginFault } from "./call.ts";
import { Custody } from "./custody.ts";
import { threadOf } from "./isolated.ts";
import * as schemas from "./schemas.ts";
import type { HookTimes } from "./times.ts";

/**
 * A process under limits, each hook of it bounded in time and checked. When its limiter breaks down (its thread ends, it
 * does not stop the process) the lab itself ends the process, and `exited` resolves.
 */
export interface Held extends ControlGroup {
  readonly pid: number;
  /** Never rejects. */
  readonly exited: Promise<Exit>;
  tail(): Promise<string>;
  update(limits: Limits): Promise<void>;
  /** Resolves or rejects once the process has ended; `graceMs` as in the contract. */
  stop(graceMs?: number): Promise<void>;
}

/** Time for a limiter to finish what it does when the work is aborted, so that it can still be stopped in order. */
export const abortGraceMs = 3_000;
const defaultGraceMs = 2_000;

/** Starts a process through a limiter. `begin` gets the host to give to it. */
export async function hold(
  plugin: LimiterPlugin,
  host: LimiterHost,
  times: HookTimes,
  signal: AbortSignal | undefined,
  begin: (host: LimiterHost) => Promise<Confined>,
): Promise<Held> {
  const custody = new Custody(host);
  const patience = (timeoutMs: number): Patience => ({ timeoutMs, signal, graceMs: abortGraceMs });
  try {
    const confined = await callHook(plugin, "start", patience(times.start), () => {
      const started = begin(custody.host);
      void stopIfLate(started, custody);
      return started;
    });
    return new Holder(
      plugin,
      checked(plugin, "start", schemas.confined, confined) as Confined,
      custody,
      times,
      patience,
    );
  } catch (cause) {
    await custody.abandon();
    throw cause;
  }
}

/** A limiter in the lab's own thread may start something after the lab has given up. */
async function stopIfLate(started: Promise<Confined>, custody: Custody): Promise<void> {
  try {
    const confined = await started;
    if (custody.abandoned) await confined.stop(0);
  } catch {
    // Who waits for the start is told.
  }
}

class Holder implements Held {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly #plugin: LimiterPlugin;
  readonly #confined: Confined;
  readonly #custody: Custody;
  readonly #times: HookTimes;
  readonly #patience: (timeoutMs: number) => Patience;
  #told = false;

  constructor(
    plugin: LimiterPlugin,
    confined: Confined,
    custody: Custody,
    times: HookTimes,
    patience: (timeoutMs: number) => Patience,
  ) {
    this.#plugin = plugin;
    this.#confined = confined;
    this.#custody = custody;
    this.#times = times;
    this.#patience = patience;
    this.pid = confined.pid;
    this.exited = Promise.race([ownEnd(confined), this.#lost()]);
  }

  usage() {
    return this.#ask("usage", () => this.#confined.usage(), schemas.usageCounters);
  }

  limits() {
    return this.#ask("limits", () => this.#confined.limits(), schemas.limits);
  }

  tail() {
    return this.#ask("tail", () => this.#confined.tail(), schemas.text);
  }

  async update(limits: Limits): Promise<void> {
    await this.#ask("update", () => this.#confined.update(limits), v.unknown());
  }

  async stop(graceMs: number = defaultGraceMs): Promise<void> {
    if (this.#custody.abandoned && this.#told) return;
    const patience = { timeoutMs: graceMs + this.#times.stop };
    try {
      await callHook(this.#plugin, "stop", patience, () => this.#confined.stop(graceMs));
      if (this.#custody.running) throw new PluginFault(this.#plugin, "stop", "returned while its process was running");
    } catch (cause) {
      this.#told = true;
      await this.#custody.abandon();
      throw cause;
    }
  }

  async #ask<T>(hook: "usage" | "limits" | "tail" | "update", run: () => T | Promise<T>, schema: v.GenericSchema) {
    try {
      const value = await callHook(this.#plugin, hook, this.#patience(this.#times[hook]), run);
      return checked(this.#plugin, hook, schema, value) as T;
    } catch (cause) {
      this.#told = true;
      throw cause;
    }
  }

  /** Resolves once the thread of the limiter has ended, and the process with it; never where it has no thread. */
  async #lost(): Promise<Exit> {
    const thread = threadOf(this.#plugin);
    if (!thread) return new Promise(() => {});
    await thread.ended();
    await this.#custody.abandon();
    return {};
  }
}

/** What the limiter says of the end of the process; where it says nothing of use, how it ended is not known. */
async function ownEnd({ exited }: Confined): Promise<Exit> {
  try {
    const exit = await exited;
    return v.is(schemas.exit, exit) ? (exit as Exit) : {};
  } catch {
    return {};
  }
}
