import { describe, expect, it } from "vitest";
import {
  defineLimiter,
  defineLoad,
  defineModel,
  defineProxy,
  type LimiterPlugin,
  type LoadPlugin,
  type LoadSetup,
  type ModelPlugin,
  type OptionsSchema,
  type Plugin,
  type PluginOptions,
  type ProxyPlugin,
  type ProxySetup,
} from "../../../../src/core/contract/index.ts";
import { conformanceChecks } from "../../../../src/core/hosting/conformance/index.ts";
import { loadPlugins } from "../../../../src/core/hosting/load.ts";

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

/** A control group of the CPU kind and nothing else. */
const limiter = defineLimiter({
  id: "minimal",
  title: "Minimal",
  supports: { cpu: true, memory: false, liveUpdate: true, images: false, otherHosts: false },
  minimum: { cpu: 0.01, memoryBytes: 0 },
  detect: async ({ root }) => (root ? { available: true } : { available: false, reason: "needs root" }),
  async start(launch, { cpu }, host) {
    const folder = `/sys/fs/cgroup/${host.uniqueName()}`;
    const set = (cores = 1) => host.writeText(`${folder}/cpu.max`, `${cores * 1e5} 100000`);
    await host.makeDir(folder);
    try {
      await set(cpu);
      const child = await host.launch(launch, { cgroups: [folder] });
      const group = await host.controlGroup(child.pid);
      return { ...child, ...group, update: (limits) => set(limits.cpu) };
    } catch (error) {
      await host.removeDir(folder);
      throw error;
    }
  },
});

async function broken(plugin: Plugin, options: PluginOptions = {}): Promise<string[]> {
  const names: string[] = [];
  for (const check of conformanceChecks(plugin, options)) {
    await Promise.resolve()
      .then(() => check.run())
      .catch(() => names.push(check.name));
  }
  return names;
}

