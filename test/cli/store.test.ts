import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { importBundle } from "../../src/core/store/bundle.ts";
import { Store } from "../../src/core/store/store.ts";
import { expectRefusal } from "../fixtures/errors.ts";
import { trialRecord } from "../fixtures/records.ts";
import { runCli } from "../fixtures/runCli.ts";
import { studySweep } from "../fixtures/study.ts";

let dir: string;
let file: string;
const lab = (...args: string[]) => runCli([...args, "--store", file]);
const trial = (sweepId: string, sequence = 0) => trialRecord({ id: `${sweepId}.${sequence}`, sweepId, sequence });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lab-upkeep-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  file = join(dir, "lab.sqlite");
  const store = Store.open(file);
  const sweep = (id: string, createdAt: string) => ({ ...studySweep, id, createdAt });
  store.addAll(
    [sweep("old", "2026-01-01T00:00:00.000Z"), sweep("new", "2026-11-01T00:00:00.000Z")],
    [trial("old"), trial("new"), trial("new", 1)],
  );
  const interrupted = { ...sweep("foreign", "2030-01-01T00:00:00.000Z"), status: "interrupted" } as const;
  importBundle(store, { header: {} as never, sweeps: [interrupted], trials: [trial("foreign")] }, "b");
  store.close();
});

function raw(sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

const ids = () => {
  const store = Store.open(file);
  const found = store.sweeps().map(({ id }) => id);
  store.close();
  return found;
};

describe("lab store path", () => {
  it("says where the store is, also where there is none", async () => {
    expect((await lab("store", "path")).stdout).toBe(`${file}\n`);
    const none = join(dir, "none.sqlite");
    expect(JSON.parse((await runCli(["store", "path", "--json", "--store", none])).stdout)).toEqual({ path: none });
    expect(existsSync(none)).toBe(false);
  });
});

describe("lab store check", () => {
  it("counts what is there", async () => {
    const { code, stdout } = await lab("store", "check", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ sweeps: 3, imported: 1, trials: 4, waiting: [], faults: [] });
    expect((await lab("store", "check")).stdout).toMatch(/3 sweeps \(1 imported\), 4 trials/);
  });

  it("names each row that cannot be read, and ends with 1", async () => {
    raw(`UPDATE trials SET record = '{' WHERE id = 'new.1'`);
    raw(`UPDATE trials SET record = json_set(record, '$.point.cpu', 'much') WHERE id = 'old.0'`);
    raw(`UPDATE sweeps SET spec = '[]' WHERE id = 'foreign'`);
    const { code, stdout } = await lab("store", "check", "--json");
    expect(code).toBe(1);
    const rows = (JSON.parse(stdout) as { faults: { row: { id: string } }[] }).faults.map(({ row }) => row.id);
    expect(rows.sort()).toEqual(["foreign", "new.1", "old.0"]);
    expect((await lab("store", "check")).stdout).toMatch(/old\.0.*point\.cpu/);
  });

  it("tells of trials that wait beside the store", async () => {
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const store = Store.open(file);
    // Not of a sweep that is there: it goes on waiting.
    await store.save(trial("gone"), AbortSignal.abort());
    store.close();
    other.exec("ROLLBACK");
    other.close();
    expect(JSON.parse((await lab("store", "check", "--json")).stdout).waiting).toHaveLength(1);
  });

  it("refuses what is no store, and none", async () => {
    writeFileSync(join(dir, "x.txt"), "these are notes, not a database ".repeat(100));
    expectRefusal(await runCli(["store", "check", "--store", join(dir, "x.txt")]), "LAB_STORE", "x.txt");
    expectRefusal(await runCli(["store", "check", "--store", join(dir, "none")]), "LAB_NO_DATA", "none");
  });
});

describe("lab store backup", () => {
  it("copies all to a store of its own, for its owner alone, and never over a file", async () => {
    const copy = join(dir, "copy.sqlite");
    expect((await lab("store", "backup", copy)).code).toBe(0);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    const store = Store.open(copy);
    expect(store.trials()).toHaveLength(4);
    store.close();
    expectRefusal(await lab("store", "backup", copy), "LAB_USAGE", "copy.sqlite");
    expectRefusal(await lab("store", "backup", join(dir, "no", "copy")), "LAB_USAGE", join("no", "copy"));
    expect(readdirSync(dir).filter((name) => name.includes("partial"))).toEqual([]);
  });
});

describe("lab store prune", () => {
  it("tells what it would delete, and deletes nothing", async () => {
    const { code, stdout } = await lab("store", "prune", "--before", "2026-06-01", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ sweeps: ["old"], trials: 1, damaged: [], deleted: false });
    expect(ids()).toHaveLength(3);
  });

  it.each([
    [
      ["--before", "2026-06-01"],
      ["foreign", "new"],
    ],
    [["--imported"], ["new", "old"]],
    [["--sweep", "new,old"], ["foreign"]],
  ])("deletes what %j says", async (flags, left) => {
    expect((await lab("store", "prune", ...flags, "--yes")).code).toBe(0);
    expect(ids()).toEqual(left);
    expect(JSON.parse((await lab("store", "check", "--json")).stdout).faults).toEqual([]);
  });

  it("deletes rows that cannot be read, and no others", async () => {
    raw(`UPDATE trials SET record = '{' WHERE id = 'new.1'`);
    raw(`UPDATE sweeps SET spec = '' WHERE id = 'foreign'`);
    await lab("store", "prune", "--damaged", "--yes");
    const store = Store.open(file);
    expect(store.sweeps().map(({ id }) => id)).toEqual(["new", "old"]);
    expect(store.trials().map(({ id }) => id)).toEqual(["old.0", "new.0"]);
    store.close();
  });

  it("leaves a sweep that is measured", async () => {
    const store = Store.open(file);
    store.addSweep("now", studySweep.spec);
    expectRefusal(await lab("store", "prune", "--sweep", "now", "--yes"), "LAB_USAGE", "now");
    expect(store.sweep("now")?.status).toBe("running");
    store.close();
  });

  it("wants to be told what", async () => {
    expectRefusal(await lab("store", "prune"), "LAB_USAGE", "--sweep");
    expectRefusal(await lab("store", "prune", "--sweep", "none"), "LAB_NO_DATA", "none");
    expectRefusal(await lab("store", "prune", "--before", "soon"), "LAB_USAGE", "soon");
  });
});

describe("a sweep that was imported", () => {
  it("is not gone on with unasked, and not by its name alone", async () => {
    expectRefusal(await lab("sweep", "--resume"), "LAB_NO_DATA", "interrupted");
    expectRefusal(await lab("sweep", "--resume", "foreign"), "LAB_USAGE", /foreign.*\n.*--imported/);
    expectRefusal(await lab("study", "--resume"), "LAB_NO_DATA", "study");
  });
});
