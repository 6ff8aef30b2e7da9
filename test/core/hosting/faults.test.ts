import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type {
  Launch,
  LimiterPlugin,
  LoadPlugin,
  LoadSetup,
  ModelPlugin,
  PluginOptions,
  ProxyPlugin,
  ProxySetup,
} from "../../../src/core/contract/index.ts";
import type { LabError } from "../../../src/core/errors.ts";
import { Door } from "../../../src/core/hosting/door.ts";
import { importPlugin, loadItems } from "../../../src/core/hosting/load.ts";
import { type HookTimes, hookTimes } from "../../../src/core/hosting/times.ts";
import { LocalHost } from "../../../src/core/process/host.ts";
import { Ledger } from "../../../src/core/process/ledger.ts";
import { expectRejection } from "../../fixtures/errors.ts";

/** Each fault, with what tells it from the others. */
const reasons: Record<string, RegExp> = {
  throws: /no idea/,
  "throws no error": /null/,
  "rejects later": /too late/,
  hangs: /0\.2 s/,
  "returns rubbish": /returned .*contract/,
  "returns what is no data": /returned /,
  "returns a circle": /returned .*circle/,
  "keeps its event loop busy": /0\.2 s/,
  exits: /process\.exit\(3\)/,
  "fails outside of its hook": /nobody caught this/,
};
/** By an error `imageOf` says that there is no image; the others are faults of the plugin. */
const ownWords = { throws: true, "throws no error": true, "rejects later": true };
const slowFaults = new Set(["hangs", "keeps its event loop busy"]);
const patientTimes = Object.fromEntries(Object.keys(hookTimes).map((hook) => [hook, 30_000])) as unknown as HookTimes;

const program = { executables: ["sleep"], versionArguments: [], versionPattern: "", install: {} };
const launch: Launch = {
  name: "sleep",
  argv: ["sleep", "60"],
  env: { PATH: process.env.PATH ?? "" },
  scratchDir: "/tmp",
  readOnlyDirs: [],
  openFiles: 1024,
};

let host: LocalHost;
let proxy: ProxyPlugin;
let load: LoadPlugin;
let limiter: LimiterPlugin;
let model: ModelPlugin;
beforeAll(async () => {
  const plugin = (kind: string) => importPlugin(`${import.meta.dirname}/../../fixtures/faulty/${kind}.ts`, 30_000);
  host = await LocalHost.open(new Ledger());
  [proxy, load, limiter, model] = (await Promise.all(["proxy", "load", "limiter", "model"].map(plugin))) as [
    ProxyPlugin,
    LoadPlugin,
    LimiterPlugin,
    ModelPlugin,
  ];
});

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Starts a process under the limiter, calls a hook of it, and sees to it that the process has ended afterwards. */
async function withStarted(door: Door, options: PluginOptions, hook: "usage" | "limits" | "update" | "tail" | "stop") {
  const held = await door.start({ plugin: limiter, options }, launch, {}, host);
  try {
    return await (hook === "update" ? held.update({ cpu: 0.5 }) : held[hook](0));
  } finally {
    await held.stop(0).catch(() => {});
    await held.exited;
    await expect.poll(() => alive(held.pid)).toBe(false);
  }
}

type Ask = (door: Door, fault: string) => Promise<unknown>;
const hooks: Record<string, Record<string, Ask>> = {
  proxy: {
    detect: (door, detect) => door.detect(proxy, host, { detect }),
    plan: (door, plan) => door.planProxy(proxy, { options: { plan } } as unknown as ProxySetup),
  },
  load: {
    detect: (door, detect) => door.detect(load, host, { detect }),
    plan: (door, plan) => door.planLoad(load, { options: { plan } } as unknown as LoadSetup),
    parse: (door, parse) =>
      door.parseLoad(load, { stdout: "", stderr: "" }, { options: { parse } } as unknown as LoadSetup),
    sample: (door, line) => door.sample(load, line),
  },
  limiter: {
    detect: (door, detect) => door.detect(limiter, host, { detect }),
    prepare: (door, prepare) =>
      door.prepare(limiter, host, { prepare }, { images: [], onProgress() {}, signal: new AbortController().signal }),
    imageOf: (door, imageOf) => door.imageOf(limiter, program, true, { imageOf }),
    detectInImage: (door, detectInImage) => door.detectInImage(limiter, program, "an/image", host, { detectInImage }),
    start: (door, start) => door.start({ plugin: limiter, options: { start } }, launch, {}, host),
    usage: (door, usage) => withStarted(door, { usage }, "usage"),
    limits: (door, limits) => withStarted(door, { limits }, "limits"),
    update: (door, update) => withStarted(door, { update }, "update"),
    tail: (door, tail) => withStarted(door, { tail }, "tail"),
    stop: (door, stop) => withStarted(door, { stop }, "stop"),
  },
  model: {
    detect: (door, detect) => door.detect(model, host, { detect }),
    fit: (door, fault) => door.model(model).fit({ factors: [fault], x: [[1]], y: [7] }, 1),
    predict: (door, fault) => door.model(model).predict(fault === "none" ? 7 : fault, [[1]]),
    explain: (door, fault) => door.model(model).explain!(fault === "none" ? 7 : fault),
  },
};

