import { describe, expect, it } from "vitest";
import { conformanceChecks } from "../../../src/core/conformance/index.ts";
import {
  defineLoad,
  defineModel,
  defineProxy,
  type LoadPlugin,
  type LoadSetup,
  type ModelPlugin,
  type Plugin,
  type ProxyPlugin,
  type ProxySetup,
} from "../../../src/core/contract/index.ts";
import { loadPlugins } from "../../../src/core/plugins/load.ts";

const builtIns = await loadPlugins("plugins.json");
const kinds = ["proxy", "load", "limiter", "model"] as const;

for (const { plugin } of kinds.flatMap((kind) => builtIns.list(kind) as { plugin: Plugin }[])) {
  describe(`the built-in ${plugin.kind} ${plugin.id}`, () => {
    for (const check of conformanceChecks(plugin)) it(check.name, () => check.run());
  });
}

const program = { executables: ["p"], versionArguments: ["-v"], versionPattern: "(.*)", install: {} };

const proxy = defineProxy({
  id: "minimal",
  title: "Minimal",
  program,
  supports: { roles: ["reverse", "forward"], balancing: true },
  plan: ({ listen, origins }) => ({ argv: ["p", String(listen.port), ...origins.map(({ port }) => String(port))] }),
});

const tool = defineLoad({
  id: "minimal",
  title: "Minimal",
  program,
  supports: { loops: ["closed"], forwardProxy: true, severalUrls: true, noKeepAlive: true, requestCount: true },
  plan: ({ urls, forwardProxy }) => ({ argv: ["p", ...urls, String(forwardProxy?.port)] }),
  parse() {
    throw new Error("minimal understood nothing");
  },
});

const model = defineModel({
  id: "minimal",
  title: "Minimal",
  minimumRows: 2,
  fit({ y }) {
    if (y.length < 2) throw new Error("too few");
    return y.reduce((sum, value) => sum + value, 0) / y.length;
  },
  predict: (state, x) => x.map(() => state as number),
});

async function broken(plugin: Plugin): Promise<string[]> {
  const names: string[] = [];
  for (const check of conformanceChecks(plugin)) {
    await Promise.resolve()
      .then(() => check.run())
      .catch(() => names.push(check.name));
  }
  return names;
}

describe("the conformance kit", () => {
  it.each([proxy, tool, model])("lets a minimal $kind pass", async (plugin) =>
    expect(await broken(plugin)).toEqual([]),
  );

  const firstPlan = "plans a reverse proxy, fair, 1 origin(s)";
  const brokenProxies: [string, Partial<ProxyPlugin>, string][] = [
    ["an id with blanks", { id: "My Proxy" }, "has the shape of a plugin of its kind"],
    ["another contract", { apiVersion: "9.0.0" }, "is written for a contract that this lab has"],
    [
      "a detect that throws",
      { detect: () => Promise.reject(new Error("x")) },
      "detect answers on a host where nothing is installed",
    ],
    ["a program of its own", { plan: () => ({ argv: ["q", "18801", "18901"] }) }, firstPlan],
    ["no port to listen on", { plan: ({ origins }) => ({ argv: ["p", String(origins[0].port)] }) }, firstPlan],
    ["no origin", { plan: ({ listen }) => ({ argv: ["p", String(listen.port)] }) }, firstPlan],
    [
      "a plan that changes",
      { plan: ({ listen }) => ({ argv: ["p", `${listen.port} 18901`, String(Math.random())] }) },
      firstPlan,
    ],
    [
      "a plan that holds code",
      { plan: (() => ({ argv: ["p", "18801", "18901"], env: { f: () => 1 } })) as never },
      firstPlan,
    ],
    [
      "a plan that writes to its setup",
      {
        plan(setup: ProxySetup) {
          (setup as { threads: number }).threads = 9;
          return { argv: ["p", "18801", "18901"] };
        },
      },
      firstPlan,
    ],
  ];
  it.each(brokenProxies)("catches a proxy with %s", async (_, changes, rule) => {
    expect(await broken({ ...proxy, ...changes })).toContain(rule);
  });

  const someReport = {
    loop: "closed",
    durationSeconds: 1,
    completedRequests: 1,
    failedRequests: 0,
    failures: {},
    latencyMs: {},
    latencyKind: "service",
  };
  const brokenTools: [string, Partial<LoadPlugin>, string][] = [
    ["figures out of nothing", { parse: () => someReport as never }, "parse refuses no output"],
    [
      "a message that does not name it",
      {
        parse() {
          throw new Error("what?");
        },
      },
      "parse refuses no output",
    ],
    ["no URL in its plan", { plan: () => ({ argv: ["p"] }) }, "plans a closed loop for a time"],
    [
      "no forward proxy in its plan",
      { plan: ({ urls }: LoadSetup) => ({ argv: ["p", ...urls] }) },
      "plans requests through a forward proxy",
    ],
    [
      "a sample of every line",
      { sample: () => ({ completedRequests: 1, seconds: 1 }) },
      "sample passes over lines that are not its own",
    ],
  ];
  it.each(brokenTools)("catches a load tool with %s", async (_, changes, rule) => {
    expect(await broken({ ...tool, ...changes })).toContain(rule);
  });

  let calls = 0;
  const brokenModels: [string, Partial<ModelPlugin>, string][] = [
    ["no seed", { fit: () => ++calls }, "fits the same state twice, as plain data"],
    ["an answer from one row", { fit: () => 1 }, "refuses fewer rows than it says it needs"],
    ["no answer", { predict: (_, x) => x.map(() => Number.NaN) }, "predicts a finite figure for each row"],
    [
      "a state that JSON loses",
      { fit: () => new Map([[1, 2]]), predict: (s, x) => x.map(() => (s as Map<number, number>).size) },
      "predicts the same after its state went through JSON",
    ],
  ];
  it.each(brokenModels)("catches a model with %s", async (_, changes, rule) => {
    expect(await broken({ ...model, ...changes })).toContain(rule);
  });
});
