import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NoAnswer, type Reply, reasonOf } from "../../../../src/core/hosting/thread/reply.ts";
import { type Message, Wire } from "../../../../src/core/hosting/thread/wire.ts";

/** Two ends in one thread. The far one stands still for what it asks, as a plugin's thread does. */
function connected() {
  const post = (message: Message, to: () => Wire) => {
    const copy = structuredClone(message);
    queueMicrotask(() => to().receive(copy));
  };
  const ask = (fn: number, args: unknown) => {
    let reply: Reply | undefined;
    near.receive(structuredClone({ type: "ask", fn, args }), (given) => {
      reply = structuredClone(given);
    });
    return reply!;
  };
  const near: Wire = new Wire((message) => post(message, () => far));
  const far: Wire = new Wire((message) => post(message, () => near), ask);
  return { near, far };
}

/** What arrives at the near end of what the far end gives. */
async function passed(value: unknown): Promise<unknown> {
  const { near, far } = connected();
  const arrived = near.promised("value");
  far.settle("value", async () => ({ value }));
  return ((await arrived) as { value: unknown }).value;
}

type Fn = (...args: unknown[]) => unknown;

describe("a wire between two threads", () => {
  it("passes any data as it is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true }),
        async (value) => {
          const plain = structuredClone(value);
          expect(await passed(plain)).toEqual(plain);
        },
      ),
    );
  });

  it("lets functions be called, with `this`, arguments and result", async () => {
    const counter = {
      count: 1,
      add(more: number) {
        this.count += more;
        return { count: this.count };
      },
    };
    const far = (await passed(counter)) as { add: Fn };
    expect(await far.add(2)).toEqual({ count: 3 });
    expect(counter.count).toBe(3);
  });

  it("passes the methods and fields of a class", async () => {
    class Base {
      greet() {
        return `I am ${this.name()}`;
      }
      name() {
        return "base";
      }
    }
    class Derived extends Base {
      readonly size = 3;
      override name() {
        return "derived";
      }
    }
    const far = (await passed(new Derived())) as { greet: Fn; size: number };
    expect(far.size).toBe(3);
    expect(await far.greet()).toBe("I am derived");
  });

  it("lets what comes home be what it was, function or promise", async () => {
    const own = () => "at once";
    const kept = Promise.resolve(5);
    const far = (await passed((...args: unknown[]) => args)) as Fn;
    const [fn, promise] = (await far(own, kept)) as [Fn, Promise<number>];
    expect(fn()).toBe("at once");
    expect(promise).toBe(kept);
  });

  it("answers one who stands still at once, with a promise where there was one", async () => {
    const far = (await passed((host: { now: Fn; later: Fn }) => [host.now(), host.later()])) as Fn;
    const host = { now: () => "now", later: async () => "later" };
    const [now, later] = (await far(host)) as unknown[];
    expect(now).toBe("now");
    expect(await later).toBe("later");
  });

  it("tells a thrown error of either side with its words", async () => {
    const far = (await passed((host: { fail: Fn }) => host.fail())) as Fn;
    const fail = () => {
      throw new Error("not on this machine");
    };
    await expect(far({ fail })).rejects.toThrowError("not on this machine");
  });

  it("passes on the code of a thrown error", async () => {
    const far = (await passed((host: { fail: Fn }) => host.fail())) as Fn;
    const fail = () => {
      throw Object.assign(new Error("busy"), { code: "EBUSY" });
    };
    await expect(far({ fail })).rejects.toMatchObject({ message: "busy", code: "EBUSY" });
  });

  it("passes the abort of a signal on", async () => {
    const controller = new AbortController();
    const far = (await passed(
      (signal: AbortSignal) =>
        new Promise((resolve) => signal.addEventListener("abort", () => resolve("stopped"), { once: true })),
    )) as Fn;
    const answer = far(controller.signal);
    controller.abort();
    expect(await answer).toBe("stopped");
  });

  it("tells all who wait, and all who ask later, that the other side has ended", async () => {
    const { near, far } = connected();
    const arrived = near.promised("value");
    far.settle("value", async () => ({ hang: () => new Promise(() => {}) }));
    const { hang } = (await arrived) as { hang: Fn };
    const waiting = hang();
    near.close("it fell asleep");
    await expect(waiting).rejects.toThrowError(new NoAnswer("it fell asleep"));
    await expect(hang()).rejects.toThrowError("it fell asleep");
  });

  it("refuses what is too deep or too large, and does not follow circles", async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    await expect(passed(circle)).rejects.toThrowError("cannot be passed on");
    await expect(passed(new Array(2 ** 31))).rejects.toThrowError("cannot be passed on");
    await expect(passed(Symbol("no data"))).rejects.toThrowError("cannot be passed on");
  });
});

describe("the reason that is told of what was thrown", () => {
  it.each([
    ["an error", new Error("no\nidea"), "no"],
    ["an error without words", new TypeError(""), "TypeError"],
    ["a text", "no idea", "no idea"],
    ["nothing", undefined, "threw undefined"],
    ["an object without a prototype", Object.create(null), "threw [Object: null prototype] {}"],
    [
      "an object that fights back",
      new Proxy(
        {},
        {
          getPrototypeOf() {
            throw new Error("hands off");
          },
        },
      ),
      "threw what cannot be shown",
    ],
  ])("is one line for %s", (_, thrown, reason) => expect(reasonOf(thrown)).toBe(reason));
});