describe("the conformance kit", () => {
  it.each([proxy, tool, limiter, model])("lets a minimal $kind pass", async (plugin) =>
    expect(await broken(plugin)).toEqual([]),
  );

  it("tries a proxy and a load tool with each option that they declare, and with those that are given", async () => {
    const options = {
      log: { type: "boolean", meaning: "log" },
      mode: { type: "choice", choices: ["a", "b"], default: "a", meaning: "mode" },
      size: { type: "integer", minimum: 3, maximum: 9, meaning: "size" },
    } as const;
    for (const plugin of [proxy, tool] as const) {
      const tried: unknown[] = [];
      const plan = (setup: ProxySetup & LoadSetup) => {
        tried.push(setup.options);
        return plugin.plan(setup);
      };
      const checks = conformanceChecks({ ...plugin, options, plan } as Plugin, { size: 4 });
      for (const { run } of checks) await run();
      for (const [name, value] of Object.entries({ log: false, mode: "b", size: 9 }))
        expect(tried).toContainEqual({ mode: "a", size: 4, [name]: value });
      expect(checks.map(({ name }) => name)).toContain('plans with the option mode "b"');
    }
  });

  it("names an option that makes a plan fail, and one that the plugin does not take", async () => {
    const options = { log: { type: "boolean", meaning: "log" } } as const;
    const plan: ProxyPlugin["plan"] = (setup) => {
      if (setup.options.log) throw new Error("cannot log");
      return proxy.plan(setup);
    };
    expect(await broken({ ...proxy, options, plan })).toEqual(["plans with the option log true"]);
    expect(await broken({ ...proxy, options }, { lgo: true })).toEqual(["takes the options that it is tried with"]);
    expect(await broken({ ...proxy, options }, { log: 5 })).toEqual(["takes the options that it is tried with"]);
  });

  it("refuses options that are not declared soundly", async () => {
    const options = { log: { type: "boolean", default: "on", meaning: "log" } } as unknown as OptionsSchema;
    expect(await broken({ ...proxy, options })).toContain("has the shape of a plugin of its kind");
  });

  it("asks a tool without a closed loop for open ones only", async () => {
    const asked: string[] = [];
    const plan = (load: LoadSetup) => {
      asked.push(`${load.loop} ${load.requestsPerSecond}`);
      return tool.plan(load);
    };
    expect(await broken({ ...tool, plan, supports: { ...tool.supports, loops: ["open"] } })).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(["open 100"]));
  });

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
    [
      "a plan that cannot do without a version",
      {
        plan: ({ version, listen, origins }) => ({
          argv: ["p", version!.slice(1), String(listen.port), ...origins.map(({ port }) => String(port))],
        }),
      },
      firstPlan,
    ],
    [
      "a plan that goes wrong with a version",
      {
        plan: ({ version, listen }) => ({ argv: ["p", String(version ? 1 : listen.port), "18901"] }),
      },
      firstPlan,
    ],
    ["no port to listen on", { plan: ({ origins }) => ({ argv: ["p", String(origins[0].port)] }) }, firstPlan],
    ["no origin", { plan: ({ listen }) => ({ argv: ["p", String(listen.port)] }) }, firstPlan],
    [
      "a plan that changes",
      { plan: ({ listen }) => ({ argv: ["p", `${listen.port} 18901`, String(Math.random())] }) },
      firstPlan,
    ],
    ["a plan that comes later", { plan: (async () => ({ argv: ["p", "18801", "18901"] })) as never }, firstPlan],
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
    [
      "a driver whose path is not absolute",
      { plan: (load: LoadSetup) => ({ ...tool.plan(load), driver: "./driver.mjs" }) },
      "plans a closed loop for a time",
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
    ["a rate below 0", { predict: (_, x) => x.map(() => -1) }, "predicts a figure above 0 for each row"],
    ["no answer", { predict: (_, x) => x.map(() => Number.NaN) }, "predicts a figure above 0 for each row"],
    [
      "no answer for a factor that never changes",
      {
        predict: (state, x) =>
          x.map((row) => (row.length > 2 ? (state as number) / (row[2]! - 32) : (state as number))),
      },
      "predicts a figure above 0 for each row of a recorded sweep",
    ],
    [
      "a state that JSON loses",
      { fit: () => new Map([[1, 2]]), predict: (s, x) => x.map(() => (s as Map<number, number>).size) },
      "predicts the same after its state went through JSON",
    ],
  ];
  it.each(brokenModels)("catches a model with %s", async (_, changes, rule) => {
    expect(await broken({ ...model, ...changes })).toContain(rule);
  });

  const nothing = async () => ({});
  const brokenLimiters: [string, Partial<LimiterPlugin>, string][] = [
    ["a smallest limit of no time", { minimum: { cpu: 0, memoryBytes: 1 } }, "takes limits that there can be"],
    [
      "a smallest memory limit of no bytes",
      { supports: { ...limiter.supports, memory: true }, minimum: { cpu: 0.01, memoryBytes: 0 } },
      "takes limits that there can be",
    ],
    [
      "changes of limits that it does not have",
      { supports: { ...limiter.supports, cpu: false } },
      "changes while it runs only what it limits",
    ],
    [
      "a reason of several lines",
      { detect: async () => ({ available: false, reason: "no\nEACCES" }) },
      "tells why it does not work, in one line",
    ],
    [
      "preparations without end",
      { prepare: () => new Promise(() => {}) },
      "prepare settles where nothing is installed",
    ],
    [
      "a program without limits where it cannot limit",
      {
        async start(launch, _, host) {
          const child = await host.launch(launch);
          await host.writeText("/sys/fs/cgroup/x/cpu.max", "1 1").catch(() => {});
          return { ...child, usage: nothing, limits: nothing, update: async () => {} };
        },
      },
      "start refuses, with a message, where it cannot limit",
    ],
    [
      "a start that never answers where it cannot limit",
      {
        start: (launch, limits, host) => (host.root ? limiter.start(launch, limits, host, {}) : new Promise(() => {})),
      },
      "start refuses, with a message, where it cannot limit",
    ],
    [
      "a refusal without a word",
      { start: () => Promise.reject(new Error("")) },
      "start refuses, with a message, where it cannot limit",
    ],
    [
      "a program that runs on after its start failed",
      {
        async start(launch, _, host) {
          await host.launch(launch);
          throw new Error("no limits here");
        },
      },
      "start refuses, with a message, where it cannot limit",
    ],
    [
      "a process where none was started",
      { start: async () => ({ pid: 1, exited: nothing(), tail: () => "" }) as never },
      "start that fails leaves nothing, on version 1 of control groups",
    ],
    [
      "a group that it forgets",
      {
        async start(launch, _, host) {
          await host.makeDir("/sys/fs/cgroup/mine");
          await host.launch(launch);
          throw new Error("unreachable");
        },
      },
      "start that fails leaves nothing, on version 2 of control groups",
    ],
    [
      "images of which it knows nothing",
      { supports: { ...limiter.supports, images: true } },
      "has the hooks for images if it can bring one",
    ],
    [
      "an image of another name each time",
      { imageOf: () => `p:${Math.random()}` },
      "imageOf is pure and names an image or nothing",
    ],
  ];
  it.each(brokenLimiters)("catches a limiter with %s", async (_, changes, rule) => {
    expect(await broken({ ...limiter, ...changes })).toContain(rule);
  });

  it("lets a limiter keep on the clean-up list what it could not remove", async () => {
    const listing: LimiterPlugin = {
      ...limiter,
      async start(launch, _, host) {
        await host.makeDir("/sys/fs/cgroup/mine");
        host.own({ kind: "cgroup", path: "/sys/fs/cgroup/mine" });
        await host.launch(launch);
        throw new Error("unreachable");
      },
    };
    const rules = (await broken(listing)).filter((name) => name.startsWith("start that fails"));
    expect(rules).toEqual([]);
  });
});
