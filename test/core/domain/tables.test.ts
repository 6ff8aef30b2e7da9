import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addChartCommand } from "../../../src/cli/ask/chart.ts";
import { addPredictCommand } from "../../../src/cli/ask/predict.ts";
import { valuesOf } from "../../../src/cli/completion.ts";
import { trainingRows } from "../../../src/core/answer/learning/rows.ts";
import { rowFor } from "../../../src/core/answer/question.ts";
import { FACTORS, type Factor, settingWithout, variedFactors } from "../../../src/core/domain/factors.ts";
import { FIGURES, type Figure, figureOf, learnable } from "../../../src/core/domain/figures.ts";
import type { Point } from "../../../src/core/domain/point.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import { TABLES, type Tables } from "../../../src/core/domain/tables.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { gridPoints } from "../../../src/core/plan/grid.ts";
import { compare } from "../../../src/core/statistics/sides/compare.ts";
import { correlateTrials } from "../../../src/core/statistics/trials/correlation.ts";
import { exportColumns } from "../../../src/core/store/exportColumns.ts";
import { comparisonTable } from "../../../src/core/views/comparisonTable.ts";
import { seriesQuery } from "../../../src/core/views/series.ts";
import { trialChart } from "../../../src/core/views/trialChart.ts";
import { trial } from "../../fixtures/madeRecords.ts";

/** A figure and a factor that the lab does not have. */
const p75 = {
  id: "latencyMs.p75",
  label: "p75 latency",
  unit: "ms",
  better: "lower",
  of: ({ result }) => result && 1000 / result.requestsPerSecond,
  latency: true,
  learnable: { rises: false },
  correlated: 9,
  column: { name: "latencyP75Ms", type: "number", meaning: "latency, 75 % below" },
} as const satisfies Figure;

const read = (point: Point) => (point as Point & { payloadBytes?: number }).payloadBytes;
const payload = {
  id: "payload",
  key: "payloadBytes",
  label: "payload",
  unit: "bytes",
  meaning: "body of each request",
  quantity: {
    short: "payload",
    round: Math.round,
    describe: (bytes) => `${bytes} B`,
    write: (bytes) => `${bytes} B`,
    option: { value: "size", help: "body of each request", parse: Number },
  },
  read,
  describe: (point: Point): string => `${read(point)} B`,
  levels: () => [100, 400],
} as const satisfies Omit<Factor, "id" | "key"> & { id: string; key: string };

const tables: Tables = {
  ...TABLES,
  factors: [...FACTORS, payload as unknown as Factor],
  figures: [...FIGURES, p75],
};

/** Trials whose rate rises with CPU and falls with the payload. */
const trials: readonly TrialRecord[] = [0.1, 0.2, 0.4, 0.8].flatMap((cpu) =>
  [100, 400].map((payloadBytes) => {
    const record = trial({ cpu, rate: 1000 * cpu - payloadBytes / 10, bound: "proxy-bound" });
    return { ...record, point: { ...record.point, payloadBytes } };
  }),
);

function helpOf(add: (program: Command) => void): string {
  const program = new Command().configureHelp({ helpWidth: 1000 });
  add(program);
  return program.commands[0]!.configureHelp({ helpWidth: 1000 }).helpInformation();
}

function valuesOfOption(command: string, option: string): string[] {
  const found = valuesOf(command, option, undefined, tables);
  return found === "files" ? [] : found.map(({ value }) => value);
}

