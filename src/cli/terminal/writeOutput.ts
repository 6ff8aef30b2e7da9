import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LabError, messageOf } from "../../core/errors.ts";

/** Writes a file that the user named, with its folder if need be. Throws LAB_USAGE. */
export async function writeOutput(file: string, data: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, data);
  } catch (cause) {
    throw new LabError("LAB_USAGE", `${file} cannot be written: ${messageOf(cause)}`, { help: "check the path" });
  }
}
