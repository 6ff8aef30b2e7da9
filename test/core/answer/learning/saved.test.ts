import { describe, expect, it } from "vitest";
import type { Model } from "../../../../src/core/answer/learning/crossValidation.ts";
import { learn } from "../../../../src/core/answer/learning/learn.ts";
import { readSaved, restore, save, scaled, withFactors } from "../../../../src/core/answer/learning/saved.ts";
import { predict } from "../../../../src/core/answer/predict.ts";
import { recommend } from "../../../../src/core/answer/recommend.ts";
import law from "../../../../src/plugins/models/capacity-law.ts";
import forest from "../../../../src/plugins/models/forest.ts";
import { expectError } from "../../../fixtures/errors.ts";
import { fitted, rateAt, rowsOf, spreadCpus, trial } from "../synthetic.ts";

const trials = spreadCpus(14).map((cpu, i) => ({
  ...trial({ cpu }, rateAt(cpu) * (1 + 0.02 * (i % 3))),
  sweepId: "s1",
}));
const modelOf = (id: string): Model => (id === law.id ? law : forest);

async function savedText(model: Model): Promise<string> {
  const learned = await learn([model], trials, ["requestsPerSecond", "latencyMs.p99"]);
  if (!learned.ok) throw new Error(learned.refusal.message);
  return JSON.stringify(save(learned.predictors, trials, 42));
}

describe("saved models", () => {
  it.each([law, forest])("answer as those that were saved: $id", async (model) => {
    const learned = await learn([model], trials, ["requestsPerSecond"]);
    if (!learned.ok) throw new Error(learned.refusal.message);
    const restored = restore(readSaved(await savedText(model), "file"), modelOf);
    const asked = { cpu: 0.2 };
    expect(await predict(restored.requestsPerSecond!, asked)).toEqual(
      await predict(learned.predictors.requestsPerSecond!, asked),
    );
    const goals = { requestsPerSecond: 5000 };
    expect(await recommend(restored, goals)).toEqual(await recommend(learned.predictors, goals));
  });

  it("say what they learned from: hash, sweeps, trials, seed and versions", async () => {
    const saved = readSaved(await savedText(law), "file");
    expect(saved).toMatchObject({ seed: 42, labVersion: "0.1.0", example: { point: { proxy: "haproxy" } } });
    expect(saved.data).toMatchObject({ sweepIds: ["s1"], trials: trials.map(({ id }) => id) });
    expect(saved.data.hash).toMatch(/^[0-9a-f]{64}$/);
    const again = readSaved(await savedText(law), "file");
    expect(again.data.hash).toBe(saved.data.hash);
  });

  it("keep the factors of a calibration", async () => {
    const saved = withFactors(readSaved(await savedText(law), "file"), { requestsPerSecond: 0.5 });
    const plain = restore(readSaved(await savedText(law), "file"), modelOf);
    const halved = restore(JSON.parse(JSON.stringify(saved)), modelOf);
    const [whole, half] = [plain, halved].map(({ requestsPerSecond }) => predict(requestsPerSecond!, { cpu: 0.2 }));
    const [a, b] = [await whole!, await half!];
    if (!a.ok || !b.ok) throw new Error("refused");
    expect(b.quantity.estimate).toBeCloseTo(a.quantity.estimate / 2, 6);
    expect(b.quantity.high).toBeCloseTo(a.quantity.high / 2, 6);
  });

  it("are not read from what is none", () => {
    for (const text of ["", "{}", "[1]", JSON.stringify({ proxyLabModels: 99 })])
      expectError(() => readSaved(text, "a.json"), "LAB_USAGE", "a.json");
  });
});

describe("a scaled predictor", () => {
  it("is that of a machine so much faster, ceilings of the other one aside", async () => {
    const cpus = spreadCpus(14);
    const ceiling = { bound: "origin-bound", figure: 10, cpu: 0.9, servers: 1, concurrency: 32 } as const;
    const rows = rowsOf(
      cpus,
      cpus.map((cpu) => rateAt(cpu)),
      { ceilings: [ceiling] },
    );
    const twice = scaled(await fitted([law], rows), 2);
    expect(twice.rows.ceilings).toEqual([]);
    const found = await predict(twice, { cpu: 0.1 });
    if (!found.ok) throw new Error(found.refusal.message);
    expect(found.quantity.estimate / rateAt(0.1)).toBeCloseTo(2, 1);
    expect(found.quantity.low).toBeGreaterThan(1.8 * rateAt(0.1));
  });
});
