import { compare } from "../../analysis/compare.ts";
import type { TrialRecord } from "../../records/record.ts";
import { scenarioKey } from "../factors.ts";
import { metricOf } from "../metrics.ts";
import type { Table } from "../table.ts";
import type { Side } from "./views.ts";

const FIGURES = ["requestsPerSecond", "latencyMs.mean", "latencyMs.p99", "transferredBytes", "cpuMicrosPerRequest"];

/** How many times the figures of one side are those of the other, at the same CPU and memory limit. */
export function ratioRows(first: Side, second: Side, figures: readonly string[] = FIGURES): Table {
  const [ones, others] = together(first.records, second.records);
  const rows = figures.flatMap((name) => {
    const { label, read } = metricOf(name);
    const { ratio, verdict, pairs } = compare(ones, others, read, settingOf);
    if (!ratio) return [];
    const interval = `${times(ratio.low)} to ${times(ratio.high)}`;
    return [
      [
        label,
        times(ratio.estimate),
        interval,
        verdict === "no difference" ? "no difference shown" : verdict,
        String(pairs),
      ],
    ];
  });
  return {
    columns: [
      { title: "figure", align: "left" },
      { title: `${second.name} / ${first.name}`, align: "right" },
      { title: "95 % interval", align: "right" },
      { title: "answer", align: "left" },
      { title: "pairs", align: "right" },
    ],
    rows,
  };
}

/** Where some sweeps have both sides, only those: they were measured within seconds of each other. */
export function together(
  first: readonly TrialRecord[],
  second: readonly TrialRecord[],
): [readonly TrialRecord[], readonly TrialRecord[]] {
  const others = new Set(second.map(({ sweepId }) => sweepId));
  const sweeps = new Set(first.flatMap(({ sweepId }) => (others.has(sweepId) ? sweepId : [])));
  if (sweeps.size === 0) return [first, second];
  const inBoth = ({ sweepId }: TrialRecord) => sweeps.has(sweepId);
  return [first.filter(inBoth), second.filter(inBoth)];
}

/** Trials that share this differ in proxy and servers only. */
export function settingOf(record: TrialRecord): string {
  const { loadTool, limiter, cpu, memoryBytes = null, concurrency } = record.point;
  return JSON.stringify([loadTool, limiter, cpu, memoryBytes, concurrency, scenarioKey(record)]);
}

function times(ratio: number): string {
  return ratio.toPrecision(3);
}
