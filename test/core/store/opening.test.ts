import { spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { Store } from "../../../src/core/store/store.ts";
import { expectError } from "../../fixtures/errors.ts";
import { trialRecord } from "../../fixtures/records.ts";

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "store-"));
  file = join(dir, "deep", "lab.sqlite");
});
afterEach(() => rm(dir, { recursive: true }));

const spec = { ...gridSpec, proxies: ["haproxy"], seed: 1 };
const trial = trialRecord({ id: "s1.0", sweepId: "s1" });

function fill(): void {
  const store = Store.open(file);
  store.addSweep("s1", spec);
  store.addTrial(trial);
  store.endSweep("s1", "finished");
  store.close();
}

function raw(sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

/** A store as labs made it before they marked their files. */
const firstLayout = `
  CREATE TABLE sweeps (id TEXT PRIMARY KEY, created_at TEXT NOT NULL, status TEXT NOT NULL, spec TEXT NOT NULL) STRICT;
  CREATE TABLE measuring (sweep_id TEXT PRIMARY KEY REFERENCES sweeps (id), process TEXT NOT NULL) STRICT;
  CREATE TABLE trials (id TEXT PRIMARY KEY, sweep_id TEXT NOT NULL REFERENCES sweeps (id), sequence INTEGER NOT NULL,
    status TEXT NOT NULL, proxy TEXT NOT NULL, load_tool TEXT NOT NULL, limiter TEXT NOT NULL, role TEXT NOT NULL,
    started_at TEXT NOT NULL, record TEXT NOT NULL) STRICT;
  PRAGMA user_version = 1;
  INSERT INTO sweeps VALUES ('s1', '2026-11-23T05:00:00.000Z', 'finished', '${JSON.stringify(spec)}');
  INSERT INTO trials VALUES ('s1.0', 's1', 0, 'completed', 'haproxy', 'wrk', 'cgroup', 'reverse', '', '${JSON.stringify(trial)}');
`;

describe("a store that is not there", () => {
  it("is empty for readers, who make nothing", () => {
    const store = Store.open(file);
    expect([store.sweeps(), store.trials(), store.sweep("s1"), store.lastPlace()]).toEqual([[], [], undefined, 0]);
    expectError(() => store.find(), "LAB_NO_DATA");
    store.close();
    expect(readdirSync(dir)).toEqual([]);
  });

  it("is made by the first change, for its owner alone", () => {
    const before = process.umask(0);
    try {
      fill();
    } finally {
      process.umask(before);
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, "deep")).mode & 0o777).toBe(0o700);
  });

  it("is seen by who looked before it was made", () => {
    const reader = Store.open(file);
    expect(reader.trials()).toEqual([]);
    fill();
    expect(reader.trials()).toEqual([trial]);
    reader.close();
  });

  it("can be opened by several labs at once", async () => {
    mkdirSync(join(dir, "deep"));
    const source = `
      import { Store } from ${JSON.stringify(new URL("../../../src/core/store/store.ts", import.meta.url).href)};
      const store = Store.open(${JSON.stringify(file)});
      store.addSweep("s" + process.pid, ${JSON.stringify(spec)});
      store.close();`;
    const labs = Array.from({ length: 4 }, () => spawn(process.execPath, ["--import", "tsx", "-e", source]));
    const codes = await Promise.all(labs.map((lab) => new Promise((resolve) => lab.on("exit", resolve))));
    expect(codes).toEqual([0, 0, 0, 0]);
    const store = Store.open(file);
    expect(store.sweeps()).toHaveLength(4);
    store.close();
  }, 60_000);
});

describe("a reader", () => {
  it("writes nothing to the store, also where another process holds it locked", () => {
    fill();
    const before = statSync(file);
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const store = Store.open(file);
    expect(store.trials()).toEqual([trial]);
    store.close();
    other.exec("ROLLBACK");
    other.close();
    expect(statSync(file).mtimeMs).toBe(before.mtimeMs);
  });

  it("reads what it has no permission to write", () => {
    fill();
    chmodSync(file, 0o400);
    chmodSync(join(dir, "deep"), 0o500);
    const store = Store.open(file);
    expect(store.trials()).toEqual([trial]);
    store.close();
    chmodSync(join(dir, "deep"), 0o700);
  });

  it("reads a store of the first layout as it is", () => {
    mkdirSync(join(dir, "deep"));
    raw(firstLayout);
    const store = Store.open(file);
    expect(store.trials()).toEqual([trial]);
    expect(store.sweeps()).toEqual([{ id: "s1", createdAt: "2026-11-23T05:00:00.000Z", status: "finished", spec }]);
    store.close();
    expect(readdirSync(join(dir, "deep")).filter((name) => name.includes("layout"))).toEqual([]);
  });
});

