import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Plugin } from "../../contract/index.ts";
import { LabError } from "../../errors.ts";
import { loadItems } from "../load.ts";
import type { Places } from "../locate.ts";
import { readManifest } from "../manifest.ts";
import { changeItems, readItems, requestOf, withoutOptions } from "../pluginsFile.ts";
import { checkPlugin, problemsOf } from "./check.ts";
import { isTarball, type Run, stage } from "./install.ts";

/** What adding and removing work on. */
export interface Shelf {
  /** The plugins.json in use. */
  readonly file: string;
  /** Where changes go: the same file, or one of the user's where that file is the lab's own. */
  readonly writeTo: string;
  /** Folder with what the lab installed. */
  readonly dataDir: string;
}

export interface Added {
  readonly plugin: Plugin;
  /** As it is listed in plugins.json. */
  readonly use: string;
}

/**
 * Installs a plugin package, or takes a plugin that is there, and lists it once it keeps every rule. Throws LAB_USAGE for
 * a name that means nothing, LAB_PROVISION where npm fails, LAB_PLUGIN for what is not a sound plugin; then nothing has
 * changed.
 */
export async function addPlugin(
  name: string,
  shelf: Shelf,
  tools: { readonly run: Run; readonly cwd: string; readonly signal?: AbortSignal },
): Promise<Added> {
  const source = await sourceOf(name, tools.cwd);
  if ("use" in source) return list(source.use, await approve(source.use, { base: tools.cwd }, shelf), shelf);
  const staged = await stage(source.spec, shelf.dataDir, tools);
  try {
    const plugin = await approve(staged.name, { base: staged.dir }, shelf);
    await staged.keep();
    return await list(staged.name, plugin, shelf);
  } finally {
    await staged.discard();
  }
}

async function approve(use: string, places: Places, shelf: Shelf): Promise<Plugin> {
  const report = await checkPlugin(use, places);
  const problems = [...problemsOf(report), ...(report.plugin ? await rivals(use, report.plugin, shelf) : [])];
  if (report.plugin && problems.length === 0) return report.plugin;
  const lines = problems.map((problem) => `\n  - ${problem}`).join("");
  throw new LabError("LAB_PLUGIN", `${use} was not added:${lines}`, {
    help: "its author sees the same with ./lab plugins check; what a folder depends on is installed by npm install there",
  });
}

/** Other entries of the list that already have a plugin of this kind and name. */
async function rivals(use: string, { kind, id }: Plugin, { file, dataDir }: Shelf): Promise<string[]> {
  const others = (await readItems(file)).filter((item) => requestOf(item).use !== use);
  const { entries } = await loadItems(others.map(withoutOptions), { base: dirname(resolve(file)), dataDir });
  return entries
    .filter(({ plugin }) => plugin.kind === kind && plugin.id === id)
    .map(
      ({ source }) => `${kind} ${id} is already there from ${source}; list one of them under a name of its own ("as")`,
    );
}

async function list(use: string, plugin: Plugin, shelf: Shelf): Promise<Added> {
  await changeItems(shelf, (items) => (items.some((item) => requestOf(item).use === use) ? items : [...items, use]));
  return { plugin, use };
}

/** What a user means by the name of a plugin to add. */
type Source =
  /** Something that npm installs: a package of a registry, or the absolute path of a tarball or folder. */
  | { readonly spec: string }
  /** Something that is there already and only needs to be listed: a built-in, or the absolute path of a file. */
  | { readonly use: string };

async function requireManifest(dir: string): Promise<void> {
  if (await readManifest(dir)) return;
  throw new LabError("LAB_USAGE", `there is no package.json in ${dir}`, {
    help: "./lab plugins new makes a folder with all that a package needs",
  });
}

const packageName = /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(@[\w.^~<>=*|-]+)?$/i;

/** What there is on the disk comes first: nothing is asked of a registry that was meant to be a folder. Throws LAB_USAGE. */
async function sourceOf(name: string, cwd: string): Promise<Source> {
  if (name.startsWith("builtin:")) return { use: name };
  const path = resolve(cwd, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) await requireManifest(path);
  if (found?.isDirectory() || (found && isTarball(path))) return { spec: path };
  if (found && /\.[cm]?[jt]s$/.test(path)) return { use: path };
  if (!found && packageName.test(name) && !isTarball(name)) return { spec: name };
  throw new LabError("LAB_USAGE", found ? `${name} is no plugin package` : `there is no ${name}`, {
    help: "give the name of an npm package, or the path of a folder, a tarball (.tgz) or a plugin's file",
  });
}
