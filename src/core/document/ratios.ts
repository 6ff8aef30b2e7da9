import { left, right, type Table, tableOf } from "../cells/table.ts";
import { settingWithout } from "../domain/factors.ts";
import { figureOf } from "../domain/figures.ts";
import { ratioOf } from "../statistics/trials/ratio.ts";
import type { NamedTrials } from "./views.ts";

const FIGURES = ["requestsPerSecond", "latencyMs.mean", "latencyMs.p99", "transferredBytes", "cpuMicrosPerRequest"];

/** Trials that share this differ in proxy and servers only. */
export const settingOf = settingWithout(["proxy", "servers"]);

/** How many times the figures of one side are those of the other, at the same CPU and memory limit. */
export function ratioRows(first: NamedTrials, second: NamedTrials, figures: readonly string[] = FIGURES): Table {
  const found = figures.flatMap((name) => {
    const figure = figureOf(name);
    const { ratio, verdict, pairs } = ratioOf(first.records, second.records, figure, settingOf);
    return ratio ? [{ figure, ratio, verdict, pairs }] : [];
  });
  return tableOf(found, [
    left("figure", ({ figure }) => figure.label),
    right(`${second.name} / ${first.name}`, ({ ratio }) => times(ratio.estimate)),
    right("95 % interval", ({ ratio }) => `${times(ratio.low)} to ${times(ratio.high)}`),
    left("answer", ({ verdict }) => (verdict === "no difference" ? "no difference shown" : verdict)),
    right("pairs", ({ pairs }) => String(pairs)),
  ]);
}

function times(ratio: number): string {
  return ratio.toPrecision(3);
}
