import { pathToFileURL } from "node:url";
import type { Plugin } from "../contract/index.ts";
import { learnAlike } from "./modelThreads.ts";
import { Thread } from "./thread/thread.ts";
import { membersOf } from "./thread/values.ts";

const threads = new WeakMap<object, Thread>();

/**
 * Runs the module of a plugin in a thread of its own. Returns its default export with hooks that return promises, so it
 * is a plugin only for the door, which awaits all. Throws an Error of one line where it cannot be loaded.
 */
export async function isolate(path: string, loadTimeoutMs: number): Promise<unknown> {
  const thread = new Thread(pathToFileURL(path).href, loadTimeoutMs);
  const plugin = await thread.plugin();
  if (typeof plugin !== "object" || plugin === null) return plugin;
  const members = membersOf(plugin).map(([name, value]) => [name, typeof value === "function" ? hook(name) : value]);
  const stand = Object.fromEntries(members);
  threads.set(stand, thread);
  return stand;

  function hook(name: string) {
    return (...args: unknown[]) => thread.call(name, args);
  }
}

/** The same plugin under another name. */
export function renamed(plugin: Plugin, id: string): Plugin {
  const copy = { ...plugin, id };
  const thread = threads.get(plugin);
  if (thread) threads.set(copy, thread);
  learnAlike(copy, plugin);
  return copy;
}

/** The thread of a plugin; `undefined` for one that came with the lab, which runs in the lab's own. */
export function threadOf(plugin: Plugin): Thread | undefined {
  return threads.get(plugin);
}
