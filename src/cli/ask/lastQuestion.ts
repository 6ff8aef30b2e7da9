import { readFile, writeFile } from "node:fs/promises";
import { LabError } from "../../core/errors.ts";

/** Where the last question of a store is kept, for `lab verify --last`. */
function fileOf(storePath: string): string {
  return `${storePath}.last-question.json`;
}

/** Keeps the options of a question that was answered. */
export async function rememberQuestion(storePath: string, flags: object): Promise<void> {
  const { json: _, store: __, plugins: ___, ...question } = flags as Record<string, unknown>;
  await writeFile(fileOf(storePath), `${JSON.stringify(question)}\n`);
}

/** The options of the last question; throws LAB_NO_DATA where there was none. */
export async function lastQuestion<T>(storePath: string): Promise<T> {
  try {
    return JSON.parse(await readFile(fileOf(storePath), "utf8")) as T;
  } catch (cause) {
    throw new LabError("LAB_NO_DATA", "no recommendation was asked for yet", {
      help: "ask for one with ./lab recommend, or say what to verify",
      cause,
    });
  }
}
