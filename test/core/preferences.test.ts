import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Preferences } from "../../src/core/preferences.ts";

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "lab-preferences-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

describe("preferences", () => {
  it("remember the last question of each store, dots in its path and all", () => {
    const dir = folder();
    expect(new Preferences(dir).rememberQuestion("/a/lab.sqlite", { about: "a" })).toBeUndefined();
    new Preferences(dir).rememberQuestion("/b/lab.sqlite", { about: "b" });
    new Preferences(dir).rememberQuestion("/a/lab.sqlite", { about: "a again" });
    expect(new Preferences(dir).lastQuestion("/a/lab.sqlite")).toEqual({ about: "a again" });
    expect(new Preferences(dir).lastQuestion("/b/lab.sqlite")).toEqual({ about: "b" });
    expect(new Preferences(dir).lastQuestion("/c/lab.sqlite")).toBeUndefined();
  });

  it("forget the stores that were asked about longest ago", () => {
    const preferences = new Preferences(folder());
    for (let store = 0; store < 51; store++) preferences.rememberQuestion(`${store}`, { store });
    expect(preferences.lastQuestion("0")).toBeUndefined();
    expect(preferences.lastQuestion("1")).toEqual({ store: 1 });
    expect(preferences.lastQuestion("50")).toEqual({ store: 50 });
  });

  it("remember the sweep composed last, beside the questions", () => {
    const preferences = new Preferences(folder());
    preferences.rememberQuestion("s", {});
    preferences.rememberSweep({ proxy: "haproxy", fresh: true });
    expect(preferences.lastSweep()).toEqual({ proxy: "haproxy", fresh: true });
    expect(preferences.lastQuestion("s")).toEqual({});
  });

  it("count as empty where others wrote what they do not understand", () => {
    const preferences = new Preferences(folder());
    for (const text of ["not json", '"text"', '{"lastSweep":{"cpu":[0.1]},"lastQuestions":[]}']) {
      writeFileSync(preferences.file, text);
      expect(preferences.lastSweep()).toBeUndefined();
      expect(preferences.lastQuestion("s")).toBeUndefined();
    }
    expect(preferences.rememberSweep({ cpu: "0.1" })).toBeUndefined();
    expect(preferences.lastSweep()).toEqual({ cpu: "0.1" });
  });

  it("give a notice instead of failing where they cannot be written", () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const preferences = new Preferences(join(file, "below"));
    expect(preferences.rememberSweep({})).toMatchObject({ code: "not-remembered", file: preferences.file });
    expect(preferences.rememberQuestion("s", {})).toMatchObject({ code: "not-remembered" });
    expect(preferences.lastSweep()).toBeUndefined();
  });
});
