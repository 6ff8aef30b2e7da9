import { availableParallelism } from "node:os";
import type { ModelPlugin, ModelState, Plugin, Training } from "../contract/index.ts";
import { Thread } from "./thread/thread.ts";
import { loadTimeMs } from "./times.ts";

/** URLs of the modules of the lab's own models. */
const modules = new WeakMap<Plugin, string>();
const most = Math.max(1, Math.min(4, availableParallelism()));
const idle: Thread[] = [];
const waiting: ((thread: Thread) => void)[] = [];
let started = 0;

/** Lets a model of the lab's own learn in threads from now on. */
export function learnInThreads(plugin: ModelPlugin, url: string): void {
  modules.set(plugin, url);
}

/** The same for a copy of a plugin. */
export function learnAlike(copy: Plugin, plugin: Plugin): void {
  const url = modules.get(plugin);
  if (url !== undefined) modules.set(copy, url);
}

/**
 * Fits a model without holding up whoever waits for it: the lab's own in one of a few threads that they share, as many as
 * there are cores; one of somebody else's in the thread that it has anyway. Threads start when they are first needed.
 */
export async function fitInThread(plugin: ModelPlugin, training: Training, seed: number): Promise<ModelState> {
  const url = modules.get(plugin);
  if (url === undefined) return plugin.fit(training, seed);
  const thread = await take();
  try {
    return await thread.call("fit", [url, training, seed]);
  } finally {
    const next = waiting.shift();
    if (next) next(thread);
    else idle.push(thread);
  }
}

function take(): Promise<Thread> | Thread {
  const thread = idle.pop();
  if (thread) return thread;
  if (started < most) {
    started++;
    return new Thread(new URL("./thread/models.ts", import.meta.url).href, loadTimeMs);
  }
  return new Promise((resolve) => waiting.push(resolve));
}
