import { describe, expect, it } from "vitest";
import { learn } from "../../../src/core/answer/learning/learn.ts";
import type { Refusal } from "../../../src/core/answer/learning/refusal.ts";
import { predict } from "../../../src/core/answer/predict.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import linear from "../../../src/plugins/models/linear.ts";
import { rateAt, spreadCpus, trial } from "./synthetic.ts";

const good = spreadCpus(12).map((cpu) => trial({ cpu }, rateAt(cpu)));

/** What a question about trials is answered with, where it gets no number. */
async function refusalFor(records: readonly TrialRecord[], cpu = 0.3): Promise<Refusal> {
  const learned = await learn([law, linear], records, ["requestsPerSecond"]);
  const answer = learned.ok ? await predict(learned.predictors.requestsPerSecond!, { cpu }) : learned;
  if (answer.ok) throw new Error(`answered ${JSON.stringify(answer.quantity)}`);
  return answer.refusal;
}

/** The refusal where the rows are at too few different points. */
const tooFew = (configurations: number) => ({ code: "too-few-configurations", configurations, needed: 3 });

describe("no number comes out of", () => {
  it("nothing", async () => expect(await refusalFor([])).toMatchObject({ code: "no-trials" }));

  it("one trial", async () => expect(await refusalFor(good.slice(0, 1))).toMatchObject(tooFew(1)));

  it("trials that are all alike", async () => {
    const alike = Array.from({ length: 12 }, () => good[3]!);
    expect(await refusalFor(alike)).toMatchObject({ ...tooFew(1), message: expect.stringContaining("12 trials") });
  });

  it("trials that all failed", async () => {
    const failed = good.map((one): TrialRecord => ({ ...one, status: "failed" }));
    expect(await refusalFor(failed)).toMatchObject({ ...tooFew(0), message: expect.stringContaining("12 failed") });
  });

  it("figures that are no numbers", async () => {
    const broken = good.map((one) => ({ ...one, result: { ...one.result!, requestsPerSecond: Number.NaN } }));
    expect(await refusalFor(broken)).toMatchObject({ ...tooFew(0), message: expect.stringContaining("12 no-figure") });
  });

  it("levels that are no numbers", async () => {
    const broken = good.with(4, { ...good[4]!, point: { ...good[4]!.point, cpu: Number.NaN } });
    expect(await refusalFor(broken)).toMatchObject({ code: "invalid-rows", row: 4 });
  });

  it("trials in which the proxy was never the limit", async () => {
    const bound = good.map((one) => ({ ...one, verdict: { bound: "client-bound", evidence: "" } as const }));
    expect(await refusalFor(bound)).toMatchObject({
      ...tooFew(0),
      message: expect.stringContaining("12 client-bound"),
    });
  });

  it("fewer trials than an interval takes", async () =>
    expect(await refusalFor(good.slice(0, 6), 0.1)).toMatchObject({
      code: "too-few-rows",
      rows: 6,
      needed: 9,
      highestConfidence: 6 / 7,
    }));
});

it("trials of several machines are not mixed: those of the one with the most teach", async () => {
  const elsewhere = good.map((one) => ({
    ...one,
    startedAt: "2030-01-01T00:00:00.000Z",
    environment: { ...one.environment, cpuModel: "another" },
  }));
  const learned = await learn([law], [...good, ...elsewhere.slice(1)], ["requestsPerSecond"]);
  if (!learned.ok) throw new Error(learned.refusal.message);
  expect(learned.predictors.requestsPerSecond!.rows.trials).toEqual(good.map(({ id }) => id));
});

it("a goal gets only answers from trials that have all of its figures", async () => {
  const { result } = good[0]!;
  const { p99: _, ...latencyMs } = result!.latencyMs;
  const partly = good.with(0, { ...good[0]!, result: { ...result!, latencyMs } });
  const learned = await learn([law], partly, ["requestsPerSecond", "latencyMs.p99"]);
  if (!learned.ok) throw new Error(learned.refusal.message);
  const { requestsPerSecond, "latencyMs.p99": p99 } = learned.predictors;
  expect(requestsPerSecond!.rows.trials).toEqual(p99!.rows.trials);
  expect(p99!.rows.trials).toHaveLength(11);
});
