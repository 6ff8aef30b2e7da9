import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Answers, GoalQuestion } from "../../../src/core/answer/ask.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import { expectRejection } from "../../fixtures/errors.ts";
import { visits } from "../../fixtures/visits.ts";
import { answersFrom, folder, machine } from "./answering.ts";
import { rateAt, spreadCpus, trial } from "./synthetic.ts";

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
    const { answers } = answersFrom([...trials("haproxy", 1), older]);
    const { data } = await answers.predict(about, "requestsPerSecond", { cpu: 0.3 }, 0.9);
    expect(data).toMatchObject({
      trials: 14,
      leftOut: [{ trials: 1, differ: { bodyBytes: 7 }, flags: ["--body", "7"] }],
    });
  });

  it("are of a closed loop, and tell of trials of an open one, also where what is left is too little", async () => {
    const open = trials("haproxy", 1, "open").map((one) => ({
      ...one,
      point: { ...one.point, requestsPerSecond: 500 },
    }));
    const leftOut = [{ trials: open.length, differ: { loop: "open" }, flags: ["--loop", "open"] }];
    const ask = ({ answers }: ReturnType<typeof answersFrom>) =>
      answers.predict(about, "requestsPerSecond", { cpu: 0.3 }, 0.9);
    expect(await ask(answersFrom([...trials("haproxy", 1), ...open]))).toMatchObject({
      ok: true,
      rowsUsed: 14,
      data: { leftOut },
    });
    const few = answersFrom([...trials("haproxy", 1).slice(0, 2), ...open]);
    expect(await ask(few)).toMatchObject({
      ok: false,
      refusal: { code: "too-few-configurations" },
      data: { leftOut },
    });
  });

  it("refuse where nothing was measured, or not so, and fail where a name is unknown", async () => {
    const { answers } = answersFrom(trials("haproxy", 1));
    const empty = answersFrom([]).answers;
    const at = ["requestsPerSecond", { cpu: 0.3 }, 0.9] as const;
    expect(await empty.predict(about, ...at)).toMatchObject({ ok: false, refusal: { code: "no-trials" } });
    await expectRejection(empty.predict({ proxy: "nonsense" }, ...at), "LAB_UNKNOWN_PLUGIN", "nonsense");
    expect(await answers.predict({ ...about, role: "forward" }, ...at)).toMatchObject({
      refusal: { code: "other-conditions", leftOut: [{ trials: 14, differ: { role: "reverse" } }] },
    });
    for (const name of [{ loadTool: "nonsense" }, { limiter: "nonsense" }])
      await expectRejection(answers.predict({ ...about, ...name }, ...at), "LAB_UNKNOWN_PLUGIN", "nonsense");
    await expectRejection(answers.predict({ ...about, model: "nonsense" }, ...at), "LAB_UNKNOWN_PLUGIN", "nonsense");
  });
});

