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
  it("remember the last question of each store, dots in its path and all", async () => {
    const dir = folder();
    expect(await new Preferences(dir).rememberQuestion("/a/lab.sqlite", { about: "a" })).toBeUndefined();
    await new Preferences(dir).rememberQuestion("/b/lab.sqlite", { about: "b" });
    await new Preferences(dir).rememberQuestion("/a/lab.sqlite", { about: "a again" });
    expect(await new Preferences(dir).lastQuestion("/a/lab.sqlite")).toEqual({ about: "a again" });
    expect(await new Preferences(dir).lastQuestion("/b/lab.sqlite")).toEqual({ about: "b" });
    expect(await new Preferences(dir).lastQuestion("/c/lab.sqlite")).toBeUndefined();
  });

  it("forget the stores that were asked about longest ago", async () => {
    const preferences = new Preferences(folder());
    for (let store = 0; store < 51; store++) await preferences.rememberQuestion(`${store}`, { store });
    expect(await preferences.lastQuestion("0")).toBeUndefined();
    expect(await preferences.lastQuestion("1")).toEqual({ store: 1 });
    expect(await preferences.lastQuestion("50")).toEqual({ store: 50 });
  });

  it("remember the sweep composed last, beside the questions", async () => {
    const preferences = new Preferences(folder());
    await preferences.rememberQuestion("s", {});
    await preferences.rememberSweep({ proxy: "haproxy", fresh: true });
    expect(await preferences.lastSweep()).toEqual({ proxy: "haproxy", fresh: true });
    expect(await preferences.lastQuestion("s")).toEqual({});
  });

  it("count as empty where others wrote what they do not understand", async () => {
    const preferences = new Preferences(folder());
    for (const text of ["not json", '"text"', '{"lastSweep":{"cpu":[0.1]},"lastQuestions":[]}']) {
      writeFileSync(preferences.file, text);
      expect(await preferences.lastSweep()).toBeUndefined();
      expect(await preferences.lastQuestion("s")).toBeUndefined();
    }
    expect(await preferences.rememberSweep({ cpu: "0.1" })).toBeUndefined();
    expect(await preferences.lastSweep()).toEqual({ cpu: "0.1" });
  });

  it("give a notice instead of failing where they cannot be written", async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const preferences = new Preferences(join(file, "below"));
    expect(await preferences.rememberSweep({})).toMatchObject({ code: "not-remembered", file: preferences.file });
    expect(await preferences.rememberQuestion("s", {})).toMatchObject({ code: "not-remembered" });
    expect(await preferences.lastSweep()).toBeUndefined();
  });

  it("leave the signals of this process to the lab", async () => {
    const heard: string[] = [];
    const onSignal = () => void heard.push("SIGUSR2");
    process.on("SIGUSR2", onSignal);
    onTestFinished(() => void process.off("SIGUSR2", onSignal));
    await new Preferences(folder()).rememberSweep({});
    process.kill(process.pid, "SIGUSR2");
    await expect.poll(() => heard.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toEqual(["SIGUSR2"]);
  });
});
