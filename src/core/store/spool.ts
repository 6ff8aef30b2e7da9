import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TrialRecord } from "../domain/record.ts";
import type { Connection } from "./connection.ts";

/** Folder beside a store for trials that could not be stored. */
const folderOf = (store: string) => `${store}.waiting`;

/** Writes a trial beside the store, where it waits until the store can be written; on return it is on disk. The file. */
export function spool(store: string, record: TrialRecord): string {
  const folder = folderOf(store);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${record.id}.json`);
  const partial = `${file}.partial`;
  try {
    writeFileSync(partial, JSON.stringify(record), { mode: 0o600, flush: true });
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
  return file;
}

/** The files of trials that wait beside a store. */
export function waitingBeside(store: string): string[] {
  try {
    const names = readdirSync(folderOf(store)).filter((name) => name.endsWith(".json"));
    return names.sort().map((name) => join(folderOf(store), name));
  } catch {
    return [];
  }
}

/** Stores the trials that wait, all at once. One that cannot be stored goes on waiting. */
export function takeIn(store: Pick<Connection, "path" | "together">, add: (record: TrialRecord) => void): void {
  const isTaken = (file: string) => {
    try {
      add(JSON.parse(readFileSync(file, "utf8")) as TrialRecord);
      return true;
    } catch {
      return false;
    }
  };
  const taken = store.together(() => waitingBeside(store.path).filter(isTaken));
  for (const file of taken) rmSync(file);
}
