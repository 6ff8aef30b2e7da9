import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultSpec } from "../../src/core/experiment/defaults.ts";
import type { TrialRecord } from "../../src/core/records/record.ts";
import { Store } from "../../src/core/store/store.ts";
import { trialRecord } from "../fixtures/records.ts";
import { runCli } from "../fixtures/runCli.ts";

const levels = [0.1, 0.2, 0.3, 0.5];

/** A store with one sweep of each list of trials. */
function storeOf(sweeps: Readonly<Record<string, readonly TrialRecord[]>>): string {
  const dir = mkdtempSync(join(tmpdir(), "lab-analysis-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "lab.sqlite");
  const store = Store.open(path);
  for (const [id, records] of Object.entries(sweeps)) {
    const proxies = [...new Set(records.map(({ point }) => point.proxy))];
    store.addSweep(id, { ...defaultSpec, proxies, seed: 1 });
    records.forEach(
      (record, sequence) => void store.addTrial({ ...record, id: `${id}.${sequence}`, sweepId: id, sequence }),
    );
  }
  store.close();
  return path;
}

/** Requests/s follow CPU with a ripple of 2 %; `speed` scales them. */
function trials(proxy: string, speed: number, replicates = 2): TrialRecord[] {
  return Array.from({ length: replicates }, (_, replicate) =>
    levels.map((cpu, index) => {
      const ripple = 1 + 0.02 * Math.sin(7 * index + 3 * replicate + proxy.length);
      const base = trialRecord({ replicate, point: { proxy, cpu } });
      return { ...base, result: { ...base.result!, requestsPerSecond: 30_000 * cpu * speed * ripple } };
    }),
  ).flat();
}

const lab = (store: string, ...args: string[]) => runCli([...args, "--store", store]);

describe("lab compare", () => {
  const both = () => storeOf({ s1: [...trials("haproxy", 1), ...trials("traefik", 0.5)] });

  it("gives two proxies of a sweep as a ratio with its interval", async () => {
    const { code, stdout } = await lab(both(), "compare", "haproxy", "traefik");
    expect(code).toBe(0);
    expect(stdout).toContain("traefik is lower");
    expect(stdout).toMatch(/traefik \/ haproxy = 0\.5\d\d \(0\.\d+ to 0\.\d+, 95 %, 8 pairs\)/);
  });

  it("prints the same as JSON", async () => {
    const { stdout } = await lab(both(), "compare", "haproxy", "traefik", "--json");
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({
      first: "haproxy",
      second: "traefik",
      verdict: "lower",
      apart: false,
      regressed: false,
    });
    expect(found.pairings).toHaveLength(4);
  });

  it("exits with 5 when the second is worse by more than allowed, and else with 0", async () => {
    const store = both();
    expect((await lab(store, "compare", "haproxy", "traefik", "--max-regress", "5%")).code).toBe(5);
    expect((await lab(store, "compare", "haproxy", "traefik", "--max-regress", "60%")).code).toBe(0);
    expect((await lab(store, "compare", "traefik", "haproxy", "--max-regress", "5%")).code).toBe(0);
  });

  it("compares two sweeps, and says that they were made at different times", async () => {
    const store = storeOf({ s1: trials("haproxy", 1), s2: trials("haproxy", 0.7) });
    const { stdout, code } = await lab(store, "compare", "s1", "s2", "--max-regress", "10%");
    expect(stdout).toContain("measured at different times");
    expect(stdout).toContain("s2 is lower");
    expect(code).toBe(5);
  });

  it("refuses names that are neither two proxies of a sweep nor two sweeps", async () => {
    const { code, stderr } = await lab(both(), "compare", "haproxy", "nginx");
    expect(code).toBe(4);
    expect(stderr).toMatch(/no sweep has both proxies haproxy and nginx.*\n.*--proxy haproxy,nginx/);
  });

  it("refuses a share that is none", async () => {
    const { code, stderr } = await lab(both(), "compare", "haproxy", "traefik", "--max-regress", "lots");
    expect(code).toBe(2);
    expect(stderr).toContain('--max-regress: "lots" is not a share such as 5% or 0.05');
  });
});

describe("lab models", () => {
  it("compares all models on points left out and says which answers", async () => {
    const { code, stdout } = await lab(
      storeOf({ s1: trials("haproxy", 1, 3) }),
      "models",
      "--proxy",
      "haproxy",
      "--json",
    );
    expect(code).toBe(0);
    const { models, used } = JSON.parse(stdout);
    expect(models.map(({ model }: { model: string }) => model)).toEqual(
      expect.arrayContaining(["capacity-law", "forest", "gaussian-process", "mean", "random-forest"]),
    );
    expect(["mean", "random-forest", "random-forest-log", "k-nearest", "decision-tree"]).not.toContain(used);
    const law = models.find(({ model }: { model: string }) => model === "capacity-law");
    expect(law.medianApe).toBeLessThan(0.05);
  });

  it("lets one be asked by name", async () => {
    const question = ["predict", "--proxy", "haproxy", "--cpu", "0.3", "--model", "mean", "--json"];
    const { stdout } = await lab(storeOf({ s1: trials("haproxy", 1, 3) }), ...question);
    expect(JSON.parse(stdout).model).toBe("mean");
  });
});

describe("lab floor", () => {
  it("looks at one proxy, and finds the limit itself", async () => {
    const store = storeOf({});
    expect((await lab(store, "floor")).stderr).toContain("floor needs a proxy");
    expect((await lab(store, "floor", "--proxy", "haproxy", "--memory", "64M")).stderr).toContain(
      "--memory: floor looks",
    );
    expect((await lab(store, "floor", "--proxy", "haproxy", "--cpu", "0.1,0.2")).stderr).toContain("one setting");
  });
});
