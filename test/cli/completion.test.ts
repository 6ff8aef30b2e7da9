import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { gridSpec } from "../../src/core/experiment/defaults.ts";
import { Store } from "../../src/core/store/store.ts";
import { trialRecord } from "../fixtures/records.ts";

function runLab(args: readonly string[]) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    execFile("./lab", args, (error, stdout, stderr) => done({ code: error?.code ?? 0, stdout, stderr }));
  });
}

/** What may come next after some words, the last of them unfinished. */
async function candidates(...words: string[]): Promise<string[]> {
  const { stdout, code } = await runLab(["complete", "--", ...words]);
  expect(code).toBe(0);
  return stdout
    .trim()
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t")[0]!);
}

describe("tab completion", () => {
  it("knows the commands, and not the one that answers the shell", async () => {
    expect(await candidates("comp")).toEqual(["compare", "completion"]);
    expect(await candidates("plugins", "a")).toEqual(["add"]);
  });

  it("knows the options of a command", async () => {
    expect(await candidates("floor", "--con")).toContain("--concurrency");
    expect(await candidates("capacity", "--r")).toEqual(["--role", "--rate"]);
  });

  it("knows plugins by their kind, also later in a list", async () => {
    expect(await candidates("sweep", "--proxy", "h")).toEqual(["haproxy"]);
    expect(await candidates("sweep", "--load", "haproxy")).toEqual([]);
    expect(await candidates("sweep", "--proxy", "haproxy,tr")).toEqual(["haproxy,traefik"]);
  });

  it("knows the options of plugins", async () => {
    expect(await candidates("sweep", "--option", "haproxy.acc")).toEqual(["haproxy.accessLog="]);
  });

  it("knows figures, factors and files", async () => {
    const percentiles = ["latencyMs.p90", "latencyMs.p95", "latencyMs.p99", "latencyMs.p999"];
    expect(await candidates("chart", "--y", "latencyMs.p9")).toEqual(percentiles);
    expect(await candidates("chart", "--x", "ser")).toEqual(["servers"]);
    expect(await candidates("sweep", "experiments/smo")).toEqual(["experiments/smoke.yaml"]);
  });

  it("offers what the command takes where commands share the name of an option", async () => {
    expect(await candidates("recommend", "--method", "")).toEqual(["forward", "study"]);
    expect(await candidates("correlate", "--method", "")).toEqual(["spearman", "pearson"]);
    expect(await candidates("chart", "--x", "")).toEqual(["cpu", "memory", "servers", "concurrency", "rate"]);
    expect(await candidates("predict", "--figure", "a")).toEqual(["all"]);
    expect(await candidates("models", "--figure", "cpu")).toEqual(["cpuAchieved"]);
    expect(await candidates("compare", "--figure", "cpuA")).toEqual(["cpuAchieved"]);
  });

  it("knows the conditions that trials were made under, sweeps and trials", async () => {
    const dir = mkdtempSync(join(tmpdir(), "lab-completion-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const path = join(dir, "lab.sqlite");
    const store = Store.open(path);
    store.addSweep("s", { ...gridSpec, proxies: ["haproxy"], seed: 1 });
    const { scenario } = trialRecord();
    for (const [i, bodyBytes] of [1024, 10_240].entries())
      store.addTrial(trialRecord({ id: `s.${i}`, scenario: { ...scenario, bodyBytes } }));
    store.close();
    const ask = (...words: string[]) => candidates("--store", path, "recommend", ...words);
    expect(await ask("--body", "")).toEqual(["10K", "1K"]);
    expect(await ask("--sweep", "")).toEqual(["s"]);
    expect(await ask("--like", "s.")).toEqual(["s.0", "s.1"]);
    expect(await ask("--role", "f")).toEqual(["forward"]);
    expect(await ask("--profile", "")).toEqual(["fair", "as-shipped"]);
  });

  it("goes on where plugins.json or a folder cannot be read", async () => {
    expect(await candidates("--plugins", "nowhere.json", "sweep", "--role", "f")).toEqual(["forward"]);
    expect(await candidates("sweep", "nowhere/x")).toEqual([]);
  });

  it("prints a script for each shell, and refuses others in one line", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { stdout, code } = await runLab(["completion", shell]);
      expect(code).toBe(0);
      expect(stdout).toContain("lab complete --");
    }
    const { stderr, code } = await runLab(["completion", "tcsh"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^lab: .*"tcsh"\n.*\bbash, zsh, fish\n$/);
  });
});
