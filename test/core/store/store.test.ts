import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { Store } from "../../../src/core/store/store.ts";
import { expectError } from "../../fixtures/errors.ts";
import { trialRecord } from "../../fixtures/records.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "store-"));
});
afterEach(() => rm(dir, { recursive: true }));

const spec = { ...gridSpec, proxies: ["haproxy"], seed: 1 };

function filled(): Store {
  const store = Store.open(join(dir, "lab.sqlite"));
  store.addSweep("s1", spec);
  store.addSweep("s2", spec);
  store.addTrial(trialRecord({ id: "s1.0", sweepId: "s1", sequence: 0 }));
  store.addTrial(trialRecord({ id: "s2.0", sweepId: "s2", sequence: 0, point: { proxy: "traefik" } }));
  return store;
}

describe("the store", () => {
  it("gives back what was put in, after it was closed", () => {
    const store = filled();
    store.endSweep("s1", "finished");
    store.close();
    const again = Store.open(join(dir, "lab.sqlite"));
    expect(again.trials()).toEqual([
      trialRecord({ id: "s1.0", sweepId: "s1", sequence: 0 }),
      trialRecord({ id: "s2.0", sweepId: "s2", sequence: 0, point: { proxy: "traefik" } }),
    ]);
    expect(again.sweep("s1")).toMatchObject({ id: "s1", status: "finished", spec });
    again.close();
  });

  it("gives what an earlier lab stored of an open loop with the rate at the points", () => {
    const rate = { requestsPerSecond: 500 };
    const { requestsPerSecond: _, ...earlier } = { ...spec, scenario: { ...spec.scenario, rate } };
    const record = trialRecord({ id: "s1.0", sweepId: "s1" });
    const old = { ...record, scenario: { ...record.scenario, rate } };
    const store = Store.open(join(dir, "lab.sqlite"));
    store.addSweep("s1", earlier as never);
    store.addTrial(old as never);
    expect(store.sweep("s1")!.spec).toEqual({ ...spec, requestsPerSecond: [500] });
    const today = trialRecord({ id: "s1.0", sweepId: "s1", point: { requestsPerSecond: 500 } });
    expect(store.trials()).toEqual([today]);
    expect(store.trialsAfter(0, 1).records).toEqual([today]);
    store.close();
  });

  it("gives a reader what was stored since it last looked, also by another process, and what was replaced again", () => {
    const writer = filled();
    const reader = Store.open(join(dir, "lab.sqlite"));
    const first = reader.trialsAfter(0, 1);
    expect(first.records.map(({ id }) => id)).toEqual(["s1.0"]);
    const rest = reader.trialsAfter(first.place, 10);
    expect(rest.records.map(({ id }) => id)).toEqual(["s2.0"]);
    expect(reader.trialsAfter(rest.place, 10)).toEqual({ records: [], place: rest.place });
    writer.addTrial(trialRecord({ id: "s1.0", sweepId: "s1", replicate: 1 }));
    expect(reader.trialsAfter(rest.place, 10).records).toMatchObject([{ id: "s1.0", replicate: 1 }]);
    writer.close();
    reader.close();
  });

  it("finds trials by sweep and by proxy", () => {
    const store = filled();
    expect(store.trials({ sweepId: "s2" }).map(({ id }) => id)).toEqual(["s2.0"]);
    expect(store.trials({ proxy: "haproxy" }).map(({ id }) => id)).toEqual(["s1.0"]);
    expect(store.trials({ proxy: "haproxy", sweepId: "s2" })).toEqual([]);
    store.close();
  });

  it("lists the newest sweep first", () => {
    const store = filled();
    expect(store.sweeps().map(({ id }) => id)).toEqual(["s2", "s1"]);
    store.close();
  });

  it("takes a sweep for interrupted once the process that measured it has ended, whatever that said", () => {
    const store = filled();
    store.addSweep("s3", spec, "4194305 1");
    const statuses = () => store.sweeps().map(({ status }) => status);
    expect(statuses()).toEqual(["interrupted", "running", "running"]);
    store.resumeSweep("s3");
    expect(statuses()).toEqual(["running", "running", "running"]);
    store.endSweep("s3", "finished");
    expect(statuses()).toEqual(["finished", "running", "running"]);
    store.close();
  });

  it("does not give a sweep away that a process measures", () => {
    const store = filled();
    const other = Store.open(store.path);
    expectError(() => other.resumeSweep("s1"), "LAB_USAGE", "s1");
    store.endSweep("s1", "interrupted");
    other.resumeSweep("s1");
    expect(store.sweep("s1")?.status).toBe("running");
    other.close();
    store.close();
  });

  it("lets a second reader see a trial as soon as it is saved", () => {
    const store = filled();
    const reader = Store.open(store.path);
    store.addTrial(trialRecord({ id: "s1.1", sweepId: "s1", sequence: 1 }));
    expect(reader.trials({ sweepId: "s1" })).toHaveLength(2);
    reader.close();
    store.close();
  });

  it("refuses a file that is not a store, in one line", async () => {
    const file = join(dir, "notes.txt");
    await writeFile(file, "these are notes, not a database ".repeat(100));
    expectError(() => Store.open(file), "LAB_STORE", "notes.txt");
  });

  it("refuses a store of a newer lab", () => {
    const file = join(dir, "newer.sqlite");
    const database = new DatabaseSync(file);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expectError(() => Store.open(file), "LAB_STORE", "newer.sqlite");
  });
});
