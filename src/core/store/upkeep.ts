import { existsSync, statSync } from "node:fs";
import * as v from "valibot";
import type { TrialRecord } from "../domain/record.ts";
import { LabError, messageOf } from "../errors.ts";
import { sweepSchema, trialSchema } from "./bundleSchema.ts";
import { Connection } from "./connection.ts";
import { trialOfToday } from "./earlier.ts";
import { waitingBeside } from "./spool.ts";

/** Something in a store that cannot be read. */
export interface StoreFault {
  readonly what: string;
  /** The row that it is, where it is one. */
  readonly row?: { readonly table: "sweeps" | "trials"; readonly id: string };
}

export interface StoreCheck {
  readonly path: string;
  readonly bytes: number;
  readonly sweeps: number;
  readonly imported: number;
  readonly trials: number;
  /** Files of trials that could not be stored yet. */
  readonly waiting: readonly string[];
  readonly faults: readonly StoreFault[];
}

/** What to delete: all that one of these is said of. */
export interface PruneWish {
  readonly sweeps?: readonly string[] | undefined;
  /** Sweeps that were begun earlier than this, as ISO 8601. */
  readonly before?: string | undefined;
  readonly imported?: boolean | undefined;
  /** Rows that cannot be read. */
  readonly damaged?: boolean | undefined;
}

export interface Pruned {
  readonly sweeps: readonly string[];
  readonly trials: number;
  readonly damaged: readonly string[];
}

const rowsAtOnce = 1000;

/** Does something with the file of a store that is there. Throws LAB_NO_DATA where there is none. */
function withStore<T>(path: string, work: (connection: Connection) => T): T {
  if (!existsSync(path)) throw new LabError("LAB_NO_DATA", `there is no store ${path}`, { help: "run ./lab sweep" });
  const connection = new Connection(path);
  try {
    return work(connection);
  } finally {
    connection.close();
  }
}

/** Reads all of a store, and tells what of it cannot be read. Throws LAB_STORE where it is none. */
export function checkStore(path: string): StoreCheck {
  return withStore(path, (connection) => {
    const count = (table: string) => counted(() => connection.rows(`SELECT count(*) AS n FROM ${table}`));
    return {
      path,
      bytes: statSync(path).size,
      sweeps: count("sweeps"),
      // A store of the first layout does not know.
      imported: count("sweeps WHERE imported"),
      trials: count("trials"),
      waiting: waitingBeside(path),
      faults: [...faultsOfFile(connection), ...faultsOfRows(connection)],
    };
  });
}

function counted(ask: () => readonly Record<string, unknown>[]): number {
  try {
    return Number(ask()[0]?.n ?? 0);
  } catch {
    return 0;
  }
}

function faultsOfFile(connection: Connection): StoreFault[] {
  try {
    const pages = connection.rows("PRAGMA integrity_check(20)").map((row) => String(row.integrity_check));
    const lost = connection
      .rows("PRAGMA foreign_key_check")
      .map(({ table }) => `a row of ${table} belongs to no sweep`);
    return [...pages.filter((what) => what !== "ok"), ...new Set(lost)].map((what) => ({ what }));
  } catch (error) {
    return [{ what: messageOf(error) }];
  }
}

function faultsOfRows(connection: Connection): StoreFault[] {
  try {
    return [...rowFaults(connection, "sweeps"), ...rowFaults(connection, "trials")];
  } catch (error) {
    return [{ what: messageOf(error) }];
  }
}

/** Rows that are no JSON, or of another shape than readers rely on. */
function* rowFaults(connection: Connection, table: "sweeps" | "trials"): Generator<StoreFault> {
  const sql = `SELECT rowid AS place, * FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${rowsAtOnce}`;
  for (let place = 0; ; ) {
    const rows = connection.rows(sql, place);
    for (const row of rows) {
      const fault = table === "trials" ? faultOfTrial(row) : faultOfSweep(row);
      const id = String(row.id);
      if (fault !== undefined)
        yield { what: `${table === "trials" ? "trial" : "sweep"} ${id}: ${fault}`, row: { table, id } };
    }
    if (rows.length < rowsAtOnce) return;
    place = Number(rows.at(-1)!.place);
  }
}

