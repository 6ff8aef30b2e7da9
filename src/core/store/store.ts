import { isDeepStrictEqual } from "node:util";
import type { SweepEnd, SweepStatus } from "../domain/events.ts";
import { SCHEMA_VERSION, type TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { LabError, messageOf } from "../errors.ts";
import { identityOf, isRunning } from "../process/identity.ts";
import { Connection, type Insistence } from "./connection.ts";
import { specOfToday, trialOfToday } from "./earlier.ts";
import { spool, takeIn, waitingBeside } from "./spool.ts";

export interface StoredSweep {
  readonly id: string;
  readonly createdAt: string;
  readonly status: SweepStatus;
  readonly spec: SweepSpec;
  /** It came in a bundle: this lab has not measured it, and does not go on with it by itself. */
  readonly imported?: true;
}

/** Columns that trials can be chosen by. */
const CHOSEN_BY = {
  id: "id",
  sweepId: "sweep_id",
  proxy: "proxy",
  loadTool: "load_tool",
  limiter: "limiter",
  role: "role",
} as const;

/** Which trials to read; an absent field does not restrict. */
export type TrialFilter = Readonly<Partial<Record<keyof typeof CHOSEN_BY, string>>>;

/** A locked store, or a full disk, is waited for so long before a trial is put beside it. */
const patience: Insistence = { forMs: 180_000, everyMs: 200 };

/** All sweeps and trials of a user, in one SQLite file, which is made with the first sweep. */
export class Store {
  readonly path: string;
  readonly #connection: Connection;
  /** What meets a lock after a trial was put beside the store does not wait as long again. */
  #patience = patience;

  private constructor(connection: Connection) {
    this.path = connection.path;
    this.#connection = connection;
  }

  /** Opens a store to read it; the first change makes the file if need be. Throws LAB_STORE, as all that follows does. */
  static open(path: string): Store {
    const store = new Store(new Connection(path));
    if (waitingBeside(path).length > 0) store.#takeIn();
    return store;
  }

  /** Adds a sweep that a process (this one) measures from now on; see `identityOf`. */
  addSweep(id: string, spec: SweepSpec, measuredBy = identityOf(process.pid)!): void {
    this.together(() => {
      this.#connection.run(
        "INSERT INTO sweeps VALUES (?, ?, 'running', ?, 0)",
        id,
        new Date().toISOString(),
        JSON.stringify(spec),
      );
      this.#connection.run("INSERT INTO measuring VALUES (?, ?)", id, measuredBy);
    });
  }

  /**
   * Makes this process the one that measures a sweep. Throws LAB_USAGE where another process does, and for an imported
   * sweep unless those are wanted, too.
   */
  resumeSweep(id: string, { imported = false } = {}): void {
    this.together(() => {
      const sweep = this.sweep(id);
      if (sweep?.status === "running")
        throw new LabError("LAB_USAGE", `sweep ${id} is being measured by another process`, {
          help: `follow it: ./lab watch ${id}`,
        });
      if (sweep?.imported && !imported)
        throw new LabError("LAB_USAGE", `sweep ${id} was imported, and its plan is that of somebody else`, {
          help: "look at its plan, and add --imported to go on with it",
        });
      this.#connection.run("UPDATE sweeps SET status = 'running' WHERE id = ?", id);
      this.#connection.run("INSERT OR REPLACE INTO measuring VALUES (?, ?)", id, identityOf(process.pid)!);
    });
  }

  /** Notes how a sweep ended that this process measured. */
  endSweep(id: string, status: SweepEnd): void {
    this.together(() => {
      this.#connection.run("UPDATE sweeps SET status = ? WHERE id = ?", status, id);
      this.#connection.run("DELETE FROM measuring WHERE sweep_id = ?", id);
    });
  }

  sweep(id: string): StoredSweep | undefined {
    return this.#sweeps("WHERE id = ?", id)[0];
  }

  /** Whether a process measures a sweep now. */
  isRunning(id: string): boolean {
    const [row] = this.#connection.rows("SELECT process FROM measuring WHERE sweep_id = ?", id);
    return row !== undefined && isRunning(String(row.process));
  }

  /** The sweep of an id, or the newest one. Throws LAB_NO_DATA. */
  find(id?: string): StoredSweep {
    const sweep = id === undefined ? this.sweeps()[0] : this.sweep(id);
    if (sweep) return sweep;
    throw new LabError("LAB_NO_DATA", id === undefined ? "the store has no sweeps" : `the store has no sweep ${id}`, {
      help: "run one with ./lab sweep",
    });
  }

  /** The sweeps of ids, in their order. Throws LAB_NO_DATA. */
  these(ids: readonly string[]): StoredSweep[] {
    return ids.map((id) => this.find(id));
  }

  /** Newest first. One whose process has ended without a word counts as interrupted. */
  sweeps(): StoredSweep[] {
    return this.#sweeps("ORDER BY created_at DESC, sweeps.rowid DESC");
  }

  #sweeps(which: string, ...values: string[]): StoredSweep[] {
    const rows = this.#connection.rows(`SELECT * FROM sweeps LEFT JOIN measuring ON sweep_id = id ${which}`, ...values);
    return rows.map((row) => ({
      id: String(row.id),
      createdAt: String(row.created_at),
      status: row.status === "running" && !isRunning(String(row.process)) ? "interrupted" : (row.status as SweepStatus),
      spec: specOfToday(this.#parsed<SweepSpec>(`sweep ${row.id}`, row.spec)),
      ...(row.imported ? { imported: true as const } : {}),
    }));
  }

  /** Adds sweeps that were measured before, and trials: all, or nothing where the store has one of them already. */
  addAll(sweeps: readonly StoredSweep[], trials: readonly TrialRecord[]): void {
    this.together(() => {
      for (const { id, createdAt, status, spec, imported } of sweeps) {
        const values = [id, createdAt, status, JSON.stringify(spec), imported ? 1 : 0];
        this.#connection.run("INSERT INTO sweeps VALUES (?, ?, ?, ?, ?)", ...values);
      }
      for (const trial of trials) this.#insert("INSERT", trial);
    });
  }

  /** Saves a record, in the place of one of the same id; on return it is on disk. */
  addTrial(record: TrialRecord): void {
    this.#insert("INSERT OR REPLACE", record);
  }

  /**
   * Saves a record as soon as no other process holds the store locked and the disk has room. Where that takes minutes, or
   * the store cannot be written at all, the record is put beside it, is taken in when that can be, and the file is resolved to; throws only
   * where that fails, too.
   */
  async save(record: TrialRecord, signal?: AbortSignal): Promise<string | undefined> {
    try {
      await this.#connection.patiently(() => this.addTrial(record), this.#patience, signal);
    } catch (error) {
      const file = this.#spooled(record, error);
      this.#patience = { ...patience, forMs: 0 };
      return file;
    }
    if (this.#patience !== patience) this.#takeIn();
    this.#patience = patience;
    return undefined;
  }

  /** The same for how a sweep ended, which is lost where the store cannot be written: then it counts as interrupted. */
  async saveEnd(id: string, status: SweepEnd): Promise<void> {
    await this.#connection.patiently(() => this.endSweep(id, status), this.#patience);
  }

  /** Several changes together, or none where one of them throws. */
  together<T>(change: () => T): T {
    return this.#connection.together(change);
  }

  /** The record of an id, of whatever sweep. */
  trial(id: string): TrialRecord | undefined {
    return this.trials({ id })[0];
  }

  /** Records in order of time. */
  trials(filter: TrialFilter = {}): TrialRecord[] {
    const wanted = Object.entries(CHOSEN_BY).flatMap(([key, column]) => {
      const value = filter[key as keyof TrialFilter];
      return value === undefined ? [] : [{ column, value }];
    });
    const where = wanted.map(({ column }) => `${column} = ?`).join(" AND ") || "TRUE";
    const sql = `SELECT id, record FROM trials WHERE ${where} ORDER BY started_at, sequence`;
    return this.#connection.rows(sql, ...wanted.map(({ value }) => value)).map((row) => this.#record(row));
  }

  /** All records of some sweeps, sweep by sweep. */
  trialsOf(sweeps: readonly Pick<StoredSweep, "id">[]): TrialRecord[] {
    return sweeps.flatMap(({ id }) => this.trials({ sweepId: id }));
  }

  /**
   * At most `most` records that were stored after a place, in the order in which they were stored, and the place of the
   * last; 0 is before all. A record that replaced another one comes again.
   */
  trialsAfter(place: number, most: number): { records: TrialRecord[]; place: number } {
    const sql = "SELECT rowid AS place, id, record FROM trials WHERE rowid > ? ORDER BY rowid LIMIT ?";
    const rows = this.#connection.rows(sql, place, most);
    return {
      records: rows.map((row) => this.#record(row)),
      place: Number(rows.at(-1)?.place ?? place),
    };
  }

  /** Place of the record that was stored last; 0: there is none. */
  lastPlace(): number {
    return Number(this.#connection.rows("SELECT max(rowid) AS place FROM trials")[0]?.place ?? 0);
  }

  close(): void {
    this.#connection.close();
  }

  #insert(verb: "INSERT" | "INSERT OR REPLACE", record: TrialRecord): void {
    const { id, sweepId, sequence, status, point, startedAt } = record;
    const { proxy, loadTool, limiter, role } = point;
    const values = [id, sweepId, sequence, status, proxy, loadTool, limiter, role, startedAt, JSON.stringify(record)];
    this.#connection.run(`${verb} INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ...values);
  }

  /** Stores what waits beside the store, as far as that can be now. */
  #takeIn(): void {
    try {
      takeIn(this.#connection, (record) => {
        if (!isDeepStrictEqual(this.trial(record.id), record)) this.#insert("INSERT", record);
      });
    } catch {
      // It goes on waiting, and what is in the store can be read.
    }
  }

  #spooled(record: TrialRecord, first: unknown): string {
    try {
      return spool(this.path, record);
    } catch {
      throw first;
    }
  }

  #record({ id, record }: Record<string, unknown>): TrialRecord {
    const stored = this.#parsed<TrialRecord>(`trial ${id}`, record);
    if (stored.schemaVersion === SCHEMA_VERSION) return trialOfToday(stored);
    throw new LabError("LAB_STORE", `trial ${id} in ${this.path} is of a shape that this lab does not know`, {
      help: "use the newer lab that measured it",
    });
  }

  #parsed<T>(what: string, text: unknown): T {
    try {
      return JSON.parse(String(text)) as T;
    } catch (cause) {
      throw new LabError("LAB_STORE", `${what} in ${this.path} cannot be read: ${messageOf(cause)}`, {
        help: "see what can be read: ./lab store check",
        cause,
      });
    }
  }
}
