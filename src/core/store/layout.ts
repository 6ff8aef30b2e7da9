import type { DatabaseSync } from "node:sqlite";
import { LabError } from "../errors.ts";

/** Marks a SQLite file as a store of the lab: "PLab". */
const APPLICATION = 0x50_4c_61_62;

/** What makes an empty file a store, step by step. A file's layout is the number of steps it has; steps are only added. */
const STEPS = [
  `
  CREATE TABLE sweeps (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    status TEXT NOT NULL,
    spec TEXT NOT NULL
  ) STRICT;
  CREATE TABLE measuring (
    sweep_id TEXT PRIMARY KEY REFERENCES sweeps (id),
    process TEXT NOT NULL
  ) STRICT;
  CREATE TABLE trials (
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
  CREATE INDEX trials_by_sweep ON trials (sweep_id, sequence);
  CREATE INDEX trials_by_proxy ON trials (proxy, load_tool, role);
  `,
  `
  CREATE TABLE IF NOT EXISTS measuring (
    sweep_id TEXT PRIMARY KEY REFERENCES sweeps (id),
    process TEXT NOT NULL
  ) STRICT;
  ALTER TABLE sweeps ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
  `,
] as const;

/** The layout that this lab writes. */
export const LAYOUT: number = STEPS.length;

/** Files of the first layout carry no mark; they are known by their tables. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  sweeps: ["id", "created_at", "status", "spec"],
  trials: ["id", "sweep_id", "sequence", "status", "started_at", "record"],
};

/** The layout of a file; 0: it is empty. Throws LAB_STORE for a file of another program, or of a newer lab. */
export function layoutOf(database: DatabaseSync, path: string): number {
  const [application, version] = [numberOf(database, "application_id"), numberOf(database, "user_version")];
  if (application !== APPLICATION) {
    if (application === 0 && version === 0 && isEmpty(database)) return 0;
    if (application === 0 && version === 1 && isFirst(database)) return 1;
    throw new LabError("LAB_STORE", `${path} is a SQLite file of another program, not a store of the lab`, {
      help: "name another file with --store",
    });
  }
  if (version <= LAYOUT) return version;
  throw new LabError("LAB_STORE", `the store ${path} has layout ${version}, and this lab knows ${LAYOUT}`, {
    help: "use the newer lab that wrote it, or name another file with --store",
  });
}

/** Brings a file to today's layout, as a whole or not at all. */
export function migrate(database: DatabaseSync, path: string): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    // Read anew: another lab may have been faster.
    for (const step of STEPS.slice(layoutOf(database, path))) database.exec(step);
    database.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${LAYOUT}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function numberOf(database: DatabaseSync, pragma: "application_id" | "user_version"): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma] ?? 0);
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
}

function isFirst(database: DatabaseSync): boolean {
  return Object.entries(FIRST).every(([table, columns]) => {
    const found = database.prepare("SELECT name FROM pragma_table_info(?)").all(table);
    const names = new Set(found.map(({ name }) => name));
    return columns.every((column) => names.has(column));
  });
}
