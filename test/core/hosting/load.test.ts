import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { API_VERSION } from "../../../src/core/contract/index.ts";
import { loadPlugins } from "../../../src/core/hosting/load.ts";
import { LocalHost } from "../../../src/core/process/host.ts";
import { Ledger } from "../../../src/core/process/ledger.ts";
import { expectError, expectRejection } from "../../fixtures/errors.ts";

const contract = pathToFileURL("src/core/contract/index.ts").href;
const fakeModel = `import { defineModel } from ${JSON.stringify(contract)};
export default defineModel({ id: "fake", title: "Fake", minimumRows: 1, fit: () => 0, predict: () => [] });`;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "plugins-"));
  await put("package.json", '{ "proxyLab": { "api": "^1.0.0" }, "type": "module" }');
});
afterEach(() => rm(dir, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), text);
}

async function load(plugins: unknown) {
  await put("plugins.json", typeof plugins === "string" ? plugins : JSON.stringify({ plugins }));
  return loadPlugins(join(dir, "plugins.json"));
}

async function putPackage(name: string, api: string | undefined, code = fakeModel): Promise<void> {
  const manifest = { name, type: "module", exports: "./index.js", ...(api ? { proxyLab: { api } } : {}) };
  await put(`node_modules/${name}/package.json`, JSON.stringify(manifest));
  await put(`node_modules/${name}/index.js`, code);
}

describe("plugins.json", () => {
  it("of the repository loads, with plugins of every kind", async () => {
    const registry = await loadPlugins("plugins.json");
    expect(registry.list("proxy").map(({ plugin }) => plugin.id)).toEqual(
      expect.arrayContaining(["haproxy", "traefik"]),
    );
    for (const kind of ["load", "limiter", "model"] as const) expect(registry.list(kind).length).toBeGreaterThan(0);
  });

  it("takes a path, a package, and options", async () => {
    await put("mine.js", fakeModel.replace('"fake"', '"mine"'));
    await putPackage("lab-plugin-fake", "^1.0.0");
    const registry = await load([{ use: "./mine.js", options: { depth: 3 } }, "lab-plugin-fake"]);
    expect(registry.get("model", "mine").options).toEqual({ depth: 3 });
    expect(registry.get("model", "fake").source).toBe("lab-plugin-fake");
  });

  it("can use one plugin twice, under names of their own and with other options", async () => {
    await put("mine.js", fakeModel.replace('"fake"', '"mine"'));
    const other = { use: "./mine.js", as: "mine-deep", options: { depth: 9 } };
    const registry = await load(["./mine.js", other, { use: "builtin:proxies/haproxy", as: "haproxy-b" }]);
    expect(registry.get("model", "mine-deep")).toMatchObject({ plugin: { id: "mine-deep" }, options: { depth: 9 } });
    expect(registry.get("proxy", "haproxy-b").plugin.title).toBe("HAProxy");
    await expectRejection(load([{ use: "./mine.js", as: "Not A Name" }]), "LAB_PLUGINS_FILE", "plugins.0.as: ");
  });

  it("can use two versions of a program side by side, each by its path", async () => {
    const entry = (version: string) => ({
      use: "builtin:proxies/haproxy",
      as: `haproxy-${version}`,
      executable: join(dir, version, "haproxy"),
    });
    for (const version of ["2", "3"]) {
      await put(`${version}/haproxy`, `#!/bin/sh\necho HAProxy version ${version}.9.1 2026/01/01\n`);
      await chmod(join(dir, version, "haproxy"), 0o755);
    }
    const registry = await load([entry("2"), entry("3"), entry("4")]);
    const host = await LocalHost.open(new Ledger());
    const found = await Promise.all(registry.list("proxy").map((one) => registry.detect(one, host)));
    expect(found).toMatchObject([
      { available: true, version: "2.9.1", executable: join(dir, "2/haproxy") },
      { available: true, version: "3.9.1", executable: join(dir, "3/haproxy") },
      { available: false, reason: expect.stringContaining(join(dir, "4/haproxy")) },
    ]);
    await expectRejection(
      load([{ ...entry("2"), executable: "haproxy" }]),
      "LAB_PLUGINS_FILE",
      "plugins.0.executable: ",
    );
  });

  it("that is missing is one clear line", async () => {
    await expectRejection(loadPlugins(join(dir, "none.json")), "LAB_PLUGINS_FILE", /none\.json: .*ENOENT/);
  });

  it("that is not JSON is one clear line", async () => {
    await expectRejection(load("{ plugins: "), "LAB_PLUGINS_FILE", /plugins\.json: .*JSON/);
  });

  it("of another shape names the place", async () => {
    await expectRejection(load('{ "plugins": [7] }'), "LAB_PLUGINS_FILE", "plugins.0: ");
  });

  it("leaves out what cannot be loaded, tells why, and goes on with the rest", async () => {
    await putPackage("too-new", "^3.0.0");
    await put("nothing.js", "export default 1;");
    await putPackage("sound", "^1.0.0");
    const registry = await load(["no-such-package", "too-new", "./nothing.js", "./absent.js", "sound"]);
    expect(registry.problems).toEqual([
      expect.stringMatching(/^no-such-package: .*lab plugins add no-such-package/),
      expect.stringMatching(new RegExp(`^too-new: .*\\^3\\.0\\.0.*${API_VERSION}`)),
      expect.stringContaining("nothing.js: "),
      expect.stringContaining("absent.js: "),
    ]);
    expect(registry.get("model", "fake").source).toBe("sound");
  });

  it("checks the contract before it runs any code of a package", async () => {
    await putPackage("too-new", "^3.0.0", "globalThis.labPluginRan = true; export default 1;");
    expect((await load(["too-new"])).problems).toEqual([expect.stringContaining("too-new")]);
    expect(globalThis).not.toHaveProperty("labPluginRan");
  });

  it("refuses a package that does not say which contract it needs", async () => {
    await putPackage("silent", undefined);
    expect((await load(["silent"])).problems).toEqual([expect.stringMatching(/^silent: .*package\.json/)]);
  });

  it("takes the first of two plugins of one kind and name", async () => {
    await putPackage("one", "^1.0.0");
    await putPackage("two", "^1.0.0");
    const registry = await load(["one", "two"]);
    expect(registry.problems).toEqual([expect.stringMatching(/^two: .*\bmodel fake\b.*\bone\b/)]);
    expect(registry.list("model").map(({ source }) => source)).toEqual(["one"]);
  });

  it("refuses a name that nobody has with the names there are", async () => {
    await putPackage("one", "^1.0.0");
    const registry = await load(["one"]);
    expectError(() => registry.get("model", "fak"), "LAB_UNKNOWN_PLUGIN", 'model "fak"');
  });
});

