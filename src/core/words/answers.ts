import type { Basis, Prediction } from "../answer/predict.ts";
import type { SaidLimit } from "../answer/question.ts";
import type { CpuQuantity, MemoryAdvice, Recommendation } from "../answer/recommend.ts";
import {
  formatBytes,
  formatCores,
  formatCount,
  formatInterval,
  formatPercent,
  formatWithUnit,
} from "../domain/format.ts";
import { dataInWords, saturationInWords } from "./conditions.ts";
import { formatLimit } from "./deploy.ts";
import { goalsInWords } from "./goals.ts";
import { speedRemarks } from "./speed.ts";

/** An answer in lines: what to set, what it rests on, how much memory, and what else would do. */
export function recommendationInWords(proxy: string, answer: Recommendation): string[] {
  const { goals, cpu, recommendedCpu, memory, choices, data, levels, untested = [] } = answer;
  const each = choices.map((one) => `${formatLimit(one.recommendedCpu)} cpu with ${formatBytes(one.memoryBytes)}`);
  const several = choices.length > 1;
  const why = several ? "where more saves hardly any CPU" : memory && memoryInWords(memory);
  const mark = (limit: SaidLimit) => (untested.includes(limit) ? " (untested)" : "");
  const at = data && saturationInWords(data);
  const sure = `${formatLimit(recommendedCpu)} cpu${mark("cpu")} to be ${formatPercent(cpu.confidence)} sure`;
  return [
    `${proxy}, ${goalsInWords(goals)}${at ? ` ${at}` : ""}: ${cpuInWords(cpu, " cpu")}; ${sure}`,
    `  ${basisInWords(answer)}`,
    ...(memory ? [`  memory: ${formatBytes(memory.bytes)}${mark("memory")}, ${why}`] : []),
    ...(several ? [`  or: ${each.join(", ")}`] : []),
    ...(data ? dataInWords(data, levels).map((line) => `  ${line}`) : []),
  ];
}

/** What is expected under a CPU limit, and what that rests on. */
export function predictionInWords(proxy: string, cpu: number, prediction: Prediction): string[] {
  const { target, quantity, unit, untested, data } = prediction;
  const at = data && saturationInWords(data);
  const figure = formatInterval(quantity, (value) => formatWithUnit(value, unit));
  const name = target === "requestsPerSecond" ? "" : `${target} `;
  return [
    `${proxy} at ${cpu} cpu${untested ? ` (${untested.join(" and ")} untested)` : ""}: ${name}${figure}${at ? ` ${at}` : ""}, ${formatPercent(quantity.confidence)} sure for one further run`,
    `  ${basisInWords(prediction)}`,
  ];
}

/** The CPU that is most likely enough: `0.068 (0.059 to 0.078)`. An end that lies outside what was measured is open. */
export function cpuInWords({ estimate, low, high }: CpuQuantity, unit = ""): string {
  const text = `${formatCores(estimate)}${unit}`;
  if (low !== undefined && high !== undefined) return `${text} (${formatCores(low)} to ${formatCores(high)})`;
  if (high !== undefined) return `${text} (at most ${formatCores(high)})`;
  return low === undefined ? text : `${text} (at least ${formatCores(low)})`;
}

/** Where an amount of memory comes from. */
export function memoryInWords({ from }: MemoryAdvice): string {
  if (from === "peak") return "a quarter above the highest use measured";
  return from === "limit" ? "the limit that was measured" : "the limit that was asked for";
}

/** What an answer rests on: `capacity-law, median error 5 % on points left out, 14 trials`. */
export function basisInWords({ model, medianApe, rowsUsed, speed }: Omit<Basis, "rowsExcluded">): string {
  const basis = `${model}, median error ${formatPercent(medianApe)} on points left out, ${formatCount(rowsUsed)} trials`;
  return [basis, ...speedRemarks(speed)].join("; ");
}