describe("the conditions of answers", () => {
  const at = ["requestsPerSecond", { cpu: 0.3 }, 0.9] as const;
  const goals = { requestsPerSecond: 6000 };
  /** The same trials, changed. */
  const changed = (records: readonly TrialRecord[], name: string, point: object, scenario: object = {}) =>
    records.map((one) => ({
      ...one,
      id: `${name}.${one.id}`,
      startedAt: "2030-01-01T00:00:00.000Z",
      point: { ...one.point, ...point },
      scenario: { ...one.scenario, ...scenario },
    }));
  const limited = changed(trials("haproxy", 1), "limited", { memoryBytes: 2 ** 28 });
  const ask = async (answers: Answers, ...[question, levels = {}]: [question?: object, levels?: object]) => {
    const found = await answers.recommend({ ...about, ...question }, goals, levels, 0.9);
    if (!found.ok) throw new Error(found.refusal.message);
    return found;
  };

  it("are not changed by one stray trial, which can be asked for, and is refused with what to ask instead", async () => {
    const stray = changed(trials("haproxy", 1).slice(3, 4), "stray", {}, { bodyBytes: 10_240 });
    const { answers } = answersFrom([...trials("haproxy", 1), ...stray]);
    const [before, after] = [await ask(answersFrom(trials("haproxy", 1)).answers), await ask(answers)];
    expect(after.recommendedCpu).toBe(before.recommendedCpu);
    expect(after.data).toMatchObject({ trials: 14, leftOut: [{ trials: 1, differ: { bodyBytes: 10_240 } }] });
    expect(await answers.recommend({ ...about, bodyBytes: 10_240 }, goals, {}, 0.9)).toMatchObject({
      refusal: { code: "too-few-configurations" },
      data: { trials: 1, leftOut: [{ trials: 14, differ: { bodyBytes: 1024 }, flags: ["--body", "1K"] }] },
    });
  });

  it("keep the memory limit that was measured, however a trial without one came in", async () => {
    const stray = changed(trials("haproxy", 1).slice(3, 4), "stray", {});
    const { answers } = answersFrom([...limited, ...stray]);
    const found = await ask(answers);
    expect(found).toMatchObject({
      memory: { bytes: 2 ** 28, from: "limit" },
      data: { excluded: { "no-memory-limit": 1 } },
    });
    expect(found.untested).toBeUndefined();
    expect(await ask(answers, {}, { memoryBytes: 2 ** 28 })).toMatchObject({ memory: { bytes: 2 ** 28 } });
    expect(await answers.recommend({ ...about, noMemoryLimit: true }, goals, {}, 0.9)).toMatchObject({
      data: { trials: 1, excluded: { "memory-limit": 14 } },
    });
  });

  it("say what no trial ran under: a memory limit from the use, or asked for, and CPU beyond what was measured", async () => {
    const peaks = trials("haproxy", 1).map((one) => ({ ...one, usage: { memoryPeakBytes: 7 * 2 ** 20 } }));
    expect(await ask(answersFrom(peaks).answers)).toMatchObject({ memory: { from: "peak" }, untested: ["memory"] });
    const { answers } = answersFrom(limited);
    expect(await ask(answers, {}, { memoryBytes: 300 * 2 ** 20 })).toMatchObject({
      memory: { from: "question" },
      untested: ["memory"],
    });
    const predict = (levels: object) => answers.predict(about, "requestsPerSecond", levels, 0.9);
    expect(await predict({ cpu: 1 })).toMatchObject({ ok: true, untested: ["cpu"] });
    expect(await predict({ cpu: 0.3 })).not.toHaveProperty("untested");
    // Only half of the CPU limits were measured with little memory.
    const little = changed(limited.slice(0, 7), "little", { memoryBytes: 2 ** 27 });
    const both = answersFrom([...limited, ...little]).answers;
    expect(await ask(both, {}, { memoryBytes: 2 ** 27 })).toMatchObject({ untested: ["cpu"] });
  });

  it("take the connections and servers that were measured most, and say so", async () => {
    const few = changed(trials("haproxy", 0.8).slice(2, 8), "few", { concurrency: 8 });
    const many = changed(trials("haproxy", 0.9).slice(2, 9), "many", { concurrency: 128, servers: 3 });
    const { answers } = answersFrom([...few, ...trials("haproxy", 1), ...many]);
    const taken = [
      { factor: "servers", level: 1, measured: [1, 3] },
      { factor: "concurrency", level: 32, measured: [8, 32, 128] },
    ];
    const found = await ask(answers);
    expect(found).toMatchObject({ levels: { servers: 1, concurrency: 32 }, data: { taken } });
    expect(await ask(answers, {}, { servers: 1, concurrency: 32 })).toMatchObject({
      recommendedCpu: found.recommendedCpu,
      data: { taken: [] },
    });
    // Those that were measured together.
    expect((await ask(answers, {}, { servers: 3 })).levels.concurrency).toBe(128);
    expect(await answers.predict(about, ...at)).toMatchObject({
      ok: true,
      data: { levels: { cpu: 0.3, concurrency: 32 } },
    });
    expect(await answers.curve(about, "requestsPerSecond", {}, 0.9)).toMatchObject({ ok: true, data: { taken } });
  });

  it("take the memory limit that was measured most where a prediction needs one", async () => {
    const small = changed(trials("haproxy", 0.8).slice(2, 8), "small", { memoryBytes: 2 ** 26 });
    const { answers } = answersFrom([...limited, ...small]);
    const taken = [{ factor: "memoryBytes", level: 2 ** 28, measured: [2 ** 26, 2 ** 28] }];
    expect(await answers.predict(about, ...at)).toMatchObject({ ok: true, data: { taken } });
    expect((await ask(answers)).choices).toHaveLength(2);
  });

  it("are those of some sweeps, or of one trial", async () => {
    const other = changed(trials("haproxy", 0.9, "s2"), "other", { concurrency: 8 }, { bodyBytes: 10_240 });
    const { answers } = answersFrom([...trials("haproxy", 1), ...trials("haproxy", 1, "s3"), ...other]);
    const conditions = async (question: object) => (await ask(answers, question)).data;
    expect(await conditions({ sweeps: ["s2"] })).toMatchObject({ trials: 14, conditions: { bodyBytes: 10_240 } });
    expect(await conditions({ sweeps: ["s1", "s3"] })).toMatchObject({ trials: 28, leftOut: [{ trials: 14 }] });
    const like = other[0]!.id;
    expect(await conditions({ like })).toMatchObject({ conditions: { bodyBytes: 10_240 }, levels: { concurrency: 8 } });
    const overruled = await ask(answers, { like, bodyBytes: 1024 }, { concurrency: 32 });
    expect(overruled.data).toMatchObject({ trials: 28, levels: { concurrency: 32 } });
    await expectRejection(ask(answers, { sweeps: ["s1", "s7"] }), "LAB_NO_DATA", "s7");
    await expectRejection(ask(answers, { like: "nothing" }), "LAB_NO_DATA", "nothing");
  });

  it("are the same for proxies that are ranked, also when the answer is verified", async () => {
    const large = (proxy: string, count: number) =>
      changed(trials(proxy, 1).slice(0, count), `large.${proxy}`, { concurrency: 64 }, { bodyBytes: 10_240 });
    const { answers, measure } = answersFrom([
      ...trials("haproxy", 1),
      ...large("haproxy", 12),
      ...large("traefik", 14),
      ...trials("squid", 1).map((one) => ({ ...one, point: { ...one.point, role: "forward" as const } })),
    ]);
    const question = { ...wanted, proxies: ["haproxy", "squid", "traefik"] };
    const found = new Map((await answers.rank(question)).map((one) => [one.proxy, one.found]));
    for (const proxy of ["haproxy", "traefik"])
      expect(found.get(proxy)).toMatchObject({
        ok: true,
        levels: { concurrency: 64 },
        data: { conditions: { bodyBytes: 10_240 } },
      });
    expect(found.get("squid")).toMatchObject({
      refusal: { code: "other-conditions", leftOut: [{ trials: 14, differ: { role: "forward", bodyBytes: 1024 } }] },
    });
    const claim = await answers.verifiable(question);
    if ("refusal" in claim) throw new Error(claim.refusal.message);
    await answers.verify(claim, { signal: new AbortController().signal, onEvent: () => {}, replicates: 1 });
    expect(measure.mock.calls[0]![0]).toMatchObject({ scenario: { bodyBytes: 10_240 }, concurrency: [64] });
  });

  it("come with comparisons of models and with what these save", async () => {
    const stray = changed(trials("haproxy", 1).slice(3, 4), "stray", {}, { keepAlive: false });
    const { answers } = answersFrom([...limited, ...stray]);
    expect(await answers.models(about, "requestsPerSecond")).toMatchObject({
      data: { measured: { memoryBytes: [2 ** 28] }, leftOut: [{ trials: 1, differ: { keepAlive: false } }] },
    });
    const from = join(folder(), "models.json");
    await answers.save(about, ["requestsPerSecond"], from);
    expect(await answers.predict({ ...about, from }, ...at)).toMatchObject({
      ok: true,
      data: { trials: 14, conditions: { keepAlive: true }, limiters: ["cgroup"], leftOut: [] },
    });
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
