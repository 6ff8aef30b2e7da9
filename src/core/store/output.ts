import { lstat, mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { LabError, messageOf } from "../errors.ts";

/**
 * Writes a file that the user named, with its folder if need be: as a whole or not at all, and what is new for its owner
 * alone. Throws LAB_USAGE.
 */
export async function writeOutput(file: string, data: string | Uint8Array): Promise<void> {
  try {
    const there = await stat(file).catch(() => undefined);
    // A device or a pipe takes what comes.
    if (there && !there.isFile()) return await writeFile(file, data);
    const target = there ? await realpath(file) : file;
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await replaceFile(target, data, there ? there.mode & 0o777 : 0o600);
  } catch (cause) {
    throw unwritable(file, messageOf(cause));
  }
}

/** Makes a file inside a folder ready to be written by its name; the path. Throws LAB_USAGE where links lead elsewhere. */
export async function pathInside(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const inside = relative(folder, file).split(sep);
  if (inside[0] === "..") throw unwritable(file, `it is not in ${folder}`);
  for (let depth = 1; depth <= inside.length; depth++) {
    const part = join(folder, ...inside.slice(0, depth));
    if ((await lstat(part).catch(() => undefined))?.isSymbolicLink()) throw unwritable(part, "it is a link");
  }
  return file;
}

/** Writes a file as a whole or not at all. */
export async function replaceFile(file: string, data: string | Uint8Array, mode: number): Promise<void> {
  const partial = `${file}.partial-${process.pid}`;
  try {
    await writeFile(partial, data, { mode, flag: "wx" });
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
}

function unwritable(file: string, why: string): LabError {
  return new LabError("LAB_USAGE", `${file} cannot be written: ${why}`, { help: "check the path" });
}