describe("options in plugins.json", () => {
  const declaring = (options: string) => fakeModel.replace("minimumRows", `options: ${options}, minimumRows`);
  const depth = declaring('{ depth: { type: "integer", minimum: 1, default: 2, meaning: "how deep" } }');

  async function loadOne(code: string, options: unknown, api = "^2.0.0") {
    await putPackage("one", api, code);
    await put("sound.js", fakeModel.replace('"fake"', '"sound"'));
    return load([{ use: "one", options }, "./sound.js"]);
  }

  it("reach the plugin with the defaults of what is not set", async () => {
    expect((await loadOne(depth, {})).get("model", "fake").options).toEqual({ depth: 2 });
    expect((await loadOne(depth, { depth: 7 })).get("model", "fake").options).toEqual({ depth: 7 });
  });

  it.each([
    ["a name that is mistyped", depth, { dept: 3 }, /^one: option dept: .*\bdepth\?$/],
    ["a value of another type", depth, { depth: "3" }, /^one: option depth: "3" .*\bwhole number\b/],
    ["a value out of range", depth, { depth: 0 }, /^one: option depth: 0 .*\bfrom 1$/],
    ["any where it declares none", fakeModel, { depth: 3 }, /^one: option depth: .*\bno options$/],
  ])("are refused in one line, and nothing else: %s", async (_, code, options, reason) => {
    const registry = await loadOne(code, options);
    expect(registry.problems).toEqual([expect.stringMatching(reason)]);
    expect(registry.list("model").map(({ plugin }) => plugin.id)).toEqual(["sound"]);
  });

  it("are named with the entry where a plugin is listed twice", async () => {
    await putPackage("one", "^2.0.0", depth);
    const { problems } = await load(["one", { use: "one", as: "deep", options: { depth: -1 } }]);
    expect(problems).toEqual([expect.stringMatching(/^one as deep: option depth: -1\b/)]);
  });

  it("are passed on as they are to a plugin for contract 1, whose schema nobody knows", async () => {
    const { get, problems } = await loadOne(fakeModel, { anything: [1] }, "^1.2.0").then((registry) => ({
      get: () => registry.get("model", "fake"),
      problems: registry.problems,
    }));
    expect(problems).toEqual([]);
    expect(get()).toMatchObject({ options: { anything: [1] } });
    expect(get()).not.toHaveProperty("schema");
  });

  it.each([
    ["a default of another type", '{ a: { type: "integer", default: 1.5, meaning: "a" } }', "default"],
    ["a default out of range", '{ a: { type: "number", maximum: 1, default: 2, meaning: "a" } }', "default"],
    ["a default that is no choice", '{ a: { type: "choice", choices: ["x"], default: "y", meaning: "a" } }', "default"],
    ["no meaning", '{ a: { type: "boolean" } }', "meaning"],
    ["a type that there is not", '{ a: { type: "list", meaning: "a" } }', "type"],
    ["a name with a dot", '{ "a.b": { type: "boolean", meaning: "a" } }', "letters"],
  ])("must be declared soundly: not with %s", async (_, options, what) => {
    const { problems } = await loadOne(declaring(options), {});
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^one: is not a plugin: options\\.\\S*.*${what}`))]);
  });

  it("must be an object, in an entry of known keys", async () => {
    await put("mine.js", fakeModel);
    await expectRejection(load([{ use: "./mine.js", options: [1] }]), "LAB_PLUGINS_FILE", "plugins.0.options: ");
    await expectRejection(
      load([{ use: "./mine.js", option: {} }]),
      "LAB_PLUGINS_FILE",
      /plugins\.0\.option: .*\boptions\b/,
    );
  });
});
