import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Plugin } from "../../src/core/contract/index.ts";
import { type LabNotice, silentFace } from "../../src/core/domain/face.ts";
import { figureOf } from "../../src/core/domain/figures.ts";
import type { SweepSpec } from "../../src/core/domain/spec.ts";
import { gridSpec } from "../../src/core/experiment/defaults.ts";
import { Registry } from "../../src/core/hosting/registry.ts";
import { Sweeps } from "../../src/core/lab/sweeps.ts";
import type { Workplace } from "../../src/core/lab/workplace.ts";
import { Lab } from "../../src/core/lab.ts";
import pacer from "../../src/plugins/load/pacer.ts";
import vegeta from "../../src/plugins/load/vegeta.ts";
import { expectError, expectRejection } from "../fixtures/errors.ts";
import { trialRecord } from "../fixtures/records.ts";
import { visits } from "../fixtures/visits.ts";

const spec: SweepSpec = { ...gridSpec, proxies: ["haproxy", "traefik"], seed: 1 };

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "lab-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function opened(named: { store?: string; plugins?: string } = {}): Promise<Lab> {
  const lab = await Lab.open({ store: ":memory:", plugins: "plugins.json", ...named });
  onTestFinished(() => lab.close());
  return lab;
}

/** A lab with one sweep of two proxies, the second one half as fast. */
async function measured(named: { store?: string } = {}): Promise<Lab> {
  const lab = await opened(named);
  const of = (proxy: string, rate: number) =>
    [0.1, 0.2, 0.4].map((cpu) => {
      const made = trialRecord({ id: `s1.${proxy}.${cpu}`, sweepId: "s1", point: { proxy, cpu } });
      return { ...made, result: { ...made.result!, requestsPerSecond: rate * cpu } };
    });
  lab.store.addAll(
    [{ id: "s1", createdAt: "2026-01-01T00:00:00Z", status: "finished", spec }],
    [...of("haproxy", 2000), ...of("traefik", 1000)],
  );
  return lab;
}

