import { describe, expect, it } from "vitest";
import { defineLimiter, defineLoad, defineProxy, type OptionsSchema } from "../../../src/core/contract/index.ts";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { experimentText, flagsFromExperiment, specFrom } from "../../../src/core/experiment/flags.ts";
import { requireSameOptions, withOptionsOf, withTheirOptions } from "../../../src/core/experiment/pluginOptions.ts";
import { HIDDEN, withDefaults } from "../../../src/core/hosting/options.ts";
import { type Entry, Registry } from "../../../src/core/hosting/registry.ts";
import { expectError, expectRejection } from "../../fixtures/errors.ts";

const schema = {
  log: { type: "boolean", meaning: "log" },
  threads: { type: "integer", minimum: 1, default: 2, meaning: "threads" },
  lines: { type: "texts", meaning: "lines" },
  token: { type: "text", secret: true, meaning: "token" },
} as const satisfies OptionsSchema;

const program = { executables: ["p"], versionArguments: [], versionPattern: "", install: {} };
const proxy = defineProxy({
  id: "prox",
  title: "Prox",
  program,
  supports: { roles: ["reverse"], balancing: true },
  options: schema,
  plan: () => ({ argv: ["p"] }),
});
const load = defineLoad({
  id: "wrk",
  title: "wrk",
  program,
  supports: { loops: ["closed"], forwardProxy: true, severalUrls: true, noKeepAlive: true, requestCount: true },
  plan: () => ({ argv: ["p"] }),
  parse: () => {
    throw new Error("not here");
  },
});
const limiter = defineLimiter({
  id: "cgroup",
  title: "groups",
  supports: { cpu: true, memory: true, liveUpdate: true, images: false, otherHosts: false },
  minimum: { cpu: 0.01, memoryBytes: 1 },
  detect: async () => ({ available: true }),
  start: () => Promise.reject(new Error("not here")),
});

/** The plugins as a plugins.json with these options of the proxy has them. */
function registryWith(set: object): Registry {
  return registryOf({ plugin: proxy, options: withDefaults(schema, { ...set }), schema, source: "prox" });
}

function registryOf(own: Entry): Registry {
  const others = [load, limiter].map((plugin) => ({ plugin, options: {}, schema: {}, source: plugin.id }));
  return new Registry([own, ...others]);
}

const spec: SweepSpec = { ...gridSpec, proxies: ["prox"], seed: 1 };
const flags = (option: string) => specFrom({ option }, undefined, registryWith({}));

describe("--option", () => {
  it("sets values as the plugins declare them", async () => {
    const { options } = await flags("prox.log=on\nprox.threads=3\nprox.lines=a=b, c\nprox.lines=d");
    expect(options).toEqual({ "prox.log": true, "prox.threads": 3, "prox.lines": ["a=b, c", "d"] });
    expect(await specFrom({}, undefined, registryWith({}))).not.toHaveProperty("options");
  });

  it.each([
    ["that has no value", "prox.log", '"prox.log"'],
    ["of no plugin", "log=on", '"log=on"'],
    ["of a plugin that does not take part", "pros.log=on", /"pros".*\n?/],
    ["that the plugin does not take", "prox.lgo=on", /\blgo\b.*\blog\?/],
    ["of another type", "prox.threads=many", /prox\.threads: "many"/],
    ["of several values", "prox.log=on,off", /prox\.log: .*several/],
  ])("is refused for one %s", async (_, option, message) => {
    await expectRejection(flags(option), "LAB_USAGE", message);
  });

  it("is refused for a plugin that does not declare its options", async () => {
    const undeclared = specFrom(
      { option: "prox.log=on" },
      undefined,
      registryOf({ plugin: proxy, options: {}, source: "prox" }),
    );
    await expectRejection(undeclared, "LAB_USAGE", "prox.log");
  });

  it("is a list in an experiment file, and comes back from it", () => {
    const option = "prox.lines=a, b\nprox.log=on";
    const text = experimentText({ option });
    expect(text).toMatch(/^option:\n {2}- /);
    expect(flagsFromExperiment(text, "x.yaml").flags).toEqual({ option });
  });
});

describe("a sweep that begins", () => {
  it("measures with its options over those of plugins.json", () => {
    const registry = withOptionsOf({ ...spec, options: { "prox.threads": 5 } }, registryWith({ log: true }));
    expect(registry.get("proxy", "prox").options).toEqual({ log: true, threads: 5 });
  });

  it("keeps all that differ from the defaults, secret ones without their value", () => {
    const kept = withTheirOptions(spec, registryWith({ log: true, threads: 2, token: "t" }));
    expect(kept.options).toEqual({ "prox.log": true, "prox.token": HIDDEN });
    expect(withTheirOptions({ ...spec, options: { "prox.threads": 2 } }, registryWith({}))).not.toHaveProperty(
      "options",
    );
  });
});

describe("a sweep that goes on", () => {
  const begun: SweepSpec = { ...spec, options: { "prox.log": true, "prox.token": HIDDEN } };

  it("does so with the options it was begun with, and the secrets of plugins.json", () => {
    const registry = withOptionsOf(begun, registryWith({ token: "t" }), true);
    expect(registry.get("proxy", "prox").options).toEqual({ log: true, threads: 2, token: "t" });
    expect(() => requireSameOptions(begun, registryWith({ token: "t" }))).not.toThrow();
  });

  it("is refused where plugins.json sets others by now", () => {
    const now = (set: object) => () => requireSameOptions(begun, registryWith({ token: "t", ...set }));
    expectError(now({ threads: 7 }), "LAB_USAGE", "prox.threads");
    expectError(now({ log: false }), "LAB_USAGE", "prox.log");
    expectError(() => requireSameOptions(spec, registryWith({ log: true })), "LAB_USAGE", "prox.log");
  });

  it("is refused where a secret that it was begun with is gone", () => {
    expectError(() => requireSameOptions(begun, registryWith({})), "LAB_USAGE", "prox.token");
  });
});
