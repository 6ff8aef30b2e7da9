import * as nodeModule from "node:module";
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { Reply } from "./reply.ts";
import { type Message, Wire } from "./wire.ts";

/** What a thread is given when it starts. */
export interface ThreadData {
  /** URL of the plugin's module. */
  readonly url: string;
  /** Where the replies to this thread's questions lie, once `flag` is 1. */
  readonly replies: MessagePort;
  readonly flag: Int32Array<SharedArrayBuffer>;
}

/** What a thread gives when it has started. */
export interface ThreadRoot {
  /** Default export of the plugin's module. */
  readonly plugin: unknown;
  /** Calls a function that another module exports: with the plugin, and what else is given. */
  use(url: string, name: string, ...args: unknown[]): unknown;
}

const { url, replies, flag } = workerData as ThreadData;
const lab = parentPort!;

function ask(fn: number, args: unknown): Reply {
  lab.postMessage({ type: "ask", fn, args } satisfies Message);
  Atomics.wait(flag, 0, 0);
  Atomics.store(flag, 0, 0);
  return receiveMessageOnPort(replies)!.message as Reply;
}

async function load(): Promise<ThreadRoot> {
  const { default: plugin } = (await import(url)) as { default?: unknown };
  const use: ThreadRoot["use"] = async (module, name, ...args) => (await import(module))[name](plugin, ...args);
  return { plugin, use };
}

const here = import.meta.url;

/**
 * From now on whoever imports `proxy-lab/contract` or `proxy-lab/conformance` gets those of this lab, as package.json
 * exports them. So a plugin needs no copy of the lab in its node_modules, and cannot meet another version of it there.
 */
function offerContract(): void {
  if (typeof nodeModule.registerHooks === "function") {
    nodeModule.registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, specifier.startsWith("proxy-lab/") ? { ...context, parentURL: here } : context),
    });
  } else nodeModule.register(`data:text/javascript,${encodeURIComponent(hookBefore22dot15())}`);
}

/** The same for Node before 22.15, whose hooks run in a thread of their own and see `import` but not `require`. */
function hookBefore22dot15(): string {
  return `export const resolve = (specifier, context, next) =>
  next(specifier, specifier.startsWith("proxy-lab/") ? { ...context, parentURL: ${JSON.stringify(here)} } : context);`;
}

// The lab's stdout is for results.
Object.defineProperty(process, "stdout", { get: () => process.stderr });
const wire = new Wire((message) => lab.postMessage(message), ask);
lab.on("message", (message: Message) => wire.receive(message));
offerContract();
wire.settle("loaded", load);
