import type { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { mayPass, storeFailure } from "./failure.ts";
import { copyTo, lockWaitMs, openToRead, openToWrite } from "./opening.ts";

type Value = string | number;
type Row = Record<string, unknown>;

/** How long a change that meets a lock or a full disk is tried again, and how often. */
export interface Insistence {
  readonly forMs: number;
  readonly everyMs: number;
}

/** A store's file: read-only until the first change, and not made before it. Every failure is a LAB_STORE. */
export class Connection {
  readonly path: string;
  #database: DatabaseSync | undefined;
  #writable = false;

  constructor(path: string) {
    this.path = path;
    if (path === ":memory:") this.#toWrite();
    else this.#toRead();
  }

  /** Rows of a question; none where there is no file. */
  rows(sql: string, ...values: Value[]): Row[] {
    try {
      return (
        this.#toRead()
          ?.prepare(sql)
          .all(...values) ?? []
      );
    } catch (cause) {
      throw storeFailure(this.path, "read", cause);
    }
  }

  /** Makes a change; the number of rows that it concerned. */
  run(sql: string, ...values: Value[]): number {
    const database = this.#toWrite();
    try {
      return Number(database.prepare(sql).run(...values).changes);
    } catch (cause) {
      throw storeFailure(this.path, "written", cause);
    }
  }

  /** Makes several changes together, or none where one of them throws; inside another such call it is a part of that. */
  together<T>(change: () => T): T {
    const database = this.#toWrite();
    if (database.isTransaction) return change();
    this.run("BEGIN IMMEDIATE");
    try {
      const result = change();
      this.run("COMMIT");
      return result;
    } catch (error) {
      // SQLite has rolled back by itself where the disk is full; a second failure must not hide the first.
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Makes a change as soon as no other process holds the file locked and there is room, without blocking this one meanwhile. */
  async patiently<T>(change: () => T, { forMs, everyMs }: Insistence, signal?: AbortSignal): Promise<T> {
    const until = performance.now() + forMs;
    for (;;) {
      try {
        return this.#atOnce(change);
      } catch (error) {
        if (!mayPass(error) || signal?.aborted || performance.now() >= until) throw error;
      }
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Copies all that is stored to a file. */
  copy(file: string): void {
    const database = this.#toRead();
    if (database) copyTo(database, file);
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#writable = false;
  }

  /** Makes a change that does not wait for locks. */
  #atOnce<T>(change: () => T): T {
    const database = this.#toWrite();
    database.exec("PRAGMA busy_timeout = 0");
    try {
      return change();
    } finally {
      database.exec(`PRAGMA busy_timeout = ${lockWaitMs}`);
    }
  }

  #toRead(): DatabaseSync | undefined {
    this.#database ??= openToRead(this.path);
    return this.#database;
  }

  #toWrite(): DatabaseSync {
    if (this.#database && this.#writable) return this.#database;
    this.close();
    this.#database = openToWrite(this.path);
    this.#writable = true;
    return this.#database;
  }
}
