import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import type { LabEvent } from "../../src/core/domain/events.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { gridScenario, gridSpec } from "../../src/core/experiment/defaults.ts";
import { Lab } from "../../src/core/lab.ts";
import { SweepControl } from "../../src/core/measure/sweep/control.ts";
import { ownStore, type Run, runLab, startLab } from "../fixtures/runLab.ts";

const fakes = ["--plugins", "test/fixtures/plugins/plugins.json", "--limiter", "unlimited", "--load", "autocannon"];
const sweep = ["sweep", ...fakes, "--proxy", "builtin", "--warmup", "0", "--json"];

function eventsOf({ stdout }: Run): LabEvent[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LabEvent);
}

function recordsOf(run: Run): TrialRecord[] {
  return eventsOf(run).flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
}

describe("a sweep", () => {
  it("that was interrupted goes on where it stopped, with the same plan", async () => {
    const store = ownStore();
    const first = startLab([...sweep, "--cpu", "0.2,0.4,0.6", "--window", "1s"], { store });
    await first.until(/trial-finished/);
    first.child.kill("SIGINT");
    const before = await first.finished;
    expect(before.code).toBe(130);
    const after = await runLab(["sweep", ...fakes.slice(0, 2), "--resume", "--json"], { store });
    expect(after.code).toBe(0);
    const points = [...recordsOf(before), ...recordsOf(after)].map(({ point }) => point.cpu);
    expect(points.toSorted()).toEqual([0.2, 0.4, 0.6]);
    expect(new Set(eventsOf(after).map(({ sweepId }) => sweepId))).toEqual(new Set([eventsOf(before)[0]!.sweepId]));
  });

  it("prints its events on stdout and nothing else, in order", async () => {
    const events = eventsOf(await runLab([...sweep, "--cpu", "0.5", "--window", "1s"]));
    const types = events.map(({ type }) => type).filter((type) => type !== "sample" && type !== "warning");
    const trial = ["trial-started", "baseline", "trial-finished"];
    expect(types).toEqual(["sweep-planned", ...trial, "baseline", "sweep-finished"]);
    expect(events.every(({ schemaVersion, at }) => schemaVersion === 1 && !Number.isNaN(Date.parse(at)))).toBe(true);
  });

  it("leaves out what nobody measured instead of calling it 0", async () => {
    const [record] = recordsOf(await runLab([...sweep, "--cpu", "0.5", "--window", "1s"]));
    expect(record!.usage).not.toHaveProperty("cpuSeconds");
    expect(record!.usage).not.toHaveProperty("oomKills");
    expect(record!.point).not.toHaveProperty("memoryBytes");
    expect(record!.verdict!.bound).not.toBe("proxy-bound");
  });

  it("starts another proxy for a trial that is repeated, where each trial is to have a new one", async () => {
    const lab = await Lab.open({ plugins: fakes[1]!, store: ":memory:" });
    onTestFinished(() => lab.close());
    const control = new SweepControl();
    let repeated = false;
    const onEvent = ({ type }: LabEvent) => {
      if (type !== "sample" || repeated) return;
      repeated = true;
      control.tell({ do: "repeat" });
    };
    const parts = { proxies: ["builtin"], loadTools: ["autocannon"], limiters: ["unlimited"] };
    const scenario = { ...gridScenario, warmupSeconds: 0, windowSeconds: 1, maxWindowSeconds: 1, fresh: true };
    const spec = { ...gridSpec, ...parts, cpu: [0.5], anchors: 0, seed: 1, scenario };
    const { id } = await lab.sweeps.run(spec, { signal: new AbortController().signal, onEvent, control });
    expect(repeated).toBe(true);
    expect(lab.store.trials({ sweepId: id })).toMatchObject([{ status: "completed", freshProcess: true }]);
  });

  it("sends its load to an origin of the user's where one is named", async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      response.end("from outside");
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((listening) => void server.listen(0, "127.0.0.1", () => listening()));
    const { port } = server.address() as { port: number };
    const origin = ["--origin", `http://127.0.0.1:${port}/some/path`];
    const [record] = recordsOf(await runLab([...sweep, "--cpu", "0.5", "--window", "1s", ...origin]));
    expect(record!.status).toBe("completed");
    expect(asked).toBeGreaterThanOrEqual(record!.result!.completedRequests);
    expect(record).not.toHaveProperty("originServed");
  });
});
