import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { isLocked, storeFailure } from "./failure.ts";
import { LAYOUT, layoutOf, migrate } from "./layout.ts";

/** Longest that a statement waits for another process. */
export const lockWaitMs = 5000;
const retryMs = 20;
const IN_MEMORY = ":memory:";

/** Opens a store to read it; `undefined` where there is none, or an empty file. Throws LAB_STORE. */
export function openToRead(path: string): DatabaseSync | undefined {
  try {
    if (!(statSync(path, { throwIfNoEntry: false })?.size ?? 0)) return undefined;
    return withoutChange(path);
  } catch (cause) {
    throw storeFailure(path, "opened", cause);
  }
}

function withoutChange(path: string): DatabaseSync {
  try {
    return checked(path, new DatabaseSync(path, { readOnly: true, timeout: lockWaitMs }));
  } catch (error) {
    // Where SQLite may not even make its lock file, nobody else writes either, unless there is a log of changes.
    if (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set("immutable", "1");
    return checked(path, new DatabaseSync(url, { readOnly: true }));
  }
}

function checked(path: string, database: DatabaseSync): DatabaseSync {
  try {
    layoutOf(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens a store to write to it, making it, or bringing it to today's layout, if need be. Throws LAB_STORE. */
export function openToWrite(path: string): DatabaseSync {
  const until = performance.now() + lockWaitMs;
  for (;;) {
    try {
      return prepared(path);
    } catch (error) {
      // SQLite does not wait by itself where the journal mode changes: others may be opening the new file, too.
      if (!isLocked(error) || performance.now() > until) throw storeFailure(path, "opened", error);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
  }
}

function prepared(path: string): DatabaseSync {
  if (path !== IN_MEMORY) make(path);
  const database = new DatabaseSync(path, { timeout: lockWaitMs });
  try {
    const layout = layoutOf(database, path);
    if (layout > 0 && layout < LAYOUT) copyTo(database, `${path}.layout-${layout}`);
    // A trial's record must survive a power cut; readers must not wait for the writer.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    if (layout < LAYOUT) migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** An empty file for its owner alone. One that is there is not touched: closing it here would end SQLite's locks on it. */
function make(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Writes all of a store to a file of its own, which replaces the one of this name once it is whole. */
export function copyTo(database: DatabaseSync, file: string): void {
  const partial = `${file}.partial-${process.pid}`;
  try {
    rmSync(partial, { force: true });
    closeSync(openSync(partial, "wx", 0o600));
    database.prepare("VACUUM INTO ?").run(partial);
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}
