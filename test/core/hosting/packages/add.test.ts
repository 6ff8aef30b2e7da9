import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadPlugins } from "../../../../src/core/hosting/load.ts";
import { addPlugin, type Shelf } from "../../../../src/core/hosting/packages/add.ts";
import type { Run } from "../../../../src/core/hosting/packages/install.ts";
import { removePlugin } from "../../../../src/core/hosting/packages/remove.ts";

const sound = `import { defineModel } from "proxy-lab/contract";
export default defineModel({
  id: "sound",
  title: "Sound",
  minimumRows: 1,
  fit({ y }) {
    if (y.length < 1) throw new Error("too few");
    return y[0];
  },
  predict: (state, x) => x.map(() => state),
});
`;

let dir: string;
let shelf: Shelf;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "packages-"));
  const file = put("plugins.json", { plugins: ["builtin:proxies/haproxy"] });
  shelf = { file, writeTo: file, dataDir: join(dir, "data") };
});
afterEach(() => rmSync(dir, { recursive: true }));

function put(path: string, content: string | object): string {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

/** The folder of a package. */
function putPackage(name: string, code = sound, api = "^1.0.0"): string {
  put(`${name}/package.json`, { name, version: "1.0.0", type: "module", exports: "./index.js", proxyLab: { api } });
  return dirname(put(`${name}/index.js`, code));
}

/** What npm does for a folder, without npm and with a copy. */
const npm: Run = async (argv) => {
  const [prefix, from] = [argv[argv.indexOf("--prefix") + 1]!, argv.at(-1)!];
  const { name } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  cpSync(from, join(prefix, "node_modules", name), { recursive: true });
  writeFileSync(join(prefix, "package.json"), JSON.stringify({ dependencies: { [name]: `file:${from}` } }));
  return { code: 0, tail: "" };
};
const tools = () => ({ run: npm, cwd: dir });

function listed(file = shelf.file): unknown[] {
  return JSON.parse(readFileSync(file, "utf8")).plugins;
}

function installed(): string[] {
  return existsSync(join(shelf.dataDir, "plugins")) ? readdirSync(join(shelf.dataDir, "plugins")) : [];
}

describe("a package that is added", { timeout: 30_000 }, () => {
  it("is installed and listed, and loads from the data folder", async () => {
    expect(await addPlugin(putPackage("lab-plugin-sound"), shelf, tools())).toMatchObject({ use: "lab-plugin-sound" });
    expect(listed()).toEqual(["builtin:proxies/haproxy", "lab-plugin-sound"]);
    const registry = await loadPlugins(shelf.file, shelf.dataDir);
    expect(registry.get("model", "sound").source).toBe("lab-plugin-sound");
  });

  it("with a scope has one folder", async () => {
    await addPlugin(putPackage("@me/sound"), shelf, tools());
    expect(installed()).toEqual(["@me+sound"]);
    expect((await loadPlugins(shelf.file, shelf.dataDir)).get("model", "sound").source).toBe("@me/sound");
  });

  it("a second time is listed once, and is the newer one", async () => {
    await addPlugin(putPackage("lab-plugin-sound"), shelf, tools());
    await addPlugin(putPackage("lab-plugin-sound", sound.replace("Sound", "Newer")), shelf, tools());
    expect(listed()).toEqual(["builtin:proxies/haproxy", "lab-plugin-sound"]);
    const registry = await loadPlugins(shelf.file, shelf.dataDir);
    expect(registry.get("model", "sound").plugin.title).toBe("Newer");
  });

  it("is removed with its folder", async () => {
    await addPlugin(putPackage("lab-plugin-sound"), shelf, tools());
    expect(await removePlugin("sound", shelf)).toEqual({ use: "lab-plugin-sound", as: [], uninstalled: true });
    expect(listed()).toEqual(["builtin:proxies/haproxy"]);
    expect(installed()).toEqual([]);
  });

  it("stays as long as another of its plugins is listed", async () => {
    const folder = putPackage("lab-plugin-sound");
    const both = { ".": "./index.js", "./second.js": "./second.js" };
    put("lab-plugin-sound/second.js", sound.replace('"sound"', '"second"'));
    const api = { proxyLab: { api: "^1.0.0" } };
    put("lab-plugin-sound/package.json", { name: "lab-plugin-sound", type: "module", exports: both, ...api });
    await addPlugin(folder, shelf, tools());
    put("plugins.json", { plugins: ["lab-plugin-sound", "lab-plugin-sound/second.js"] });
    expect(await removePlugin("sound", shelf)).toMatchObject({ uninstalled: false });
    expect((await loadPlugins(shelf.file, shelf.dataDir)).list("model").map(({ plugin }) => plugin.id)).toEqual([
      "second",
    ]);
    expect(await removePlugin("second", shelf)).toMatchObject({ uninstalled: true });
  });

  it("leaves the lab's own list alone and goes into one of the user's, where all entries mean the same", async () => {
    const own = readFileSync("plugins.json", "utf8");
    const users = join(dir, "config/plugins.json");
    await addPlugin(putPackage("lab-plugin-sound"), { ...shelf, file: "plugins.json", writeTo: users }, tools());
    expect(readFileSync("plugins.json", "utf8")).toBe(own);
    expect(listed(users)).toEqual(expect.arrayContaining(["builtin:proxies/haproxy", "lab-plugin-sound"]));
    const registry = await loadPlugins(users, shelf.dataDir);
    expect(registry.list("proxy")).toHaveLength((await loadPlugins("plugins.json")).list("proxy").length);
  });
});

describe("a package that is listed under several names", { timeout: 30_000 }, () => {
  const use = "lab-plugin-sound";
  const quiet = { use, as: "quiet", options: { log: false } };
  const logging = { use, as: "logging", options: { log: true } };
  beforeEach(async () => {
    await addPlugin(putPackage(use), shelf, tools());
    put("plugins.json", { plugins: [use, quiet, logging] });
  });

  it("loses the one that is named, and nothing else", async () => {
    expect(await removePlugin("quiet", shelf)).toEqual({ use, as: ["quiet"], uninstalled: false });
    expect(listed()).toEqual([use, logging]);
    expect(await removePlugin("sound", shelf)).toEqual({ use, as: [], uninstalled: false });
    expect(listed()).toEqual([logging]);
    expect(installed()).toEqual([use]);
  });

  it("is deleted with the last of them", async () => {
    for (const name of ["sound", "quiet"]) await removePlugin(name, shelf);
    expect(await removePlugin("logging", shelf)).toEqual({ use, as: ["logging"], uninstalled: true });
    expect([listed(), installed()]).toEqual([[], []]);
  });

  it("goes with all of them, which are told, when it is named itself", async () => {
    expect(await removePlugin(use, shelf)).toEqual({ use, as: ["quiet", "logging"], uninstalled: true });
    expect([listed(), installed()]).toEqual([[], []]);
  });

  it("goes by its name also where none of them can be loaded", async () => {
    put("plugins.json", { plugins: [{ use: "gone-for-good", as: "lost" }, quiet] });
    expect(await removePlugin("lost", shelf)).toMatchObject({ use: "gone-for-good" });
    expect(listed()).toEqual([quiet]);
  });
});

describe("a plugin that is there already", { timeout: 30_000 }, () => {
  it("is listed by its path", async () => {
    const file = join(putPackage("lab-plugin-sound"), "index.js");
    await addPlugin("lab-plugin-sound/index.js", shelf, tools());
    expect(listed()).toEqual(["builtin:proxies/haproxy", file]);
    expect(installed()).toEqual([]);
  });

  it("is not deleted when it is removed, and neither are other packages", async () => {
    await addPlugin(putPackage("lab-plugin-sound"), shelf, tools());
    await addPlugin("builtin:load/wrk", shelf, tools());
    expect(await removePlugin("wrk", shelf)).toMatchObject({ use: "builtin:load/wrk", uninstalled: false });
    const file = join(putPackage("another", sound.replace('"sound"', '"another"')), "index.js");
    await addPlugin(file, shelf, tools());
    expect(await removePlugin("another", shelf)).toMatchObject({ use: file, uninstalled: false });
    expect(existsSync(file)).toBe(true);
    expect(installed()).toEqual(["lab-plugin-sound"]);
  });
});

describe("nothing changes when", { timeout: 30_000 }, () => {
  async function expectRefusal(name: string, code: string, message: RegExp, run = npm): Promise<void> {
    const before = [listed(), installed()];
    const failure = addPlugin(name, shelf, { run, cwd: dir });
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrowError(message);
    expect([listed(), installed()]).toEqual(before);
  }

  it("a package breaks rules: all of them are told", async () => {
    const broken = sound.replace("if (y.length", "if (y.lengthy").replace("x.map(() => state)", "[]");
    const name = putPackage("broken", broken);
    await expectRefusal(
      name,
      "LAB_PLUGIN",
      /broken .*\n.* predicts a figure above 0.*\n.* of a recorded sweep.*\n.* refuses fewer rows/,
    );
  });

  it("an update breaks a rule: the version that was there stays", async () => {
    await addPlugin(putPackage("lab-plugin-sound"), shelf, tools());
    const worse = putPackage("lab-plugin-sound", "export default 1;");
    await expectRefusal(worse, "LAB_PLUGIN", /has the shape of a plugin/);
    expect((await loadPlugins(shelf.file, shelf.dataDir)).get("model", "sound").plugin.title).toBe("Sound");
  });

  it("a package is for another contract", async () =>
    expectRefusal(putPackage("new", "throw 1;", "^3.0.0"), "LAB_PLUGIN", /\^3\.0\.0/));

  it("its plugin has the name of another one", async () => {
    await addPlugin(putPackage("one"), shelf, tools());
    await expectRefusal(putPackage("two"), "LAB_PLUGIN", /model sound\b.*\bone\b/);
  });

  it("npm fails: what npm said is told", async () => {
    const tail = "npm error code E404\nnpm error 404 Not Found - GET https://registry.example/nope";
    const failing: Run = async () => ({ code: 1, tail });
    await expectRefusal("nope", "LAB_PROVISION", /nope: 404 Not Found/, failing);
  });

  it("npm cannot open a package: what that means is told, and not the call that failed", async () => {
    const tail =
      "npm error code ENOENT\nnpm error syscall open\nnpm error path /x\nnpm error errno -2\nnpm error enoent none";
    await expectRefusal("nope", "LAB_PROVISION", /nope: enoent none/, async () => ({ code: 1, tail }));
  });

  it("there is no such tarball, and a folder has no package.json: nothing is asked of a registry", async () => {
    const asking: Run = async () => {
      throw new Error("npm was asked");
    };
    await expectRefusal("missing.tgz", "LAB_USAGE", /\bmissing\.tgz/, asking);
    const folder = dirname(put("bare/index.js", ""));
    await expectRefusal(folder, "LAB_USAGE", /package\.json.*\/bare/, asking);
  });

  it("a name means nothing", async () => {
    await expectRefusal("--global", "LAB_USAGE", /--global/);
    await expectRefusal("plugins.json", "LAB_USAGE", /plugins\.json/);
    await expectRefusal("builtin:../../x", "LAB_PLUGIN", /builtin:\.\.\/\.\.\/x/);
  });
});
