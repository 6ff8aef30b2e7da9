import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { satisfies, validRange } from "semver";
import * as v from "valibot";
import { API_VERSION, type Plugin, type PluginOptions } from "../contract/index.ts";
import { LabError, messageOf } from "../errors.ts";
import { type Entry, Registry } from "./registry.ts";
import { issueTexts, plugin as pluginSchema, pluginsFile } from "./schemas.ts";

interface Request {
  readonly use: string;
  readonly options: PluginOptions;
}

/** Reads a plugins.json and loads what it lists. All problems are reported together. */
export async function loadPlugins(file: string): Promise<Registry> {
  const requests = await readRequests(file);
  const loaded = await Promise.allSettled(requests.map((request) => loadOne(request, dirname(resolve(file)))));
  const entries = loaded.filter((result) => result.status === "fulfilled").map((result) => result.value);
  const problems = [
    ...loaded.filter((result) => result.status === "rejected").map((result) => messageOf(result.reason)),
    ...duplicates(entries),
  ];
  if (problems.length > 0) throw fileError(file, problems);
  return new Registry(entries);
}

async function readRequests(file: string): Promise<Request[]> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw fileError(file, [`cannot be read: ${messageOf(cause)}`]);
  });
  const parsed = v.safeParse(pluginsFile, parseJson(file, text));
  if (!parsed.success) throw fileError(file, issueTexts(parsed.issues));
  return parsed.output.plugins.map((item) =>
    typeof item === "string" ? { use: item, options: {} } : { use: item.use, options: item.options ?? {} },
  );
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fileError(file, [`is not JSON: ${messageOf(cause)}`]);
  }
}

async function loadOne(request: Request, base: string): Promise<Entry> {
  const path = locate(request.use, base);
  await checkApiRange(request.use, path);
  const module = (await import(pathToFileURL(path).href).catch((cause) => {
    throw new Error(`${request.use}: cannot be loaded: ${messageOf(cause)}`);
  })) as { default?: unknown };
  const parsed = v.safeParse(pluginSchema, module.default);
  if (!parsed.success) throw new Error(`${request.use}: is not a plugin: ${issueTexts(parsed.issues).join("; ")}`);
  return { plugin: module.default as Plugin, options: request.options, source: request.use };
}

function locate(use: string, base: string): string {
  if (use.startsWith(".") || use.startsWith("/")) return resolve(base, use);
  try {
    return createRequire(join(base, "plugins.json")).resolve(use);
  } catch {
    throw new Error(`${use}: no such package; install it next to plugins.json (npm install ${use})`);
  }
}

/** Before anything of a package runs: does it ask for a contract that this lab has? */
async function checkApiRange(use: string, path: string): Promise<void> {
  const range = await apiRange(dirname(path));
  if (range === undefined) {
    throw new Error(
      `${use}: its package.json does not say which contract it needs ("proxyLab": { "api": "^${API_VERSION}" })`,
    );
  }
  if (validRange(range) === null) throw new Error(`${use}: "${range}" is not a range of versions (proxyLab.api)`);
  if (!satisfies(API_VERSION, range)) {
    throw new Error(`${use}: needs plugin contract ${range}, this lab has ${API_VERSION}; install a matching version`);
  }
}

async function apiRange(dir: string): Promise<string | undefined> {
  const text = await readFile(join(dir, "package.json"), "utf8").catch(() => undefined);
  if (text !== undefined) return (JSON.parse(text) as { proxyLab?: { api?: string } }).proxyLab?.api;
  return dir === dirname(dir) ? undefined : apiRange(dirname(dir));
}

function duplicates(entries: readonly Entry[]): string[] {
  const seen = new Map<string, string>();
  return entries.flatMap(({ plugin, source }) => {
    const key = `${plugin.kind} ${plugin.id}`;
    const before = seen.get(key);
    seen.set(key, source);
    return before === undefined ? [] : [`${source}: ${key} is already there from ${before}`];
  });
}

function fileError(file: string, problems: readonly string[]): LabError {
  const lines = problems.map((problem) => `\n  - ${problem}`).join("");
  const message = problems.length === 1 ? `${file}: ${problems[0]}` : `${file}: ${problems.length} problems${lines}`;
  return new LabError("LAB_PLUGINS_FILE", message, { help: "correct the file, or name another one with --plugins" });
}
