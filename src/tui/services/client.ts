import { Worker } from "node:worker_threads";
import { EXIT, type Problem } from "../../core/errors.ts";
import type { Named } from "../../core/places.ts";
import { type Companion, startCompanion } from "../../core/process/companion.ts";
import type { Services } from "../services.ts";

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly problem?: Problem;
}

const threadFile = new URL("./thread.ts", import.meta.url);
/** What it reads and answers is soon of no use: collected early, it takes less room. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

type ConnectedServices = Services & { close(): Promise<unknown> };

/** The services, done in a thread of their own. `named`: files that the user named. */
export function connectServices(named: Named): ConnectedServices {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const commands = new Set<Companion>();
  let worker: Worker | undefined;
  let calls = 0;
  const begun = () => {
    worker ??= listened(new Worker(threadFile, { workerData: named, stdout: true, stderr: true, resourceLimits }));
    return worker;
  };
  const listened = (thread: Worker) => {
    // What a plugin prints would lie across the screen.
    thread.stdout.resume();
    thread.stderr.resume();
    return thread
      .on("message", ({ id, value, problem }: Answer) => {
        const asked = waiting.get(id);
        waiting.delete(id);
        if (problem) asked?.reject(problem);
        else asked?.resolve(value);
      })
      .on("error", (error) => {
        worker = undefined; // the next call begins another one
        const problem: Problem = { code: "LAB_FAULT", message: String(error.message) };
        for (const { reject } of waiting.values()) reject(problem);
        waiting.clear();
      });
  };
  const call = (method: string, args: readonly unknown[]) => {
    const [id, asked] = [calls++, Promise.withResolvers<unknown>()];
    waiting.set(id, asked);
    begun().postMessage({ id, method, args } satisfies Call);
    return asked.promise;
  };
  const here: Pick<ConnectedServices, "command" | "close"> = {
    async command(args, onLine) {
      const command = startCompanion([...args, ...filesOf(named)], onLine);
      commands.add(command);
      command.leave();
      const { code = EXIT.fault, problem } = await command.exited;
      commands.delete(command);
      return { code, ...(problem && { problem }) };
    },
    async close() {
      for (const command of commands) command.interrupt();
      await worker?.terminate();
    },
  };
  // All else is asked of the thread, by the name of the method.
  const ask = (own: object, name: string) => Reflect.get(own, name) ?? ((...args: unknown[]) => call(name, args));
  return new Proxy(here, { get: (own, name) => ask(own, String(name)) }) as ConnectedServices;
}

/** The files that the user named, as arguments. */
export function filesOf({ store, plugins }: Named): string[] {
  return [...(store ? ["--store", store] : []), ...(plugins ? ["--plugins", plugins] : [])];
}