function faultOfTrial({ record }: Record<string, unknown>): string | undefined {
  return faultIn(trialSchema, record, (value) => trialOfToday(value as TrialRecord));
}

function faultOfSweep({ spec }: Record<string, unknown>): string | undefined {
  return faultIn(sweepSchema.entries.spec, spec, (value) => value);
}

function faultIn(schema: v.GenericSchema, text: unknown, today: (value: unknown) => unknown): string | undefined {
  try {
    const { issues } = v.safeParse(schema, today(JSON.parse(String(text))));
    return issues && `${v.getDotPath(issues[0]) ?? "it"} ${issues[0].message}`;
  } catch (error) {
    return messageOf(error);
  }
}

/** Copies a store, also while it is written to. Throws LAB_USAGE where the file is there already or cannot be made. */
export function backupStore(path: string, file: string): { readonly bytes: number } {
  return withStore(path, (connection) => {
    if (existsSync(file)) throw new LabError("LAB_USAGE", `${file} is there already`, { help: "name another file" });
    try {
      connection.copy(file);
      return { bytes: statSync(file).size };
    } catch (cause) {
      throw new LabError("LAB_USAGE", `${file} cannot be written: ${messageOf(cause)}`, {
        help: "check the path",
        cause,
      });
    }
  });
}

/** Deletes from a store what is wished, or tells only what that would be. Throws LAB_NO_DATA and LAB_USAGE. */
export function pruneStore(path: string, wish: PruneWish, isRunning: (id: string) => boolean, really: boolean): Pruned {
  return withStore(path, (connection) => {
    const ids = [...new Set([...(wish.sweeps ?? []), ...chosenSweeps(connection, wish)])];
    for (const id of ids) requirePrunable(connection, id, isRunning);
    const damaged = wish.damaged ? faultsOfRows(connection).flatMap(({ row }) => row ?? []) : [];
    const trials = ids.map((id) => connection.rows("SELECT count(*) AS n FROM trials WHERE sweep_id = ?", id)[0]!.n);
    const pruned = {
      sweeps: ids,
      trials: trials.reduce<number>((sum, n) => sum + Number(n), 0),
      damaged: damaged.map(({ id }) => id),
    };
    if (!really || ids.length + damaged.length === 0) return pruned;
    connection.together(() => {
      for (const { table, id } of damaged)
        if (table === "trials") connection.run("DELETE FROM trials WHERE id = ?", id);
      const lost = damaged.flatMap(({ table, id }) => (table === "sweeps" ? id : []));
      for (const id of [...ids, ...lost]) deleteSweep(connection, id);
    });
    connection.run("VACUUM");
    return pruned;
  });
}

function chosenSweeps(connection: Connection, { before, imported }: PruneWish): string[] {
  const old = before === undefined ? [] : connection.rows("SELECT id FROM sweeps WHERE created_at < ?", before);
  const foreign = imported ? connection.rows("SELECT * FROM sweeps").filter((row) => row.imported) : [];
  return [...old, ...foreign].map(({ id }) => String(id));
}

function requirePrunable(connection: Connection, id: string, isRunning: (id: string) => boolean): void {
  if (connection.rows("SELECT 1 FROM sweeps WHERE id = ?", id).length === 0)
    throw new LabError("LAB_NO_DATA", `the store has no sweep ${id}`, { help: "see ./lab store check" });
  if (isRunning(id))
    throw new LabError("LAB_USAGE", `sweep ${id} is being measured`, { help: "prune when it has ended" });
}

function deleteSweep(connection: Connection, id: string): void {
  connection.run("DELETE FROM trials WHERE sweep_id = ?", id);
  connection.run("DELETE FROM measuring WHERE sweep_id = ?", id);
  connection.run("DELETE FROM sweeps WHERE id = ?", id);
}
