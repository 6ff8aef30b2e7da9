import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { PluginOptions } from "../../contract/index.ts";
import { loadPlugins } from "../load.ts";
import type { Places } from "../locate.ts";
import type { Entry } from "../registry.ts";
import type { Shelf } from "./add.ts";
import { isTarball, type Run, stage } from "./install.ts";

/** A plugin that is looked at without being listed. */
export interface Subject {
  readonly use: string;
  readonly places: Places;
  /** As plugins.json has them, of a plugin in use. */
  readonly options: PluginOptions;
  /** Removes what was unpacked for it. */
  discard(): Promise<void>;
}

/**
 * What an author means by a path or a name: a file, a package's folder or its tarball, which is unpacked for it; else, where
 * nothing lies there, a plugin in use. Throws LAB_PROVISION for a tarball that cannot be unpacked, and LAB_PLUGINS_FILE.
 */
export async function subjectOf(
  name: string,
  { file, dataDir }: Pick<Shelf, "file" | "dataDir">,
  { run, cwd }: { readonly run: Run; readonly cwd: string },
): Promise<Subject> {
  const kept = { options: {}, discard: async () => {} };
  if (name.startsWith("builtin:")) return { use: name, places: { base: cwd }, ...kept };
  const path = resolve(cwd, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() && isTarball(path)) {
    const staged = await stage(path, dataDir, { run });
    return { use: staged.name, places: { base: staged.dir }, options: {}, discard: staged.discard };
  }
  const listed = !found && /^[^./]/.test(name) ? await entryListed(name, file, dataDir) : undefined;
  const places = { base: dirname(resolve(file)), dataDir };
  return { use: listed?.file ?? path, places, ...kept, ...(listed && { options: listed.options }) };
}

/** A plugin in use, by its id or as it is listed. */
async function entryListed(name: string, file: string, dataDir: string): Promise<Entry | undefined> {
  const registry = await loadPlugins(file, dataDir);
  return registry.all.find(({ plugin, source }) => plugin.id === name || source === name);
}
