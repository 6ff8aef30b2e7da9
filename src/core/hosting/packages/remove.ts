import { dirname, resolve } from "node:path";
import { LabError } from "../../errors.ts";
import { loadItems } from "../load.ts";
import { portable } from "../locate.ts";
import { changeItems, type Item, readItems, requestOf, withoutOptions } from "../pluginsFile.ts";
import type { Shelf } from "./add.ts";
import { uninstall } from "./install.ts";

export interface Removed {
  /** As it was listed in plugins.json. */
  readonly use: string;
  /** Names that the entries which went had been given (`as`). */
  readonly as: readonly string[];
  /** Whether a package was deleted from the lab's data folder. */
  readonly uninstalled: boolean;
}

/**
 * Takes an entry off the list by the name of its plugin, or all entries of a package, path or built-in; with the last entry
 * of a package goes what the lab installed of it. Works on a list with broken entries. Throws LAB_UNKNOWN_PLUGIN, and
 * LAB_USAGE where two plugins have the name.
 */
export async function removePlugin(name: string, shelf: Shelf): Promise<Removed> {
  const base = dirname(resolve(shelf.file));
  const items = await readItems(shelf.file);
  const used = items.filter((item) => isFrom(item, name, base));
  const gone = used.length > 0 ? used : await itemsNamed(name, items, shelf, base);
  const places = new Set(gone.map((item) => items.indexOf(item)));
  await changeItems(shelf, (all) => all.filter((_, place) => !places.has(place)));
  const requests = gone.map(requestOf);
  const { use } = requests[0]!;
  const as = requests.flatMap((request) => request.as ?? []);
  return { use, as, uninstalled: await uninstallUnlessListed(packageOf(use), shelf) };
}

/** Whether an entry is listed under a name, or from where the name points to. */
function isFrom(item: Item, name: string, base: string): boolean {
  const { use } = requestOf(item);
  return use === name || portable(use, base) === name;
}

async function uninstallUnlessListed(name: string | undefined, { writeTo, dataDir }: Shelf): Promise<boolean> {
  const left = (await readItems(writeTo)).map((item) => packageOf(requestOf(item).use));
  return name !== undefined && !left.includes(name) && uninstall(name, dataDir);
}

/** What is listed under the name of a plugin: the one given with `as`, else its own. */
async function itemsNamed(name: string, items: readonly Item[], { file, dataDir }: Shelf, base: string) {
  const given = items.flatMap((item) => requestOf(item).as ?? []);
  const unnamed = items.filter((item) => requestOf(item).as === undefined);
  const { entries } = await loadItems(unnamed.map(withoutOptions), { base, dataDir });
  const owners = entries.filter(({ plugin }) => plugin.id === name).map(({ source }) => source);
  const named = items.filter((item) => {
    const { use, as } = requestOf(item);
    return as === undefined ? owners.includes(use) : as === name;
  });
  const [one, another] = new Set(named.map((item) => requestOf(item).use));
  if (another !== undefined) {
    throw new LabError("LAB_USAGE", `${one} and ${another} are both called "${name}"`, {
      help: "name one of the two in full",
    });
  }
  if (one !== undefined) return named;
  throw new LabError("LAB_UNKNOWN_PLUGIN", `there is no plugin "${name}" in ${file}`, {
    help: `choose from: ${[...entries.map(({ plugin }) => plugin.id), ...given].join(", ")}`,
  });
}

/** The package of an entry, `@scope/name/part` -> `@scope/name`; `undefined` for paths and built-ins. */
function packageOf(use: string): string | undefined {
  return /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(?=\/|$)/i.exec(use)?.[0];
}
