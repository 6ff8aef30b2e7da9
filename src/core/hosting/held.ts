import * as v from "valibot";
import type { Confined, ControlGroup, Exit, LimiterHost, LimiterPlugin, Limits } from "../contract/index.ts";
import { callHook, checked, type Patience, PluginFault } from "./call.ts";
import { type Custody, custodyOf } from "./custody.ts";
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
  const custody = custodyOf(host);
  const patience: PatienceFor = (hook) => ({ timeoutMs: times[hook], signal, graceMs: abortGraceMs });
  try {
    const confined = await callHook(plugin, "start", patience("start"), () => {
      const started = begin(custody.host);
      // A limiter in the lab's own thread may start something after the lab has given up; who waits is told of errors.
      void started.then((late) => (custody.abandoned ? late.stop(0) : undefined)).catch(() => {});
      return started;
    });
    checked(plugin, "start", schemas.confined, confined);
    return holding(plugin, confined, custody, patience);
  } catch (cause) {
    await custody.abandon();
    throw cause;
  }
}

type PatienceFor = (hook: keyof HookTimes) => Patience;

function holding(plugin: LimiterPlugin, confined: Confined, custody: Custody, patience: PatienceFor): Held {
  let told = false;
  /** Notes that the caller learns of a failure, so that `stop` need not report it again. */
  const telling = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      told = true;
      throw cause;
    }
  };
  const ask = <T>(hook: "usage" | "limits" | "tail" | "update", run: () => T | Promise<T>, schema: v.GenericSchema) =>
    telling(async () => checked<T>(plugin, hook, schema, await callHook(plugin, hook, patience(hook), run)));
  const stop = async (graceMs: number) => {
    try {
      await callHook(plugin, "stop", { timeoutMs: graceMs + patience("stop").timeoutMs }, () => confined.stop(graceMs));
      if (custody.running) throw new PluginFault(plugin, "stop", "returned while its process was running");
    } catch (cause) {
      await custody.abandon();
      throw cause;
    }
  };
  return {
    pid: confined.pid,
    exited: Promise.race([ownEnd(confined), lost(plugin, custody)]),
    usage: () => ask("usage", () => confined.usage(), schemas.usageCounters),
    limits: () => ask("limits", () => confined.limits(), schemas.limits),
    tail: () => ask("tail", () => confined.tail(), schemas.text),
    update: (limits) => ask("update", () => confined.update(limits), v.unknown()),
    async stop(graceMs = defaultGraceMs) {
      if (!custody.abandoned || !told) await telling(() => stop(graceMs));
    },
  };
}

/** Resolves once the thread of the limiter has ended, and the process with it; never where it has no thread. */
async function lost(plugin: LimiterPlugin, custody: Custody): Promise<Exit> {
  const thread = threadOf(plugin);
  if (!thread) return new Promise(() => {});
  await thread.ended();
  await custody.abandon();
  return {};
}

/** What the limiter says of the end of the process; where it says nothing of use, how it ended is not known. */
async function ownEnd({ exited }: Confined): Promise<Exit> {
  const exit = await Promise.resolve(exited).catch(() => undefined);
  return v.is(schemas.exit, exit) ? (exit as Exit) : {};
}