/** What the lab does not use, or what it finds out about otherwise, may be anything. */
const takesAnything = (hook: string, fault: string) =>
  fault === "returns rubbish" && ["prepare", "update", "fit"].includes(hook);
const reasonFor = (hook: string, fault: string) =>
  hook === "stop" && fault === "returns rubbish" ? /running/ : reasons[fault]!;

const each = Object.entries(hooks).flatMap(([kind, asks]) =>
  Object.entries(asks).map((ask) => [kind, ...ask] as const),
);
describe.each(each)("%s plugins: %s", { timeout: 60_000 }, (kind, hook, ask) => {
  const faults = Object.keys(reasons).filter((fault) => !takesAnything(hook, fault));
  it.each(faults)("that %s is reported by name, hook and reason, and works the next time", async (fault) => {
    const times = slowFaults.has(fault) ? { ...patientTimes, [hook]: 200 } : patientTimes;
    const code = ["imageOf", "prepare"].includes(hook) && fault in ownWords ? "LAB_UNAVAILABLE" : "LAB_PLUGIN";
    const named = new RegExp(`^${kind} plugin faulty, ${hook}: `);
    await expectRejection(ask(new Door(times), fault), code, named, reasonFor(hook, fault));
    await ask(new Door(patientTimes), "none");
  });
});

describe("a fault of a hook", { timeout: 60_000 }, () => {
  const fault = async () => hooks.proxy!.plan!(new Door(patientTimes), "throws").catch((error: LabError) => error);

  it("tells where in the plugin it was thrown", async () => {
    expect((await fault()) as LabError).toMatchObject({
      message: expect.stringMatching(/no idea \(test\/fixtures\/faulty\/faults\.ts:\d+:\d+\)$/),
    });
  });

  it("has the stack of the plugin's own thread", async () => {
    expect(((await fault()) as LabError).cause).toMatchObject({ stack: expect.stringContaining("faulty/proxy.ts") });
  });
});

describe("a load tool whose run failed", { timeout: 60_000 }, () => {
  it("is told from a plugin at fault, from thread to thread, by the kind of the error", async () => {
    const asked = hooks.load!.parse!(new Door(patientTimes), "tells that its run failed");
    await expect(asked).rejects.toMatchObject({ code: "LAB_LOAD", message: "not a single reply" });
  });
});

describe("a plugin that cannot be loaded is told with its reason, and the others are there", {
  timeout: 60_000,
}, () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "faults-"));
    put("package.json", '{ "type": "module", "proxyLab": { "api": "^1.0.0" } }');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  function put(path: string, text: string): void {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }

  const good = resolve("test/fixtures/faulty/proxy.ts");
  const otherVersion = (version: string) => `import { defineModel } from "proxy-lab/contract";
    const fine = defineModel({ id: "fine", title: "Fine", minimumRows: 1, fit: () => 0, predict: () => [] });
    export default { ...fine, apiVersion: "${version}" };`;

  it.each([
    ["throws", "\n  throw new Error('no idea');", /no idea \(\S*bad\.js:2:9\)$/],
    ["throws no error", "throw null;", /null/],
    ["hangs", "await new Promise(() => {});", /\b1 s\b/],
    ["keeps its event loop busy", "for (;;);", /\b1 s\b/],
    ["exits", "process.exit(3);", /process\.exit\(3\)/],
    ["is no JavaScript", "export default {\n", /Unexpected end of input$/],
    ["exports nothing", "", /bad\.js has no default export/],
    ["exports rubbish", "export default { kind: 'proxy' };", /\bid: /],
    ["exports what is no data", "export default { tag: Symbol() };", /returned /],
    ["was written for another contract", otherVersion("3.0.0"), /3\.0\.0\b.*\b2\./],
    ["does not say for which", otherVersion("any"), /\bany\b.*\b2\./],
  ])("%s", async (_, code, reason) => {
    put("bad.js", code);
    const timeoutMs = reason.source.includes("1 s") ? 1_000 : 30_000;
    const { problems } = await loadItems(["./bad.js"], { base: dir }, timeoutMs);
    expect(problems).toEqual([expect.stringMatching(/^\.\/bad\.js: /)]);
    expect(problems[0]).toMatch(reason);
    const { entries } = await loadItems([good], { base: dir });
    expect(entries.map(({ plugin }) => plugin.id)).toEqual(["faulty"]);
  });

  it("asks for another contract in its package.json", async () => {
    put("other/package.json", '{ "proxyLab": { "api": "^3.0.0" } }');
    put("other/index.js", "throw new Error('must not run');");
    const { entries, problems } = await loadItems(["./other/index.js", good], { base: dir });
    expect(problems).toEqual([expect.stringMatching(/^\.\/other\/index\.js: .*\^3\.0\.0\b.*\b2\./)]);
    expect(entries).toHaveLength(1);
  });
});
