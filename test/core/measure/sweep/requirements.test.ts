import { describe, expect, it } from "vitest";
import {
  type Detection,
  defineLimiter,
  defineLoad,
  defineProxy,
  type LimiterPlugin,
  type Preparation,
} from "../../../../src/core/contract/index.ts";
import type { SweepSpec } from "../../../../src/core/domain/spec.ts";
import { Registry } from "../../../../src/core/hosting/registry.ts";
import type { RunContext } from "../../../../src/core/measure/rig/context.ts";
import { requirePlugins, requirePrograms } from "../../../../src/core/measure/sweep/requirements.ts";
import { expectRejection } from "../../../fixtures/errors.ts";

const there = (version: string) => async (): Promise<Detection> => ({ available: true, version });
const absent = async (): Promise<Detection> => ({ available: false, reason: "not on this machine" });
const program = { executables: ["p"], versionArguments: ["-v"], versionPattern: "(.*)", install: {} };

function proxy(id: string, detect: () => Promise<Detection>) {
  const supports = { roles: ["reverse" as const], balancing: true };
  return defineProxy({
    id,
    title: id,
    program: { ...program, image: `${id}:lts` },
    supports,
    detect,
    plan: () => ({ argv: ["p"] }),
  });
}

const load = defineLoad({
  id: "tool",
  title: "tool",
  program,
  supports: { loops: ["closed"], forwardProxy: false, severalUrls: false, noKeepAlive: false, requestCount: false },
  detect: there("1"),
  plan: () => ({ argv: ["p"] }),
  parse: () => {
    throw new Error("not here");
  },
});

function limiter(id: string, changes: Partial<LimiterPlugin> = {}) {
  const supports = {
    cpu: true,
    memory: true,
    liveUpdate: true,
    images: changes.imageOf !== undefined,
    otherHosts: false,
  };
  const start = () => Promise.reject(new Error("not here"));
  return defineLimiter({
    id,
    title: id,
    supports,
    minimum: { cpu: 0.1, memoryBytes: 1 },
    detect: there("7"),
    start,
    ...changes,
  });
}

/** A limiter that takes every proxy from an image; `asked` is what it was given to make ready. */
function boxes(changes: Partial<LimiterPlugin> = {}) {
  const asked: Preparation[] = [];
  const plugin = limiter("boxes", {
    imageOf: ({ image }) => image,
    prepare: async (_host, _options, preparation) => void asked.push(preparation),
    detectInImage: async (_program, image) => ({ available: true, version: `of ${image}` }),
    ...changes,
  });
  return { plugin, asked };
}

function contextOf(plugins: Parameters<typeof entry>[0][], signal = new AbortController().signal): RunContext {
  return { host: {} as RunContext["host"], registry: new Registry(plugins.map(entry)), signal };
}

const quiet = () => {};

function entry(plugin: ReturnType<typeof proxy> | typeof load | LimiterPlugin) {
  return { plugin, options: {}, source: plugin.id };
}

function specOf(proxies: string[], limiters: string[]): SweepSpec {
  return { proxies, loadTools: ["tool"], limiters } as unknown as SweepSpec;
}

