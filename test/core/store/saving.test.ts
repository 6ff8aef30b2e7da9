import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { Store } from "../../../src/core/store/store.ts";
import { expectRejection } from "../../fixtures/errors.ts";
import { trialRecord } from "../../fixtures/records.ts";

let dir: string;
let file: string;
let store: Store;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "store-"));
  file = join(dir, "lab.sqlite");
  store = Store.open(file);
  store.addSweep("s1", { ...gridSpec, proxies: ["haproxy"], seed: 1 });
});
afterEach(async () => {
  store.close();
  await rm(dir, { recursive: true });
});

const trial = (sequence: number) => trialRecord({ id: `s1.${sequence}`, sweepId: "s1", sequence });

/** Locks the store as another program would. */
function lock(): { release(): void } {
  const other = new DatabaseSync(file);
  other.exec("BEGIN IMMEDIATE");
  return {
    release() {
      other.exec("ROLLBACK");
      other.close();
    },
  };
}

const aborted = AbortSignal.abort();
const waiting = () => {
  try {
    return readdirSync(`${file}.waiting`);
  } catch {
    return [];
  }
};

describe("a trial that is saved while another process holds the store locked", () => {
  it("is stored once that lets go, and meanwhile this process goes on", async () => {
    const other = lock();
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 10);
    const saved = store.save(trial(0));
    await sleep(500);
    expect(ticks).toBeGreaterThan(20);
    other.release();
    expect(await saved).toBeUndefined();
    clearInterval(ticking);
    expect(store.trials()).toEqual([trial(0)]);
    expect(waiting()).toEqual([]);
  });

  it("is put beside the store in the end, for its owner alone, and is stored when that is opened next", async () => {
    const other = lock();
    const path = await store.save(trial(0), aborted);
    expect(JSON.parse(readFileSync(path!, "utf8"))).toEqual(trial(0));
    expect(statSync(path!).mode & 0o777).toBe(0o600);
    expect(await store.save(trial(1))).toContain("s1.1");
    other.release();
    store.close();
    const again = Store.open(file);
    expect(again.trials()).toEqual([trial(0), trial(1)]);
    expect(waiting()).toEqual([]);
    again.close();
  });

  it("is stored together with the next one that can be", async () => {
    const other = lock();
    await store.save(trial(0), aborted);
    other.release();
    expect(await store.save(trial(1))).toBeUndefined();
    expect(store.trials()).toEqual([trial(0), trial(1)]);
    expect(waiting()).toEqual([]);
  });

  it("goes on waiting where the store has another of its name, or nothing of its sweep", async () => {
    const other = lock();
    await store.save(trial(0), aborted);
    await store.save({ ...trial(1), sweepId: "s9" }, aborted);
    other.release();
    store.addTrial({ ...trial(0), replicate: 7 });
    writeFileSync(join(`${file}.waiting`, "s1.2.json"), "{");
    const again = Store.open(file);
    expect(again.trials()).toEqual([{ ...trial(0), replicate: 7 }]);
    expect(waiting()).toEqual(["s1.0.json", "s1.1.json", "s1.2.json"]);
    again.close();
  });
});

describe("a trial that cannot be stored nor put beside the store", () => {
  it("is told with what was wrong first", async () => {
    const other = lock();
    rmSync(`${file}.waiting`, { force: true });
    writeFileSync(`${file}.waiting`, "");
    await expectRejection(store.save(trial(0), aborted), "LAB_STORE", "lock");
    other.release();
  });
});