describe("the lab", () => {
  it("opens on the plugins that can be used, and names the others", async () => {
    const plugins = join(folder(), "plugins.json");
    writeFileSync(plugins, JSON.stringify({ plugins: [resolve("src/plugins/load/wrk.ts"), "./gone.ts"] }));
    const notices: LabNotice[] = [];
    const face = { ...silentFace, onNotice: (notice: LabNotice) => notices.push(notice) };
    const lab = await Lab.open({ plugins, store: ":memory:" }, face);
    expect(notices).toMatchObject([{ code: "plugin-left-out", file: plugins }]);
    expect(lab.pluginsInUse).toMatchObject({ file: plugins, plugins: [{ kind: "load", id: "wrk" }] });
    expect(await Lab.plugins({ plugins }).list()).toEqual(lab.pluginsInUse);
  });

  it("plans a sweep, and says what it would be, before anything is started", async () => {
    const lab = await opened();
    expect(await lab.sweeps.plan({ proxy: "haproxy", cpu: "0.1,0.2" })).toMatchObject({ cpu: [0.1, 0.2] });
    const flags = { proxy: "haproxy", load: "wrk", limiter: "cgroup", cpu: "0.1,0.2", anchors: "0" };
    expect(await lab.sweeps.preview(flags)).toMatchObject({ trials: 2 });
    const running = { signal: new AbortController().signal, onEvent: () => {} };
    await expectRejection(lab.sweeps.run({ ...spec, proxies: ["nonsense"] }, running), "LAB_UNKNOWN_PLUGIN");
    expect(lab.store.sweeps()).toEqual([]);
    expectError(() => lab.sweeps.interrupted(), "LAB_NO_DATA");
    expectError(() => lab.study.newest(), "LAB_NO_DATA");
  });

  it("goes on with a sweep only where plugins.json sets no other options than it was begun with", async () => {
    const plugins = join(folder(), "plugins.json");
    const haproxy = { use: "builtin:proxies/haproxy", options: { threads: 3 } };
    writeFileSync(plugins, JSON.stringify({ plugins: [haproxy, "builtin:load/wrk", "builtin:limiters/cgroup"] }));
    const lab = await opened({ plugins });
    lab.store.addSweep("begun", { ...spec, proxies: ["haproxy"] });
    lab.store.endSweep("begun", "interrupted");
    const { spec: stored } = lab.sweeps.interrupted();
    const resumed = lab.sweeps.run(stored, {
      resume: "begun",
      signal: new AbortController().signal,
      onEvent: () => {},
    });
    await expectRejection(resumed, "LAB_USAGE", "haproxy.threads");
    expect(lab.store.find("begun").status).toBe("interrupted");
  });

  it("sends an open loop by the load tool of the shortest tail that is installed, and tells of one that is not", async () => {
    const { host } = (await opened()).workplace;
    const entryOf = <P extends Plugin>(plugin: P) => ({ plugin, options: {}, source: "test" });
    const missing = { ...vegeta, program: { ...vegeta.program, executables: ["no-such-program"] } };
    const notices: LabNotice[] = [];
    const sweepsWith = (...plugins: Plugin[]) =>
      new Sweeps({ registry: new Registry(plugins.map(entryOf)), host } as Workplace, {
        ...silentFace,
        onNotice: (notice) => notices.push(notice),
      });
    const flags = { proxy: "haproxy", cpu: "0.1", rate: "500" };
    const there = { ...missing, detect: async () => ({ available: true }) as const };
    expect((await sweepsWith(pacer, there).planOpenLoop(flags)).loadTools).toEqual(["vegeta"]);
    expect((await sweepsWith(pacer, missing).planOpenLoop({ ...flags, load: "wrk" })).loadTools).toEqual(["wrk"]);
    expect((await sweepsWith(pacer, missing).planOpenLoop({ ...flags, arrivals: "poisson" })).loadTools).toEqual([
      "pacer",
    ]);
    expect(notices).toEqual([]);
    expect((await sweepsWith(pacer, missing).planOpenLoop(flags)).loadTools).toEqual(["pacer"]);
    expect(notices).toEqual([{ code: "longer-tail", loadTool: "pacer", missing: "vegeta" }]);
  });

  it("follows a sweep of another process to its end", async () => {
    const lab = await measured();
    const seen: string[] = [];
    for await (const { id } of lab.sweeps.follow("s1", new AbortController().signal)) seen.push(id);
    expect(seen).toHaveLength(6);
  });

  it("compares proxies of a sweep, and says whether the second is worse by more than allowed", async () => {
    const { analysis } = await measured();
    const rate = figureOf("requestsPerSecond");
    const judge = (maxRegress: number) =>
      analysis.compare(["haproxy", "traefik"], rate, { confidence: 0.9, maxRegress });
    expect(judge(0.1).found.ratio?.estimate).toBeCloseTo(0.5, 2);
    expect([judge(0.1).gate, judge(0.6).gate]).toEqual(["regressed", "passed"]);
    expectError(() => analysis.compare(["haproxy", "squid"], rate, { confidence: 0.9 }), "LAB_NO_DATA", "squid");
    expect(
      analysis.correlate(undefined, undefined, { confidence: 0.9 }).map(({ proxy, trials }) => [proxy, trials]),
    ).toEqual([
      ["haproxy", 3],
      ["traefik", 3],
    ]);
  });

  it("looks at trials of several sweeps at one speed, compares so, and exports rates either way", async () => {
    const lab = await opened();
    const sweep = (id: string) => ({ id, createdAt: "2026-01-01T00:00:00Z", status: "finished", spec }) as const;
    const slow = visits({ sweepId: "slow", slowness: 1.3 });
    lab.store.addAll([sweep("usual"), sweep("slow")], [...visits({ sweepId: "usual" }), ...slow]);
    const ratio = (raw: boolean) => {
      const wish = { confidence: 0.9, raw };
      return lab.analysis.compare(["usual", "slow"], figureOf("requestsPerSecond"), wish);
    };
    expect(ratio(false)).toMatchObject({ speed: { figures: "at reference speed", readings: 36 } });
    expect(ratio(false).found.ratio!.estimate).toBeCloseTo(1, 2);
    expect(ratio(true)).toMatchObject({ speed: { figures: "as measured" } });
    expect(ratio(true).found.ratio!.estimate).toBeCloseTo(1.3 ** -1.6, 1);
    const p99 = lab.analysis.compare(["usual", "slow"], figureOf("latencyMs.p99"), { confidence: 0.9 });
    expect(p99).not.toHaveProperty("speed");

    expect(lab.trialsOf([{ id: "slow" }], { raw: true })).toEqual(slow);
    const [own, both] = [lab.trialsOf([{ id: "slow" }]), lab.trialsOf([{ id: "usual" }, { id: "slow" }])];
    expect(own[0]!.correction!.probeMicros).toBeGreaterThan(both[18]!.correction!.probeMicros);

    const { data } = await lab.exchange.export(undefined, { format: "json", segments: false });
    const rows = (JSON.parse(String(data)) as Record<string, unknown>[]).filter(({ sweepId }) => sweepId === "slow");
    expect(rows[0]).toMatchObject({
      requestsPerSecond: slow[0]!.result!.requestsPerSecond,
      requestsPerSecondAtReferenceSpeed: expect.closeTo(both[18]!.result!.requestsPerSecond),
      speedProbeMicros: slow[0]!.speed!.probeMicros,
      speedSamples: 40,
    });
  });

  it("hands sweeps on in a bundle, and trials as tidy data", async () => {
    const lab = await measured();
    const file = join(folder(), "new", "bundle.gz");
    expect(await lab.exchange.bundle(file, ["s1"], "a note")).toMatchObject({ sweeps: 1, trials: 6 });
    const other = await opened();
    expect((await other.exchange.import(file)).done).toEqual({ sweeps: 1, trials: 6, known: 0 });
    expect(other.store.trials()).toEqual(lab.store.trials());
    expect(other.study.newestOrSweep().map(({ id }) => id)).toEqual(["s1"]);
    const wish = { format: "json", segments: false } as const;
    expect(await lab.exchange.export(undefined, wish)).toMatchObject({ rows: 6 });
    await expectRejection((await opened()).exchange.export(undefined, wish), "LAB_NO_DATA");
    await expectRejection(lab.exchange.export(["s2"], wish), "LAB_NO_DATA", "s2");
  });
});