describe("a store of an earlier layout", () => {
  it("is brought to today's by the first change, and a copy of what it was is kept", () => {
    mkdirSync(join(dir, "deep"));
    raw(firstLayout);
    const store = Store.open(file);
    store.addTrial(trialRecord({ id: "s1.1", sweepId: "s1" }));
    expect(store.trials()).toHaveLength(2);
    expect(store.sweep("s1")).toMatchObject({ status: "finished" });
    store.close();
    const copy = new DatabaseSync(`${file}.layout-1`);
    expect(copy.prepare("SELECT id FROM trials").all()).toEqual([{ id: "s1.0" }]);
    expect(copy.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
    copy.close();
    expect(statSync(`${file}.layout-1`).mode & 0o777).toBe(0o600);
  });
});

describe("a file that is no store", () => {
  beforeEach(() => mkdirSync(join(dir, "deep")));

  it.each([
    ["the store of a newer lab", "PRAGMA application_id = 0x504c6162; PRAGMA user_version = 99", /\b99\b/],
    ["a file of another program", "CREATE TABLE places (id INTEGER)", /another program/],
    ["a file that another program marked", "PRAGMA application_id = 7; CREATE TABLE t (id)", /another program/],
    ["one that has tables of the same names", "CREATE TABLE sweeps (x); CREATE TABLE trials (y)", /another program/],
  ])("is refused and left as it is: %s", (_, sql, told) => {
    raw(sql);
    expectError(() => Store.open(file), "LAB_STORE", "lab.sqlite", told);
    const database = new DatabaseSync(file);
    const tables = database.prepare("SELECT name FROM sqlite_schema").all();
    database.close();
    expect(tables.every(({ name }) => !["measuring", "trials_by_proxy"].includes(String(name)))).toBe(true);
  });

  it("is refused where it is no SQLite file at all", () => {
    writeFileSync(file, "these are notes, not a database ".repeat(100));
    expectError(() => Store.open(file), "LAB_STORE", "lab.sqlite");
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  it("is refused where it is a folder", () => {
    mkdirSync(file);
    expectError(() => Store.open(file).sweeps(), "LAB_STORE", "lab.sqlite");
  });
});

describe("a store that is damaged", () => {
  it("names the row that cannot be read, and gives the others", () => {
    fill();
    const store = Store.open(file);
    store.addSweep("s2", spec);
    store.addTrial(trialRecord({ id: "s2.0", sweepId: "s2" }));
    store.close();
    raw("UPDATE trials SET record = '{\"id\":' WHERE id = 's2.0'");
    const again = Store.open(file);
    expectError(() => again.trials(), "LAB_STORE", "s2.0");
    expect(again.trials({ sweepId: "s1" })).toEqual([trial]);
    again.close();
  });

  it("names a record of a shape to come", () => {
    fill();
    raw("UPDATE trials SET record = json_set(record, '$.schemaVersion', 2)");
    const store = Store.open(file);
    expectError(() => store.trials(), "LAB_STORE", "s1.0");
    store.close();
  });

  it("is named as such, by readers and writers, and not as a fault of the lab", () => {
    fill();
    const store = Store.open(file);
    for (let i = 1; i < 200; i++) store.addTrial(trialRecord({ id: `s1.${i}`, sweepId: "s1" }));
    store.close();
    const size = statSync(file).size;
    raw("PRAGMA wal_checkpoint(TRUNCATE)");
    const bytes = Buffer.alloc(size - 3 * 4096, 0xff);
    const descriptor = openSync(file, "r+");
    writeSync(descriptor, bytes, 0, bytes.length, 3 * 4096);
    closeSync(descriptor);
    const again = Store.open(file);
    expectError(() => again.trials(), "LAB_STORE", "damaged");
    again.close();
  });
});
