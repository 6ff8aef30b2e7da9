import { dirname, resolve } from "node:path";
import { LabError } from "../../errors.ts";
import { loadItems } from "../load.ts";
import { portable } from "../locate.ts";
import { changeItems, readItems, requestOf, withoutOptions } from "../pluginsFile.ts";
import type { Shelf } from "./add.ts";
import { uninstall } from "./install.ts";

export interface Removed {
  /** As it was listed in plugins.json. */
  readonly use: string;
  /** Whether a package was deleted from the lab's data folder. */
  readonly uninstalled: boolean;
}

/**
 * Takes a plugin off the list, by the name of its entry or by its own, and deletes its package where the lab installed
 * it. Works on a list with broken entries. Throws LAB_UNKNOWN_PLUGIN, and LAB_USAGE where two plugins have the name.
 */
export async function removePlugin(name: string, shelf: Shelf): Promise<Removed> {
  const base = dirname(resolve(shelf.file));
  const use = await entryNamed(name, shelf, base);
  const gone = new Set([use, portable(use, base)]);
  await changeItems(shelf, (items) => items.filter((item) => !gone.has(requestOf(item).use)));
  return { use, uninstalled: await uninstallUnlessListed(packageOf(use), shelf) };
}

async function uninstallUnlessListed(name: string | undefined, { writeTo, dataDir }: Shelf): Promise<boolean> {
  const left = (await readItems(writeTo)).map((item) => packageOf(requestOf(item).use));
  return name !== undefined && !left.includes(name) && uninstall(name, dataDir);
}

async function entryNamed(name: string, { file, dataDir }: Shelf, base: string): Promise<string> {
  const items = await readItems(file);
  const listed = items.map((item) => requestOf(item).use);
  if (listed.includes(name)) return name;
  const { entries } = await loadItems(items.map(withoutOptions), { base, dataDir });
  const [found, another] = entries.filter(
    ({ plugin, source }) => plugin.id === name || portable(source, base) === name,
  );
  if (found && !another) return found.source;
  if (found && another) {
    throw new LabError("LAB_USAGE", `${found.source} and ${another.source} are both called "${name}"`, {
      help: "name one of the two in full",
    });
  }
  throw new LabError("LAB_UNKNOWN_PLUGIN", `there is no plugin "${name}" in ${file}`, {
    help: `choose from: ${entries.map(({ plugin }) => plugin.id).join(", ")}`,
  });
}

/** The package of an entry, `@scope/name/part` -> `@scope/name`; `undefined` for paths and built-ins. */
function packageOf(use: string): string | undefined {
  return /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(?=\/|$)/i.exec(use)?.[0];
}
