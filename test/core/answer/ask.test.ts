import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Answers, type GoalQuestion } from "../../../src/core/answer/ask.ts";
import type { Measure } from "../../../src/core/answer/setting.ts";
import { Learning } from "../../../src/core/answer/source.ts";
import type { Face, LabNotice } from "../../../src/core/domain/face.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { Registry } from "../../../src/core/hosting/registry.ts";
import { Preferences } from "../../../src/core/preferences.ts";
import { Store } from "../../../src/core/store/store.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import haproxy from "../../../src/plugins/proxies/haproxy.ts";
import { expectRejection } from "../../fixtures/errors.ts";
import { visits } from "../../fixtures/visits.ts";
import { rateAt, spreadCpus, trial } from "./synthetic.ts";

const machine = { cpuModel: cpus()[0]?.model.trim() ?? "unknown", cores: 2 };

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "lab-answers-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Trials of a proxy that is `speed` times as fast as the usual one, made on this machine. */
function trials(proxy: string, speed: number, sweepId = "s1"): TrialRecord[] {
  return spreadCpus(14).map((cpu, sequence) => {
    const made = trial({ cpu, proxy }, speed * rateAt(cpu));
    return {
      ...made,
      id: `${sweepId}.${proxy}.${sequence}`,
      sweepId,
      environment: { ...made.environment, ...machine },
    };
  });
}

/** Answers from a store in memory, where sweeps measure a machine `speed` times as fast. */
function answersFrom(records: readonly TrialRecord[], { speed = 1, preferences = folder() } = {}) {
  const store = Store.open(":memory:");
  onTestFinished(() => store.close());
  const add = (more: readonly TrialRecord[]) => {
    const ids = [...new Set(more.map(({ sweepId }) => sweepId))].filter((id) => !store.sweep(id));
    const spec = { ...gridSpec, proxies: [], seed: 1 };
    store.addAll(
      ids.map((id) => ({ id, createdAt: "2026-01-01", status: "finished", spec })),
      more,
    );
  };
  add(records);
  const entries = [law, haproxy].map((plugin) => ({ plugin, options: {}, source: "test" }));
  const fit = vi.fn(law.fit);
  const ground = { registry: new Registry(entries), store, host: machine, models: () => [{ ...law, fit }] };
  const measure = vi.fn<Measure>(async ({ cpu, proxies }) => {
    const measured = cpu.map((limit) => trial({ cpu: limit, proxy: proxies[0]! }, speed * rateAt(limit)));
    return { id: "s9", status: "finished", trials: measured };
  });
  const notices: LabNotice[] = [];
  const face: Face = {
    onNotice: (notice) => notices.push(notice),
    running: (work) => work({ signal: new AbortController().signal, onEvent: () => {} }),
  };
  const answers = new Answers(new Learning(ground, measure, face), new Preferences(preferences));
  return { answers, add, notices, fit, measure };
}

const about = { proxy: "haproxy" };
const wanted: Omit<GoalQuestion, "proxies"> = {
  source: {},
  goals: { requestsPerSecond: 6000 },
  levels: {},
  confidence: 0.9,
};

