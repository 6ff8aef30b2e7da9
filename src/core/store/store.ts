import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SweepEnd, SweepStatus } from "../domain/events.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { LabError, messageOf } from "../errors.ts";
import { identityOf, isRunning } from "../process/identity.ts";
import { specOfToday, trialOfToday } from "./earlier.ts";

/** Raised with each change of the tables; a store of a newer lab is refused. */
const layoutVersion = 1;

const layout = `
  CREATE TABLE IF NOT EXISTS sweeps (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    status TEXT NOT NULL,
    spec TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS measuring (
    sweep_id TEXT PRIMARY KEY REFERENCES sweeps (id),
    process TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS trials (
    id TEXT PRIMARY KEY,
    sweep_id TEXT NOT NULL REFERENCES sweeps (id),
    sequence INTEGER NOT NULL,
    status TEXT NOT NULL,
    proxy TEXT NOT NULL,
    load_tool TEXT NOT NULL,
    limiter TEXT NOT NULL,
    role TEXT NOT NULL,
    started_at TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS trials_by_sweep ON trials (sweep_id, sequence);
  CREATE INDEX IF NOT EXISTS trials_by_proxy ON trials (proxy, load_tool, role);
`;

export interface StoredSweep {
  readonly id: string;
  readonly createdAt: string;
  readonly status: SweepStatus;
  readonly spec: SweepSpec;
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

/** All sweeps and trials of a user, in one SQLite file. */
export class Store {
  readonly path: string;
  readonly #database: DatabaseSync;

  private constructor(path: string, database: DatabaseSync) {
    this.path = path;
    this.#database = database;
  }

  /** Opens a store, making it if need be. Throws LAB_STORE. */
  static open(path: string): Store {
    try {
      mkdirSync(dirname(path), { recursive: true });
      const database = new DatabaseSync(path);
      // A trial's record must survive a power cut; readers must not wait for the writer.
      database.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;",
      );
      prepareLayout(database);
      return new Store(path, database);
    } catch (cause) {
      throw new LabError("LAB_STORE", `the store ${path} cannot be opened: ${messageOf(cause)}`, {
        help: "name another file with --store",
        cause,
      });
    }
  }

  /** Adds a sweep that a process (this one) measures from now on; see `identityOf`. */
  addSweep(id: string, spec: SweepSpec, measuredBy = identityOf(process.pid)!): void {
    this.#atOnce(() => {
      this.#run("INSERT INTO sweeps VALUES (?, ?, 'running', ?)", id, new Date().toISOString(), JSON.stringify(spec));
      this.#run("INSERT INTO measuring VALUES (?, ?)", id, measuredBy);
    });
  }

  /** Makes this process the one that measures a sweep. Throws LAB_USAGE where another process does. */
  resumeSweep(id: string): void {
    this.#atOnce(() => {
      if (this.sweep(id)?.status === "running")
        throw new LabError("LAB_USAGE", `sweep ${id} is being measured by another process`, {
          help: `follow it: ./lab watch ${id}`,
        });
      this.#run("UPDATE sweeps SET status = 'running' WHERE id = ?", id);
      this.#run("INSERT OR REPLACE INTO measuring VALUES (?, ?)", id, identityOf(process.pid)!);
    });
  }

  /** Notes how a sweep ended that this process measured. */
  endSweep(id: string, status: SweepEnd): void {
    this.#atOnce(() => {
      this.#run("UPDATE sweeps SET status = ? WHERE id = ?", status, id);
      this.#run("DELETE FROM measuring WHERE sweep_id = ?", id);
    });
  }

  sweep(id: string): StoredSweep | undefined {
    return this.sweeps().find((sweep) => sweep.id === id);
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
    const rows = this.#database
      .prepare("SELECT * FROM sweeps LEFT JOIN measuring ON sweep_id = id ORDER BY created_at DESC, sweeps.rowid DESC")
      .all();
    return rows.map((row) => ({
      id: String(row.id),
      createdAt: String(row.created_at),
      status: row.status === "running" && !isRunning(String(row.process)) ? "interrupted" : (row.status as SweepStatus),
      spec: specOfToday(JSON.parse(String(row.spec)) as SweepSpec),
    }));
  }

  /** Adds a sweep of another store with its trials: all, or nothing where one of them cannot be added. */
  addAll(sweeps: readonly StoredSweep[], trials: readonly TrialRecord[]): void {
    this.#atOnce(() => {
      for (const { id, createdAt, status, spec } of sweeps) {
        this.#run("INSERT INTO sweeps VALUES (?, ?, ?, ?)", id, createdAt, status, JSON.stringify(spec));
      }
      for (const trial of trials) this.addTrial(trial);
    });
  }

  /** Saves a record; on return it is on disk. */
  addTrial(record: TrialRecord): void {
    const { id, sweepId, sequence, status, point, startedAt } = record;
    const { proxy, loadTool, limiter, role } = point;
    const values = [id, sweepId, sequence, status, proxy, loadTool, limiter, role, startedAt, JSON.stringify(record)];
    this.#run("INSERT OR REPLACE INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ...values);
  }

  /** Records in order of time. */
  trials(filter: TrialFilter = {}): TrialRecord[] {
    const wanted = Object.entries(CHOSEN_BY).flatMap(([key, column]) => {
      const value = filter[key as keyof TrialFilter];
      return value === undefined ? [] : [{ column, value }];
    });
    const where = wanted.map(({ column }) => `${column} = ?`).join(" AND ") || "TRUE";
    const rows = this.#database
      .prepare(`SELECT record FROM trials WHERE ${where} ORDER BY started_at, sequence`)
      .all(...wanted.map(({ value }) => value));
    return rows.map(({ record }) => recordFrom(record));
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
    const rows = this.#database
      .prepare("SELECT rowid AS place, record FROM trials WHERE rowid > ? ORDER BY rowid LIMIT ?")
      .all(place, most);
    return {
      records: rows.map(({ record }) => recordFrom(record)),
      place: Number(rows.at(-1)?.place ?? place),
    };
  }

  /** Place of the record that was stored last; 0: there is none. */
  lastPlace(): number {
    return Number(this.#database.prepare("SELECT max(rowid) AS place FROM trials").get()?.place ?? 0);
  }

  close(): void {
    this.#database.close();
  }

  /** Makes several changes together, or none where one of them throws. */
  #atOnce(change: () => void): void {
    this.#run("BEGIN IMMEDIATE");
    try {
      change();
      this.#run("COMMIT");
    } catch (error) {
      this.#run("ROLLBACK");
      throw error;
    }
  }

  #run(sql: string, ...values: (string | number)[]): void {
    try {
      this.#database.prepare(sql).run(...values);
    } catch (cause) {
      throw new LabError("LAB_STORE", `the store ${this.path} cannot be written: ${messageOf(cause)}`, { cause });
    }
  }
}

function recordFrom(text: unknown): TrialRecord {
  return trialOfToday(JSON.parse(String(text)) as TrialRecord);
}

function prepareLayout(database: DatabaseSync): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
  if (version > layoutVersion)
    throw new Error(`it was written by a newer lab (layout ${version}, this lab knows ${layoutVersion})`);
  database.exec(layout);
  database.exec(`PRAGMA user_version = ${layoutVersion}`);
}
