import { once } from "node:events";
import { errorOf, NoAnswer, postReply, type Reply, thrownReply, unpassable } from "./reply.ts";
import { copiesWell, isPromise, membersOf } from "./values.ts";

export type Message =
  /** Calls a function of the other thread; its result settles a promise there. */
  | { readonly type: "call"; readonly fn: number; readonly args: unknown; readonly promise: string }
  /** The same for one who stands still until the reply is there. */
  | { readonly type: "ask"; readonly fn: number; readonly args: unknown }
  | { readonly type: "settle"; readonly promise: string; readonly reply: Reply };

/** Stands for a function, promise or signal that stays where it is. `home`: it is one of the receiver's own. */
interface Handle {
  readonly [mark]: "function" | "promise" | "signal" | "home";
  readonly id: number;
}

const mark = "proxy-lab:handle";
const deepest = 64;
const mostParts = 5_000_000;

/**
 * One end of a connection between two threads over which any value of the contract passes: data is copied, functions and
 * promises stay where they are and can be called and awaited from the other side. One that comes home is what it was.
 *
 * A function of the other side returns a promise of its result. With `ask` it returns the result itself, promises
 * included, as it does where it is at home; only a thread that nobody waits for may stand still so.
 */
export class Wire {
  readonly #post: (message: Message) => void;
  readonly #ask: ((fn: number, args: unknown) => Reply) | undefined;
  readonly #kept = new Map<number, unknown>();
  readonly #foreign = new WeakMap<object, number>();
  readonly #waiting = new Map<string, PromiseWithResolvers<unknown>>();
  #next = 0;
  #ended: NoAnswer | undefined;
  /** Whether a caller has been told that the other thread has ended. */
  told = false;

  constructor(post: (message: Message) => void, ask?: (fn: number, args: unknown) => Reply) {
    this.#post = post;
    this.#ask = ask;
  }

  /** Takes in a message; `answer` gets the reply to one who stands still. */
  receive(message: Message, answer?: (reply: Reply) => void): void {
    if (message.type === "settle") this.#settled(message.promise, message.reply);
    else if (message.type === "ask") answer?.(this.#replyOf(() => this.#run(message.fn, message.args)));
    else this.settle(message.promise, async () => this.#run(message.fn, message.args));
  }

  /** A promise that the other side settles under this name. */
  promised(name: string): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(name, waiting);
    waiting.promise.catch(() => {}); // not everything that was promised is waited for
    return waiting.promise;
  }

  /** Settles a promise of the other side with what `work` gives. */
  settle(promise: string, work: () => Promise<unknown>): void {
    void work().then(
      (value) => this.#send(promise, this.#passable(value)),
      (thrown) => this.#send(promise, thrownReply(thrown)),
    );
  }

  /** The other thread has ended: whoever waits for it, now or later, is told why. */
  close(why: string): void {
    if (this.#ended) return;
    this.#ended = new NoAnswer(why);
    for (const [name, { reject }] of this.#waiting) {
      if (name.startsWith("call")) this.told = true;
      reject(this.#ended);
    }
    this.#waiting.clear();
  }

  #send(promise: string, reply: Reply): void {
    postReply((one) => this.#post({ type: "settle", promise, reply: one }), reply);
  }

  #replyOf(run: () => unknown): Reply {
    try {
      return this.#passable(run());
    } catch (thrown) {
      return thrownReply(thrown);
    }
  }

  /** Never throws. */
  #passable(value: unknown): Reply {
    try {
      return { ok: true, value: this.#encode(value) };
    } catch (cause) {
      return unpassable(cause);
    }
  }

  #settled(name: string, reply: Reply): void {
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    if (reply.ok) waiting?.resolve(this.#decode(reply.value));
    else waiting?.reject(errorOf(reply));
  }

  #run(fn: number, args: unknown): unknown {
    return (this.#kept.get(fn) as (...args: unknown[]) => unknown)(...(this.#decode(args) as unknown[]));
  }

  async #call(fn: number, args: unknown[]): Promise<unknown> {
    if (this.#ended) {
      this.told = true;
      throw this.#ended;
    }
    const promise = `call ${this.#next++}`;
    const result = this.promised(promise);
    this.#post({ type: "call", fn, args: this.#encode(args), promise });
    return result;
  }

  #askNow(ask: (fn: number, args: unknown) => Reply, fn: number, args: unknown[]): unknown {
    const reply = ask(fn, this.#encode(args));
    if (!reply.ok) throw errorOf(reply);
    return this.#decode(reply.value);
  }

  #encode(value: unknown): unknown {
    let left = mostParts;
    const walk = (part: unknown, owner: object | undefined, depth: number): unknown => {
      left -= Array.isArray(part) ? part.length : 1;
      if (left < 0 || depth > deepest) throw new Error("it is too large, too deep, or a circle");
      if (typeof part === "function")
        return this.#handleOf("function", part, (...args: unknown[]) => Reflect.apply(part, owner, args));
      if (typeof part !== "object" || part === null || copiesWell(part)) return part;
      if (part instanceof AbortSignal) return this.#promise(abortOf(part), "signal");
      if (isPromise(part)) return this.#promise(part, "promise");
      if (Array.isArray(part)) return part.map((item) => walk(item, part, depth + 1));
      return Object.fromEntries(membersOf(part).map(([key, item]) => [key, walk(item, part, depth + 1)]));
    };
    return walk(value, undefined, 0);
  }

  /** `kept`: what stays here behind the handle. A value that came from the other side goes home instead. */
  #handleOf(kind: "function" | "promise" | "signal", value: object, kept: unknown): Handle {
    const foreign = this.#foreign.get(value);
    if (foreign !== undefined) return { [mark]: "home", id: foreign };
    const id = this.#next++;
    this.#kept.set(id, kept);
    return { [mark]: kind, id };
  }

  #promise(promise: PromiseLike<unknown>, kind: "promise" | "signal"): Handle {
    const handle = this.#handleOf(kind, promise, promise);
    if (handle[mark] !== "home") this.settle(`promise ${handle.id}`, async () => promise);
    return handle;
  }

  #decode(value: unknown): unknown {
    if (typeof value !== "object" || value === null || copiesWell(value)) return value;
    if (mark in value) return this.#behind(value as Handle);
    if (Array.isArray(value)) return value.map((item) => this.#decode(item));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#decode(item)]));
  }

  #behind({ [mark]: kind, id }: Handle): unknown {
    if (kind === "home") return this.#kept.get(id);
    if (kind === "signal") return signalOf(this.promised(`promise ${id}`));
    const ask = this.#ask;
    const call = ask
      ? (...args: unknown[]) => this.#askNow(ask, id, args)
      : (...args: unknown[]) => this.#call(id, args);
    const stand = kind === "function" ? call : this.promised(`promise ${id}`);
    this.#foreign.set(stand, id);
    return stand;
  }
}

/** Resolves once a signal is aborted. */
async function abortOf(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

/** A signal that is aborted once a promise resolves. */
function signalOf(aborted: Promise<unknown>): AbortSignal {
  const controller = new AbortController();
  aborted.then(() => controller.abort()).catch(() => {});
  return controller.signal;
}