describe("what a sweep requires", () => {
  it("is a proxy on this machine, or in the image of its limiter; versions are those of what runs under each", async () => {
    const { plugin, asked } = boxes();
    const context = contextOf([proxy("a", there("1.0")), proxy("b", there("2.0")), load, limiter("groups"), plugin]);
    const { versions, source } = await requirePlugins(context, specOf(["a", "b"], ["groups", "boxes"]), quiet);
    expect(asked.map(({ images }) => images)).toEqual([["a:lts", "b:lts"]]);
    expect(versions("groups")).toEqual({ tool: "1", groups: "7", boxes: "7", a: "1.0", b: "2.0" });
    expect(versions("boxes")).toMatchObject({ a: "of a:lts", b: "of b:lts" });
    expect(source("a", "groups")).toEqual({ found: { available: true, version: "1.0" } });
    expect(source("b", "boxes")).toEqual({ found: { available: true, version: "of b:lts" }, image: "b:lts" });
  });

  it("need not be on this machine where every limiter brings it", async () => {
    const { plugin, asked } = boxes();
    const context = contextOf([proxy("a", absent), load, plugin]);
    const { versions } = await requirePlugins(context, specOf(["a"], ["boxes"]), quiet);
    expect(versions("boxes")).toMatchObject({ a: "of a:lts" });
    expect(asked[0]?.images).toEqual(["a:lts"]);
  });

  it("is missed before any image is pulled where one limiter does not bring it", async () => {
    const { plugin, asked } = boxes();
    const context = contextOf([proxy("a", absent), load, limiter("groups"), plugin]);
    await expectRejection(
      requirePlugins(context, specOf(["a"], ["boxes", "groups"]), quiet),
      "LAB_UNAVAILABLE",
      "proxy a",
      "not on this machine",
    );
    expect(asked).toEqual([]);
  });

  it("can be looked for without anything being made ready", async () => {
    const { plugin, asked } = boxes();
    const context = contextOf([proxy("a", absent), load, limiter("groups"), plugin]);
    await expectRejection(
      requirePrograms(context, specOf(["a"], ["groups"])),
      "LAB_UNAVAILABLE",
      "proxy a",
      "not on this machine",
    );
    const { wanted } = await requirePrograms(context, specOf(["a"], ["boxes"]));
    expect(wanted).toMatchObject([{ programs: [{ image: "a:lts" }] }]);
    expect(asked).toEqual([]);
  });

  it("is missed where the image does not have it", async () => {
    const detectInImage = async (): Promise<Detection> => ({ available: false, reason: "the image a:lts has no p" });
    const context = contextOf([proxy("a", absent), load, boxes({ detectInImage }).plugin]);
    await expectRejection(
      requirePlugins(context, specOf(["a"], ["boxes"]), quiet),
      "LAB_UNAVAILABLE",
      "proxy a",
      "the image a:lts has no p",
    );
  });

  it("is made ready with word of how far that is", async () => {
    const prepare: LimiterPlugin["prepare"] = async (_host, _options, { onProgress }) =>
      onProgress({ task: "pull a:lts", layers: { done: 1, of: 2 } });
    const context = contextOf([proxy("a", absent), load, boxes({ prepare }).plugin]);
    const told: unknown[] = [];
    await requirePlugins(context, specOf(["a"], ["boxes"]), (limiter, progress) => told.push({ limiter, ...progress }));
    expect(told).toEqual([{ limiter: "boxes", task: "pull a:lts", layers: { done: 1, of: 2 } }]);
  });

  it("leaves a plugin at fault to its trials, and finds the programs of the others", async () => {
    const broken = proxy("a", () => Promise.reject(new Error("no idea")));
    const context = contextOf([broken, proxy("b", there("2.0")), load, limiter("groups")]);
    const { versions, source } = await requirePlugins(context, specOf(["a", "b"], ["groups"]), quiet);
    expect(versions("groups")).toEqual({ tool: "1", groups: "7", b: "2.0" });
    expect(source("b", "groups")).toMatchObject({ found: { version: "2.0" } });
    expect(() => context.registry.get("proxy", "a")).toThrow("no idea");
  });

  it("ends as interrupted when the user wants no more while it is made ready", async () => {
    const controller = new AbortController();
    const prepare: LimiterPlugin["prepare"] = async (_host, _options, { signal }) => {
      controller.abort();
      signal.throwIfAborted();
    };
    const context = contextOf([proxy("a", absent), load, boxes({ prepare }).plugin], controller.signal);
    await expectRejection(requirePlugins(context, specOf(["a"], ["boxes"]), quiet), "LAB_INTERRUPTED");
  });

  it("passes on why it could not be made ready", async () => {
    const prepare = () => Promise.reject(new Error("the image a:lts cannot be pulled: no network"));
    const context = contextOf([proxy("a", absent), load, boxes({ prepare }).plugin]);
    await expectRejection(
      requirePlugins(context, specOf(["a"], ["boxes"]), quiet),
      "LAB_UNAVAILABLE",
      "the image a:lts cannot be pulled: no network",
    );
  });
});
