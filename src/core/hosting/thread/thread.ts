import { MessageChannel, Worker } from "node:worker_threads";
import { reasonWithPlace } from "./place.ts";
import { postReply, type Reply, reasonOf } from "./reply.ts";
import { type Message, Wire } from "./wire.ts";
import type { ThreadData, ThreadRoot } from "./worker.ts";

/** Enough for any figures; a plugin that takes more ends with its thread, not with the lab. */
const resourceLimits = { maxOldGenerationSizeMb: 512 };

// Node pipes what a thread prints with listeners of its own on these; many plugins are no leak.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

/** A worker thread with a plugin's module. */
type Running = ReturnType<typeof start>;

/** What a Thread has, apart from it, so that it can be ended when nobody holds the Thread any more. */
interface Slot {
  running: Running | undefined;
}

const forgotten = new FinalizationRegistry<Slot>(({ running }) => void running?.end("nobody held its plugin any more"));

/**
 * A plugin's module in a thread of its own. What it does there, busy loops, uncaught errors and `process.exit` included,
 * harms that thread alone; the next call has a new one.
 */
export class Thread {
  readonly #url: string;
  readonly #loadTimeoutMs: number;
  readonly #slot: Slot = { running: undefined };
  #last: Promise<void> = Promise.resolve();

  constructor(url: string, loadTimeoutMs: number) {
    this.#url = url;
    this.#loadTimeoutMs = loadTimeoutMs;
    forgotten.register(this, this.#slot);
  }

  /** One hook at a time, so that it is known which one hangs. Resolves to a function that passes the turn on. */
  async turn(): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    return resolve;
  }

  /** The default export of the module. Throws an Error of one line where it cannot be loaded. */
  async plugin(): Promise<unknown> {
    return (await this.#root()).plugin;
  }

  /** Calls a method of the default export. Throws an Error with the words of what it throws, or a NoAnswer. */
  async call(name: string, args: readonly unknown[]): Promise<unknown> {
    const plugin = (await this.plugin()) as Record<string, (...args: readonly unknown[]) => unknown>;
    return plugin[name]!(...args);
  }

  /** Calls a function that another module exports, inside the thread: with the default export, and what else is given. */
  async use(url: string, name: string, ...args: unknown[]): Promise<unknown> {
    return (await this.#root()).use(url, name, ...args);
  }

  /** Resolves when the thread that runs now has ended. */
  async ended(): Promise<void> {
    await this.#slot.running?.ended;
  }

  /** Ends the thread, whatever it does. */
  async end(why: string): Promise<void> {
    const running = this.#slot.running;
    this.#slot.running = undefined;
    await running?.end(why);
  }

  /** Of the thread that there is, or of a new one where that one has ended and a caller was told so. */
  async #root(): Promise<ThreadRoot> {
    if (this.#slot.running?.wire.told) this.#slot.running = undefined;
    const running = this.#slot.running ?? start(this.#url, this.#loadTimeoutMs);
    this.#slot.running = running;
    try {
      return await running.root;
    } catch (cause) {
      await running.end("");
      if (this.#slot.running === running) this.#slot.running = undefined;
      throw new Error(`cannot be loaded: ${reasonWithPlace(cause)}`, { cause });
    }
  }
}

/** Starts a thread, which does not keep the lab from ending. `root` rejects where the module cannot be loaded. */
function start(url: string, loadTimeoutMs: number) {
  const { port1: answers, port2: replies } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("./entry.mjs", import.meta.url), {
    workerData: { url, replies, flag } satisfies ThreadData,
    transferList: [replies],
    resourceLimits,
    stdout: true,
  });
  const wire = new Wire((message) => worker.postMessage(message));
  const answer = (reply: Reply) => {
    postReply((one) => answers.postMessage(one), reply);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  };
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<void>();
  const end = async (why: string) => {
    wire.close(why);
    await worker.terminate();
  };
  const late = `was not done in ${loadTimeoutMs / 1000} s; its thread was ended`;
  const timer = setTimeout(() => void end(late), loadTimeoutMs);
  const root = wire.promised("loaded").finally(() => clearTimeout(timer)) as Promise<ThreadRoot>;
  worker.on("message", (message: Message) => wire.receive(message, answer));
  let fault: string | undefined;
  worker.on("error", (error) => {
    fault = `an error that nothing caught ended its thread: ${reasonOf(error)}`;
  });
  // All messages have come in by then; the error may have overtaken some.
  worker.on("exit", (code) => {
    wire.close(fault ?? `it called process.exit(${code}), which ended its thread`);
    onEnd();
  });
  worker.unref();
  return { wire, root, ended, end };
}