describe("answers", () => {
  it("are learned once, and again when further trials are stored", async () => {
    const { answers, add, fit } = answersFrom(trials("haproxy", 1));
    const ask = () => answers.predict(about, "requestsPerSecond", { cpu: 0.3 }, 0.9);
    const first = await ask();
    const fits = fit.mock.calls.length;
    expect(await ask()).toEqual(first);
    expect(fit).toHaveBeenCalledTimes(fits);
    add([{ ...trials("haproxy", 1, "s2")[5]! }]);
    expect(await ask()).toMatchObject({ ok: true, rowsUsed: 15 });
    expect(fit.mock.calls.length).toBeGreaterThan(fits);
  });

  it("are at the one reference speed of all trials of the store, or from figures as measured", async () => {
    const made = (proxy: string, slowness: number) =>
      visits({ cpus: spreadCpus(8), rounds: 6, sweepId: proxy, slowness, point: { proxy } });
    const { answers } = answersFrom([...made("haproxy", 1.3), ...made("traefik", 1)]);
    const ask = async (proxy: string, raw: boolean) => {
      const found = await answers.predict({ proxy, raw }, "requestsPerSecond", { cpu: 0.3 }, 0.9);
      if (!found.ok) throw new Error(found.refusal.message);
      return found;
    };
    const [haproxy, traefik] = [await ask("haproxy", false), await ask("traefik", false)];
    expect(haproxy.speed?.figures).toBe("at reference speed");
    expect(haproxy.rowsUsed).toBe(48);
    expect(haproxy.quantity.estimate / traefik.quantity.estimate).toBeCloseTo(1, 1);
    const asMeasured = await ask("haproxy", true);
    expect(asMeasured.speed?.figures).toBe("as measured");
    expect(asMeasured.quantity.estimate / (await ask("traefik", true)).quantity.estimate).toBeLessThan(0.9);
    const width = ({ quantity: { low, high } }: typeof haproxy) => high / low;
    expect(width(haproxy)).toBeLessThan(width(asMeasured));
  });

  it("say what they were not learned from", async () => {
    const other = trials("haproxy", 1)[0]!;
    const older = { ...other, id: "older", scenario: { ...other.scenario, bodyBytes: 7 }, startedAt: "2020-01-01" };
    const { answers, notices } = answersFrom([...trials("haproxy", 1), older]);
    await answers.predict(about, "requestsPerSecond", { cpu: 0.3 }, 0.9);
    expect(notices).toEqual([{ code: "trials-left-out", proxy: "haproxy", trials: 1, differ: ["bodyBytes"] }]);
  });

  it("are of a closed loop, and tell of trials of an open one, also where what is left is too little", async () => {
    const open = trials("haproxy", 1, "open").map((one) => ({
      ...one,
      point: { ...one.point, requestsPerSecond: 500 },
    }));
    const leftOut = { code: "trials-left-out", proxy: "haproxy", trials: open.length, differ: ["loop", "rate"] };
    const ask = ({ answers }: ReturnType<typeof answersFrom>) =>
      answers.predict(about, "requestsPerSecond", { cpu: 0.3 }, 0.9);
    const enough = answersFrom([...trials("haproxy", 1), ...open]);
    expect(await ask(enough)).toMatchObject({ ok: true, rowsUsed: 14 });
    expect(enough.notices).toEqual([leftOut]);
    const few = answersFrom([...trials("haproxy", 1).slice(0, 2), ...open]);
    expect(await ask(few)).toMatchObject({ ok: false, refusal: { code: "too-few-configurations" } });
    expect(few.notices).toEqual([leftOut]);
  });

  it("refuse where nothing was measured, and fail where a name is unknown or trials were made otherwise", async () => {
    const { answers } = answersFrom(trials("haproxy", 1));
    const empty = answersFrom([]).answers;
    const at = ["requestsPerSecond", { cpu: 0.3 }, 0.9] as const;
    expect(await empty.predict(about, ...at)).toMatchObject({ ok: false, refusal: { code: "no-trials" } });
    await expectRejection(empty.predict({ proxy: "nonsense" }, ...at), "LAB_UNKNOWN_PLUGIN", "nonsense");
    await expectRejection(answers.predict({ ...about, role: "forward" }, ...at), "LAB_NO_DATA", "forward");
    await expectRejection(answers.predict({ ...about, model: "nonsense" }, ...at), "LAB_UNKNOWN_PLUGIN", "nonsense");
  });
});

