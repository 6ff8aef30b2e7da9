import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { API_VERSION } from "../../src/core/contract/index.ts";
import { pluginShelf } from "../../src/core/places.ts";
import { expectRefusal } from "../fixtures/errors.ts";
import { runCli } from "../fixtures/runCli.ts";

const manifest = { name: "lab-plugin-fine", type: "module", exports: "./index.js", proxyLab: { api: "^1.0.0" } };
const fine = `import { defineModel } from "proxy-lab/contract";
export default defineModel({
  id: "fine",
  title: "Fine",
  minimumRows: 1,
  fit({ y }) {
    if (y.length < 1) throw new Error("too few");
    return y[0];
  },
  predict: (state, x) => x.map(() => state),
});
`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plugins-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function put(path: string, content: string | object): string {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

/** A package in a folder of that name. */
function putPackage(name: string, changes: object = {}, code = fine): string {
  put(`${name}/package.json`, { ...manifest, ...changes });
  return dirname(put(`${name}/index.js`, code));
}

describe("lab help plugins check", () => {
  it("is the help of that command", async () => {
    const { code, stdout } = await runCli(["help", "plugins", "check"]);
    expect(stdout).toMatch(/^Usage: lab plugins check /);
    expect(code).toBe(0);
  });
});

describe("lab plugins list", () => {
  it("names each plugin with its kind and source", async () => {
    const { code, stdout } = await runCli(["plugins", "list", "--plugins", "plugins.json"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/proxy +haproxy +HAProxy +\.\/src\/plugins\/proxies\//);
    expect(stdout).toContain(`listed in ${resolve("plugins.json")}`);
  });

  it("prints one line of JSON for programs", async () => {
    const { stdout } = await runCli(["plugins", "list", "--plugins", "plugins.json", "--json"]);
    const { file, plugins } = JSON.parse(stdout);
    expect(file).toBe(resolve("plugins.json"));
    expect(plugins).toContainEqual({
      kind: "load",
      id: "wrk",
      title: "wrk",
      source: "./src/plugins/load/wrk.ts",
      apiVersion: API_VERSION,
    });
  });

  it("tells all problems of a list that cannot be loaded", async () => {
    const file = put("plugins.json", { plugins: ["no-such-package", "builtin:proxies/none", "./absent.js"] });
    put("package.json", manifest);
    const { code, stderr } = await runCli(["plugins", "list", "--plugins", file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/\bno-such-package: .*lab plugins add no-such-package/);
    expect(stderr).toContain("builtin:proxies/none: ");
    expect(stderr).toContain("./absent.js: ");
  });
});

describe("options of plugins", () => {
  const depth = fine.replace(
    'title: "Fine",',
    'title: "Fine", options: { depth: { type: "integer", minimum: 1, default: 2, meaning: "how deep it goes" } },',
  );
  const declares = { proxyLab: { api: "^2.0.0" } };

  function listing(...plugins: unknown[]): string[] {
    return ["--plugins", put("plugins.json", { plugins })];
  }

  it("are shown with what they take, their default and their value", async () => {
    const plugins = listing({ use: putPackage("deep", declares, depth), options: { depth: 7 } });
    const { stdout, code } = await runCli(["plugins", "show", "fine", ...plugins]);
    expect(stdout).toMatch(/^ {2}depth {2}a whole number from 1, 2 unless set, now 7\n {9}how deep it goes\n/m);
    expect(code).toBe(0);
    const json = await runCli(["plugins", "show", "fine", ...plugins, "--json"]);
    expect(JSON.parse(json.stdout).plugins[0].options).toEqual([
      {
        name: "depth",
        takes: "a whole number from 1",
        type: "integer",
        minimum: 1,
        default: 2,
        meaning: "how deep it goes",
        set: 7,
      },
    ]);
  });

  it("are shown of each plugin of the lab", async () => {
    for (const id of ["haproxy", "traefik", "squid", "mitmproxy"]) {
      const { stdout } = await runCli(["plugins", "show", id, "--plugins", "plugins.json"]);
      expect(stdout).toMatch(/^ {2}accessLog +true or false\n/m);
    }
    const { stdout } = await runCli(["plugins", "show", "wrk", "--plugins", "plugins.json"]);
    expect(stdout).toContain("it takes no options");
  });

  it("are told to be unknown of a plugin for contract 1", async () => {
    const plugins = listing(putPackage("old"));
    const { stdout } = await runCli(["plugins", "list", ...plugins]);
    expect(stdout).toMatch(/contract 1\b.*: fine$/m);
    const { stdout: json } = await runCli(["plugins", "list", ...plugins, "--json"]);
    expect(JSON.parse(json).plugins).toMatchObject([{ id: "fine", declaresOptions: false }]);
  });

  it("are asked for of a plugin that there is", async () => {
    const run = await runCli(["plugins", "show", "haprxoy", "--plugins", "plugins.json"]);
    expectRefusal(run, "LAB_UNKNOWN_PLUGIN", "haprxoy", /\bhaproxy\b/);
  });

  it("that are wrong leave the entry out, with a line, and exit code 2", async () => {
    const entry = { use: "builtin:proxies/haproxy", options: { threds: 2 } };
    const { code, stderr, stdout } = await runCli(["plugins", "list", ...listing(entry, "builtin:proxies/squid")]);
    expect(stderr).toMatch(/^lab: \S+plugins\.json: builtin:proxies\/haproxy: option threds: .*\bthreads\?\n$/);
    expect(stdout).toMatch(/proxy +squid/);
    expect(code).toBe(2);
  });

  it("can be tried by check", async () => {
    const folder = putPackage("deep", declares, depth);
    const check = (options: string) => runCli(["plugins", "check", "--no-live", folder, "--options", options]);
    expect((await check('{ "depth": 3 }')).stdout).toContain("ok      takes the options that it is tried with\n");
    const wrong = await check('{ "depth": 0 }');
    expect(wrong.stdout).toMatch(/^FAILED {2}takes the options that it is tried with: option depth: 0 /m);
    expect(wrong.code).toBe(2);
    for (const text of ["depth=3", "[1]"]) expectRefusal(await check(text), "LAB_USAGE", `--options: ${text}`);
  });
});

describe("lab plugins check --no-live", () => {
  const check = ["plugins", "check", "--no-live"];

  it("says ok to each rule that a built-in keeps", async () => {
    const { code, stdout } = await runCli([...check, "src/plugins/proxies/haproxy.ts"]);
    expect(stdout).toMatch(/^ok {6}is there, for a contract that this lab has\nok {6}its code runs\n/);
    expect(stdout).toContain("ok      plans a reverse proxy, fair, 3 origin(s)\n");
    expect(stdout).toMatch(/proxy haproxy: \d+ checks, none failed\n$/);
    expect(code).toBe(0);
  });

  it("finds the plugin of a package folder, which imports the contract by name", async () => {
    const { code, stdout } = await runCli([...check, putPackage("fine")]);
    expect(stdout).toContain("model fine: ");
    expect(code).toBe(0);
  });

  it("finds a plugin in use by its name", async () => {
    const file = put("plugins.json", { plugins: [`${putPackage("fine")}/index.js`] });
    const { code, stdout } = await runCli([...check, "fine", "--plugins", file]);
    expect(stdout).toContain("model fine: ");
    expect(code).toBe(0);
  });

  it("says where it looked for what is not there", async () => {
    const file = put("plugins.json", { plugins: [] });
    const { code, stdout } = await runCli([...check, "nobody", "--plugins", file]);
    expect(stdout).toContain(`FAILED  is there, for a contract that this lab has: `);
    expect(stdout).toContain(resolve("nobody"));
    expect(code).toBe(4);
  });

  it("passes the example", async () => {
    const { code, stdout } = await runCli([...check, "examples/lab-plugin-lighttpd"]);
    expect(stdout).toContain("proxy lighttpd: ");
    expect(code).toBe(0);
  });

  it("names the rule that is broken and how, with exit code 2", async () => {
    const { code, stdout } = await runCli([...check, "test/fixtures/plugins/deafProxy.ts"]);
    expect(stdout).toContain(
      "FAILED  plans a reverse proxy, fair, 1 origin(s): the plan does not mention the port to listen on\n",
    );
    expect(code).toBe(2);
  });

  it("prints one line of JSON for programs", async () => {
    const { stdout } = await runCli([...check, "test/fixtures/plugins/deafProxy.ts", "--json"]);
    const { plugin, loaded, checks } = JSON.parse(stdout);
    expect(loaded).toBe(true);
    expect(plugin).toMatchObject({ kind: "proxy", id: "deaf", apiVersion: API_VERSION });
    expect(checks).toContainEqual({ name: "its code runs", ok: true });
    expect(checks).toContainEqual({
      name: "plans a reverse proxy, fair, 1 origin(s)",
      ok: false,
      reason: "the plan does not mention the port to listen on",
    });
  });

  it("tells what a plugin lacks before it tries to use it", async () => {
    const { code, stdout } = await runCli([
      ...check,
      putPackage("half", {}, 'export default { kind: "proxy", id: "half" };'),
    ]);
    expect(stdout).toMatch(/FAILED {2}has the shape of a plugin of its kind: .*title/);
    expect(stdout).toContain("3 checks, 1 failed");
    expect(code).toBe(2);
  });

  it("catches a plugin whose detect never answers", { timeout: 60_000 }, async () => {
    const code = fine.replace('id: "fine",', 'id: "fine", detect: () => new Promise(() => {}),');
    const run = await runCli([...check, putPackage("stuck", {}, code)]);
    expect(run.stdout).toMatch(/^FAILED {2}detect answers on a host where nothing is installed: .*\b2 s$/m);
    expect(run.code).toBe(2);
  });

  it("refuses a package for another contract without running it, with exit code 4", async () => {
    const code = "globalThis.labPluginRan = true; export default 1;";
    const run = await runCli([...check, putPackage("new", { proxyLab: { api: "^3.0.0" } }, code)]);
    expect(run.stdout).toMatch(/^FAILED .*: .*\^3\.0\.0\b.*\b\d\./);
    expect(run.code).toBe(4);
    expect(globalThis).not.toHaveProperty("labPluginRan");
  });

  const broken: [string, () => string, RegExp][] = [
    ["a path where nothing is", () => put("package.json", manifest).replace("package.json", "x.js"), /x\.js\b/],
    ["a file of no package", () => put("lone.js", ""), /\bno package\.json beside or above\b/],
    ["a folder that is no package", () => dirname(put("empty/readme", "")), /\bpackage\.json\b/],
    ["a package.json that is not JSON", () => dirname(put("bad/package.json", "{")), /package\.json\b.*JSON/],
    ["code that throws", () => putPackage("throws", {}, 'throw new Error("no moon");'), /: no moon/],
    [
      "exports that a loader cannot see",
      () => putPackage("hidden", { exports: { browser: "./index.js" } }),
      /"default"/,
    ],
  ];
  it.each(broken)("has nothing to load from %s", async (_, path, reason) => {
    const { code, stdout } = await runCli([...check, path()]);
    expect(stdout).toMatch(reason);
    expect(code).toBe(4);
  });
});

describe("the live part of lab plugins check", () => {
  const absent = `import { defineProxy } from "proxy-lab/contract";
export default defineProxy({
  id: "absent",
  title: "Absent",
  program: { executables: ["no-such-program"], versionArguments: ["-v"], versionPattern: "(.*)", install: {} },
  supports: { roles: ["reverse"], balancing: false },
  plan: ({ listen, origins }) => ({ argv: ["no-such-program", String(listen.port), String(origins[0].port)] }),
});
`;

  it("is skipped, with the reason, where the program is not on this machine", async () => {
    const { code, stdout } = await runCli(["plugins", "check", putPackage("absent", {}, absent)]);
    expect(stdout).toContain("\nskipped what needs the real program: no no-such-program on this machine\n");
    expect(stdout).not.toContain("on this machine:");
    expect(code).toBe(0);
  });

  it("is skipped where the contract is broken already", async () => {
    const { code, stdout } = await runCli(["plugins", "check", "test/fixtures/plugins/deafProxy.ts"]);
    expect(stdout).toContain("\nskipped what needs the real program: the rules above come first\n");
    expect(code).toBe(2);
  });

  it("tells a program why it was skipped", async () => {
    const { stdout } = await runCli(["plugins", "check", putPackage("absent", {}, absent), "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ loaded: true, liveSkipped: "no no-such-program on this machine" });
  });

  it("is left out without a word with --no-live, and for a model, which has no program", async () => {
    const without = await runCli(["plugins", "check", "--no-live", putPackage("absent", {}, absent)]);
    expect(without.stdout).not.toContain("skipped");
    const model = await runCli(["plugins", "check", putPackage("fine")]);
    expect(model.stdout).not.toContain("skipped");
    expect(model.code).toBe(0);
  });
});

describe("lab plugins remove", () => {
  const entries = ["builtin:proxies/haproxy", { use: "builtin:load/wrk", options: { a: 1 } }, "builtin:load/ab"];

  async function removeFrom(plugins: unknown[], name: string) {
    const file = put("plugins.json", { plugins });
    const run = await runCli(["plugins", "remove", name, "--plugins", file]);
    return { ...run, left: JSON.parse(readFileSync(file, "utf8")).plugins };
  }

  it("takes a plugin out by its name and leaves the others as they are", async () => {
    const { code, stdout, left } = await removeFrom(entries, "haproxy");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^removed builtin:proxies\/haproxy; the list is .*plugins\.json\n$/);
    expect(left).toEqual(entries.slice(1));
  });

  it("takes a plugin out as it is listed, also when it cannot be loaded", async () => {
    const { code, left } = await removeFrom([...entries, "gone-for-good"], "gone-for-good");
    expect(code).toBe(0);
    expect(left).toEqual(entries);
  });

  it("refuses a name that nobody has with the names there are", async () => {
    const { code, stderr, left } = await removeFrom(entries, "haproxi");
    expect(code).toBe(2);
    expect(stderr).toMatch(/"haproxi".*\n.*\bhaproxy, wrk, ab\n$/);
    expect(left).toEqual(entries);
  });
});

describe("the list that is changed", () => {
  it("is the lab's own only when it is named", () => {
    const own = resolve("plugins.json");
    expect(pluginShelf({ plugins: "plugins.json" })).toMatchObject({ file: own, writeTo: own });
    expect(pluginShelf({}).writeTo).not.toBe(own);
  });

  it("is the one in the working folder", () => {
    const file = put("plugins.json", { plugins: [] });
    vi.spyOn(process, "cwd").mockReturnValue(dir);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(pluginShelf({})).toMatchObject({ file, writeTo: file });
  });
});

describe("lab plugins add", () => {
  it("refuses what is neither a package name nor there", async () => {
    const file = put("plugins.json", { plugins: [] });
    expectRefusal(await runCli(["plugins", "add", "./nowhere", "--plugins", file]), "LAB_USAGE", "./nowhere");
  });
});
