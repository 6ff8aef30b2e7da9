import * as v from "valibot";
import type { Plugin } from "../contract/index.ts";
import { LabError } from "../errors.ts";
import { threadOf } from "./isolated.ts";
import { issueTexts } from "./schemas.ts";
import { reasonWithPlace } from "./thread/place.ts";
import { NoAnswer, reasonOf } from "./thread/reply.ts";

/** How long a hook may take. */
export interface Patience {
  readonly timeoutMs: number;
  /** Ends the wait early, after `graceMs` (0 unless given). */
  readonly signal?: AbortSignal | undefined;
  readonly graceMs?: number;
}

/** Judges an error that a hook threw: the lab's error for it; `undefined` if it is a fault of the plugin. */
export type VerdictOn = (words: string, thrown: unknown) => LabError | undefined;

/** Calls a hook, whose time begins again whenever `proceeding` is called. */
type Call<T> = (proceeding: () => void) => T | Promise<T>;

/** The lab waits no longer for a hook. */
class GivenUp extends Error {}

/**
 * Calls a hook of a plugin. A hook that does not answer in time
 * loses its thread, where it has one of its own. Throws LAB_PLUGIN with plugin, hook and reason, LAB_INTERRUPTED where the
 * signal ended the wait, and what `verdictOn` makes of what the hook itself threw.
 */
export async function callHook<T>(
  plugin: Plugin,
  hook: string,
  patience: Patience,
  run: Call<T>,
  verdictOn?: VerdictOn,
): Promise<T> {
  const thread = threadOf(plugin);
  const passTurn = await thread?.turn();
  try {
    return await inTime(patience, run);
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    const reason = reasonOf(cause);
    if (cause instanceof GivenUp) {
      await thread?.end(`its thread was ended when ${hook} ${reason}`);
      if (patience.signal?.aborted)
        throw new LabError("LAB_INTERRUPTED", `interrupted in ${hook} of ${plugin.kind} plugin ${plugin.id}`);
      throw new PluginFault(plugin, hook, thread ? `${reason}; its thread was ended` : reason);
    }
    const verdict = cause instanceof NoAnswer ? undefined : verdictOn?.(reason, cause);
    throw verdict ?? new PluginFault(plugin, hook, reasonWithPlace(cause), cause);
  } finally {
    passTurn?.();
  }
}

/** What a hook returned, as the contract allows it: `schema` is that of the type. Throws LAB_PLUGIN. */
export function checked<T>(plugin: Plugin, hook: string, schema: v.GenericSchema, value: unknown): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output as T;
  const issues = issueTexts(result.issues).join("; ");
  throw new PluginFault(plugin, hook, `returned what the contract does not allow: ${issues}`);
}

/** A fault of a plugin (LAB_PLUGIN), with all that its author needs to find it. */
export class PluginFault extends LabError {
  readonly #plugin: Plugin;

  constructor(plugin: Plugin, hook: string, reason: string, cause?: unknown) {
    super("LAB_PLUGIN", `${plugin.kind} plugin ${plugin.id}, ${hook}: ${reason}`, { cause });
    this.#plugin = plugin;
  }

  get plugin(): Plugin {
    return this.#plugin;
  }
}

async function inTime<T>({ timeoutMs, signal, graceMs = 0 }: Patience, run: Call<T>): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new GivenUp(`did not answer in ${timeoutMs / 1000} s`));
  // What has been answered by then counts, even if the lab was too busy to look.
  const timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
  let grace: NodeJS.Timeout | undefined;
  const onAbort = () => {
    grace = setTimeout(giveUp, graceMs);
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort);
  try {
    return await Promise.race([over, run(() => timer.refresh())]);
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal?.removeEventListener("abort", onAbort);
  }
}
