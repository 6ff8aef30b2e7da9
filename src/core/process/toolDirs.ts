import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { withoutAbsent } from "../domain/absent.ts";
import { sendSignal } from "./signal.ts";

/** Ending of the file that lies next to a tool's folder from the beginning of its installation to the end. */
const ending = ".unfinished";

/** Folders of the programs that the lab installed for itself: `<dataDir>/tools/<package>/bin`. None that is half done. */
export async function toolDirs(dataDir: string): Promise<string[]> {
  const tools = join(dataDir, "tools");
  const names = await readdir(tools).catch(() => [] as string[]);
  const whole = names.filter((name) => !name.endsWith(ending) && !names.includes(name + ending));
  return whole.map((name) => join(tools, name, "bin"));
}

/** An installation that was begun and did not end. */
export interface UnfinishedTool {
  /** Name of its folder. */
  readonly name: string;
  /** The lab that works on it now; absent where it was cut off. */
  readonly pid?: number;
}

/** What is half done among the programs that the lab installed for itself. */
export async function unfinishedTools(dataDir: string): Promise<UnfinishedTool[]> {
  const tools = join(dataDir, "tools");
  const names = await readdir(tools).catch(() => [] as string[]);
  const markers = names.filter((name) => name.endsWith(ending)).map((name) => join(tools, name));
  const unfinished = async (marker: string) =>
    withoutAbsent<UnfinishedTool>({ name: basename(marker, ending), pid: await workerOn(marker) });
  return Promise.all(markers.map(unfinished));
}

/** Marks the folder of a tool as half done. Throws where another lab that is still running works on it. */
export async function beginTool(dir: string): Promise<void> {
  const pid = await workerOn(dir + ending);
  if (pid !== undefined && pid !== process.pid) {
    const unless = `if it is no lab, remove ${dir}${ending}`;
    throw new Error(`process ${pid} is installing ${basename(dir)} now; wait for it (${unless})`);
  }
  await mkdir(dirname(dir), { recursive: true });
  await writeFile(dir + ending, `${process.pid}\n`);
}

/** Marks the folder of a tool as complete, or as gone. */
export async function endTool(dir: string): Promise<void> {
  await rm(dir + ending, { force: true });
}

async function workerOn(marker: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(marker, "utf8").catch(() => ""), 10);
  return pid > 0 && sendSignal(pid, 0) ? pid : undefined;
}
