import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Folders of the programs that the lab installed for itself: `<dataDir>/tools/<package>/bin`. */
export async function toolDirs(dataDir: string): Promise<string[]> {
  const tools = join(dataDir, "tools");
  const names = await readdir(tools).catch(() => [] as string[]);
  return names.map((name) => join(tools, name, "bin"));
}
