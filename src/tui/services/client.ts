import { Worker } from "node:worker_threads";
import type { Named } from "../../core/places.ts";
import { type Companion, startCompanion } from "../../core/process/companion.ts";
import type { Problem, Services } from "../services.ts";
import type { Work } from "./work.ts";

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

interface Waiting {
  resolve(value: never): void;
  reject(problem: Problem): void;
}

const threadFile = new URL("./thread.ts", import.meta.url);
/** What it reads and answers is soon of no use: collected early, it takes less room. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

const methods: readonly (keyof Work)[] = [
  "plugins",
  "diagnose",
  "sweeps",
  "trialsAfter",
  "preview",
  "presets",
  "saveExperiment",
  "recall",
  "remember",
  "predict",
  "curve",
  "recommend",
  "models",
];

/** The services, done in a thread of their own. `named`: files that the user named. */
export function connectServices(named: Named): Services & { close(): Promise<unknown> } {
  const waiting = new Map<number, Waiting>();
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
        else asked?.resolve(value as never);
      })
      .on("error", (error) => {
        worker = undefined; // the next call begins another one
        const problem: Problem = { code: "LAB_FAULT", message: String(error.message) };
        for (const { reject } of waiting.values()) reject(problem);
        waiting.clear();
      });
  };
  const call =
    (method: string) =>
    (...args: unknown[]) =>
      new Promise<never>((resolve, reject) => {
        const id = calls++;
        waiting.set(id, { resolve, reject });
        begun().postMessage({ id, method, args } satisfies Call);
      });
  const work = Object.fromEntries(methods.map((method) => [method, call(method)])) as unknown as Work;
  return {
    ...work,
    async command(args, onLine) {
      const command = startCompanion([...args, ...filesOf(named)], onLine);
      commands.add(command);
      command.leave();
      const { code } = await command.exited;
      commands.delete(command);
      return code ?? 1;
    },
    async close() {
      for (const command of commands) command.interrupt();
      await worker?.terminate();
    },
  };
}

/** The files that the user named, as arguments. */
export function filesOf({ store, plugins }: Named): string[] {
  return [...(store ? ["--store", store] : []), ...(plugins ? ["--plugins", plugins] : [])];
}
