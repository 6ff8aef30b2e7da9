import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SweepFlags } from "../domain/options.ts";
import { LabError } from "../errors.ts";
import { experimentText, flagsFromExperiment } from "../experiment/flags.ts";
import { experimentsDir } from "../places.ts";

/** An experiment file that comes with the lab or lies in the working folder. */
export interface Preset {
  readonly file: string;
  /** Of the file, without its ending. */
  readonly name: string;
  readonly title?: string;
  readonly flags: SweepFlags;
}

/** Experiment files of the lab, and those of a folder `experiments` where the user stands. Those with a fault are left out. */
export async function presets(): Promise<Preset[]> {
  const folders = [...new Set([join(process.cwd(), "experiments"), experimentsDir])];
  const found: Preset[] = [];
  for (const folder of folders) {
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      if (/\.ya?ml$/.test(name)) found.push(...(await presetOf(join(folder, name), name)));
    }
  }
  return found;
}

async function presetOf(file: string, name: string): Promise<Preset[]> {
  try {
    return [{ file, name: name.replace(/\.ya?ml$/, ""), ...flagsFromExperiment(await readFile(file, "utf8"), file) }];
  } catch {
    return [];
  }
}

/** Writes an experiment file. Throws LAB_USAGE where there is one of that name already. */
export async function saveExperiment(file: string, flags: SweepFlags): Promise<void> {
  try {
    await writeFile(file, experimentText(flags), { flag: "wx" });
  } catch (cause) {
    const there = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new LabError("LAB_USAGE", there ? `${file} is there already` : `${file} cannot be written`, { cause });
  }
}
