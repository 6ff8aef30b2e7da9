import { dirname, resolve } from "node:path";
import { portable } from "../locate.ts";
import { type Item, readItems, writeItems } from "../pluginsFile.ts";

/** The list of plugins that is in use, and where to write it. */
export interface ListPlace {
  /** The plugins.json in use. */
  readonly file: string;
  /** Where changes go: the same file, or one of the user's where that file is the lab's own. */
  readonly writeTo: string;
}

/** Changes the list of plugins. Where it is written elsewhere than it was read, its entries go on meaning the same. */
export async function changeList(
  { file, writeTo }: ListPlace,
  change: (items: readonly Item[]) => readonly Item[],
): Promise<void> {
  const items = await readItems(file);
  const moved = file === writeTo ? items : items.map((item) => moveItem(item, dirname(resolve(file))));
  await writeItems(writeTo, change(moved));
}

function moveItem(item: Item, base: string): Item {
  return typeof item === "string" ? portable(item, base) : { ...item, use: portable(item.use, base) };
}
