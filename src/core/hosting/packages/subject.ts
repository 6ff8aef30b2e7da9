import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { PluginKind } from "../../contract/index.ts";
import { loadPlugins } from "../load.ts";
import type { Places } from "../locate.ts";
import type { Shelf } from "./add.ts";
import { isTarball, type Run, stage } from "./install.ts";

/** A plugin that is looked at without being listed. */
export interface Subject {
  readonly use: string;
  readonly places: Places;
  /** Removes what was unpacked for it. */
  discard(): Promise<void>;
}

const kinds: readonly PluginKind[] = ["proxy", "load", "limiter", "model"];

/**
 * What an author means by a path or a name: a file, a package's folder or its tarball, which is unpacked for it; else, where
 * nothing lies there, a plugin in use. Throws LAB_PROVISION for a tarball that cannot be unpacked, and LAB_PLUGINS_FILE.
 */
export async function subjectOf(
  name: string,
  { file, dataDir }: Pick<Shelf, "file" | "dataDir">,
  { run, cwd }: { readonly run: Run; readonly cwd: string },
): Promise<Subject> {
  const discard = async () => {};
  if (name.startsWith("builtin:")) return { use: name, places: { base: cwd }, discard };
  const path = resolve(cwd, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() && isTarball(path)) {
    const staged = await stage(path, dataDir, { run });
    return { use: staged.name, places: { base: staged.dir }, discard: staged.discard };
  }
  const listed = !found && /^[^./]/.test(name) ? await fileListed(name, file, dataDir) : undefined;
  return { use: listed ?? path, places: { base: dirname(resolve(file)), dataDir }, discard };
}

/** The file of a plugin in use, by its id or as it is listed. */
async function fileListed(name: string, file: string, dataDir: string): Promise<string | undefined> {
  const registry = await loadPlugins(file, dataDir);
  const entries = kinds.flatMap((kind) =>
    registry.list(kind).map(({ plugin, ...entry }) => ({ ...entry, id: plugin.id })),
  );
  return entries.find(({ id, source }) => id === name || source === name)?.file;
}