describe("saved models", () => {
  async function saved(records = trials("haproxy", 1)): Promise<string> {
    const file = join(folder(), "models.json");
    await answersFrom(records).answers.save(about, ["requestsPerSecond"], file);
    return file;
  }
  const at = ["requestsPerSecond", { cpu: 0.3 }, 0.9] as const;

  it("answer as the store did that they were learned from", async () => {
    const from = await saved();
    const { answers, notices, fit } = answersFrom(trials("haproxy", 1));
    expect(await answers.predict({ ...about, from }, ...at)).toEqual(await answers.predict(about, ...at));
    expect(notices).toEqual([]);
    expect(await answersFrom([]).answers.predict({ ...about, from }, ...at)).toMatchObject({ ok: true });
    expect(fit).toHaveBeenCalled();
    expect(await answers.saved(from)).toMatchObject({ proxy: "haproxy", models: { requestsPerSecond: law.id } });
  });

  it("say that the store has other trials, and that the machine is another one", async () => {
    const elsewhere = (one: TrialRecord) => ({
      ...one,
      environment: { ...one.environment, cpuModel: "other", cores: 64 },
    });
    const from = await saved(trials("haproxy", 1).map(elsewhere));
    const { answers, notices } = answersFrom(trials("haproxy", 2, "s2"));
    await answers.predict({ ...about, from }, ...at);
    expect(notices).toEqual([
      { code: "other-machine", cpuModel: "other", cores: 64 },
      { code: "other-trials", proxy: "haproxy", trials: 14, unknown: 14 },
    ]);
  });

  it("are scaled to this machine by trials that are run once", async () => {
    const from = await saved();
    const { answers, notices, measure } = answersFrom([], { speed: 0.5 });
    const question = { ...about, from, calibrate: true };
    const scaled = await answers.predict(question, ...at);
    expect(await answers.predict(question, ...at)).toEqual(scaled);
    expect(measure).toHaveBeenCalledTimes(1);
    expect(notices).toMatchObject([{ code: "calibrated", target: "requestsPerSecond" }]);
    const unscaled = await answers.predict({ ...about, from }, ...at);
    if (!scaled.ok || !unscaled.ok) throw new Error("no answer");
    expect(scaled.quantity.estimate / unscaled.quantity.estimate).toBeCloseTo(0.5, 1);
  });

  it("know one proxy and the figures that were saved", async () => {
    const from = await saved();
    const { answers } = answersFrom([]);
    await expectRejection(answers.predict({ proxy: "traefik", from }, ...at), "LAB_USAGE", "haproxy", "traefik");
    const peak = answers.predict({ ...about, from }, "memoryPeakBytes", { cpu: 0.3 }, 0.9);
    await expectRejection(peak, "LAB_USAGE", "memoryPeakBytes");
    await expectRejection(answers.saved(`${from}.gone`), "LAB_USAGE", "--from");
  });
});

describe("recommendations", () => {
  const both = [...trials("haproxy", 1), ...trials("traefik", 2)];
  const question = { ...wanted, proxies: ["haproxy", "traefik"] };

  it("are ranked by the CPU that they need, and remembered to be verified", async () => {
    const { answers, measure } = answersFrom(both);
    await expectRejection(answers.last(), "LAB_NO_DATA");
    const ranked = await answers.rank(question);
    expect(ranked.map(({ proxy, found }) => [proxy, found.ok])).toEqual([
      ["traefik", true],
      ["haproxy", true],
    ]);
    expect(await answers.last()).toEqual(question);
    const claim = await answers.verifiable(await answers.last());
    if ("refusal" in claim) throw new Error(claim.refusal.message);
    expect(claim).toMatchObject({ proxy: "traefik", example: { point: { proxy: "traefik" } } });
    const options = { signal: new AbortController().signal, onEvent: () => {}, replicates: 1 };
    expect((await answers.verify(claim, options)).sweepId).toBe("s9");
    expect(measure.mock.calls[0]![0]).toMatchObject({ proxies: ["traefik"], title: "verification" });
  });

  it("are not remembered where none was found, and not lost where they cannot be", async () => {
    const unmet = answersFrom(both).answers;
    expect((await unmet.rank({ ...question, goals: { requestsPerSecond: 1e9 } })).some(({ found }) => found.ok)).toBe(
      false,
    );
    await expectRejection(unmet.last(), "LAB_NO_DATA");
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const { answers, notices } = answersFrom(both, { preferences: join(file, "below") });
    expect((await answers.rank(question))[0]!.found.ok).toBe(true);
    expect(notices).toMatchObject([{ code: "not-remembered" }]);
  });
});