describe("a figure that is added to the table", () => {
  it("can be drawn, with its label and unit", () => {
    const chart = trialChart(trials, { x: "cpu", y: p75.id, by: ["proxy"] }, tables);
    expect(chart.y).toEqual({ label: "p75 service time", unit: "ms" });
    expect(chart.series[0]!.points).toHaveLength(4);
  });

  it("is learned and predicted", () => {
    expect(learnable(tables.figures).map(({ id }) => id)).toContain(p75.id);
    const { training } = trainingRows(trials, p75.id as never, tables);
    expect(training.y).toEqual(trials.map((record) => p75.of(record)));
  });

  it("is correlated with the factors", () => {
    const { variables } = correlateTrials(trials, 0.95, tables);
    expect(variables.at(-1)).toMatchObject({ name: p75.id, kind: "outcome", n: trials.length });
  });

  it("is exported under its column", () => {
    const column = exportColumns(tables).find(({ name }) => name === "latencyP75Ms")!;
    expect(column).toMatchObject({ type: "number", unit: "ms", meaning: "latency, 75 % below" });
    expect(column.read(trials[0]!)).toBe(p75.of(trials[0]!));
  });

  it("is named by help and by completion", () => {
    expect(helpOf((program) => addChartCommand(program, tables))).toContain(p75.id);
    expect(helpOf((program) => addPredictCommand(program, tables))).toContain(p75.id);
    for (const [command, option] of [
      ["chart", "y"],
      ["compare", "figure"],
      ["predict", "figure"],
    ] as const)
      expect(valuesOfOption(command, option)).toContain(p75.id);
  });
});

describe("a factor that is added to the table", () => {
  it("is an axis, and gets lines of its own where trials differ in it", () => {
    expect(variedFactors(trials, tables.factors).map(({ id }) => id)).toEqual(["cpu", "payload"]);
    const query = seriesQuery(trials, { x: "cpu", y: "requestsPerSecond" }, tables);
    expect(trialChart(trials, query, tables).series.map(({ name }) => name)).toEqual(["100 B", "400 B"]);
    const against = trialChart(trials, { x: "payload" as never, y: "requestsPerSecond", by: ["cpu"] }, tables);
    expect(against.x).toEqual({ label: "payload", unit: "bytes" });
  });

  it("is varied by a plan", () => {
    const points = gridPoints({ ...gridSpec, proxies: ["haproxy"], cpu: [0.1, 0.2], seed: 1 }, tables.factors);
    expect(points.map((point) => [point.cpu, read(point)])).toEqual([
      [0.1, 100],
      [0.2, 100],
      [0.1, 400],
      [0.2, 400],
    ]);
  });

  it("is learned from and asked about", () => {
    const rows = trainingRows(trials, "requestsPerSecond", tables);
    expect(rows.training.factors).toContain("payloadBytes");
    expect(rowFor(rows, { cpu: 0.3 }, {}, tables.factors)).toMatchObject({
      refusal: { code: "invalid-question", message: expect.stringMatching(/\bpayload\b.*\b100 B, 400 B\b/) },
    });
    const beyond = rowFor(rows, { cpu: 0.3, ["payloadBytes" as never]: 4000 }, {}, tables.factors);
    expect(beyond).toMatchObject({ refusal: { code: "not-measured", factor: "payloadBytes", level: 4000 } });
  });

  it("is correlated, exported, and keeps trials apart that differ in it", () => {
    expect(correlateTrials(trials, 0.95, tables).variables.map(({ name }) => name)).toContain("payload");
    const column = exportColumns(tables).find(({ name }) => name === "payloadBytes")!;
    expect(trials.map((record) => column.read(record))).toEqual(trials.map(({ point }) => read(point)));
    const settings = new Set(trials.map(settingWithout("cpu", tables.factors)));
    expect(settings.size).toBe(2);
  });

  it("has a column in the comparison of two proxies", () => {
    const others = trials.map((record) => ({ ...record, point: { ...record.point, proxy: "squid" } }));
    const setting = settingWithout("proxy", tables.factors);
    const found = compare(trials, others, figureOf("requestsPerSecond").of, setting);
    const { columns, rows } = comparisonTable(found, figureOf("requestsPerSecond"), ["a", "b"], tables.factors);
    expect(columns.map(({ title }) => title)).toEqual(["CPU bandwidth", "payload", "a", "b", "ratio"]);
    expect(rows).toHaveLength(trials.length);
  });

  it("is named by help and by completion", () => {
    expect(helpOf((program) => addChartCommand(program, tables))).toContain("rate, payload");
    expect(helpOf((program) => addPredictCommand(program, tables))).toMatch(/--payload <size> +body of each/);
    expect(valuesOfOption("chart", "x")).toContain("payload");
    expect(valuesOfOption("chart", "by")).toContain("payload");
  });
});
