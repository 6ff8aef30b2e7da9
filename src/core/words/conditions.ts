import { type AnswerData, CONDITIONS, type Conditions, conditionOf } from "../answer/learning/conditions.ts";
import type { Refused } from "../answer/learning/refusal.ts";
import { leftOutInWords } from "../answer/learning/selection.ts";
import { exclusionsInWords } from "../answer/learning/teaching.ts";
import { type Levels, type QuantityFactor, quantities } from "../domain/factors.ts";
import { plural } from "../domain/format.ts";

/** The conditions of an answer and what it does not learn from, in at most two lines. `levels`: those that it is about. */
export function dataInWords(data: AnswerData, levels: Levels = data.levels): string[] {
  const left = notLearnedInWords(data);
  const of = data.trials > 0 ? ` of the ${plural(data.trials, "trial")}` : "";
  return [`conditions${of}: ${conditionsInWords(data, levels, true)}`, ...(left === "" ? [] : [left])];
}

/** `left out: 1 with 10 KiB bodies (--body 10K); 2 unclear`; empty where all trials teach. */
export function notLearnedInWords({ leftOut, excluded }: AnswerData): string {
  const left = [...leftOutInWords(leftOut), ...exclusionsInWords(excluded)];
  return left.length > 0 ? `left out: ${left.join("; ")}` : "";
}

/**
 * `32 connections (measured most; also 8, 128), 1 server, 256 MiB, wrk, cgroup, reverse, 1 KiB bodies, keep-alive`: those that
 * people ask about, and those that are out of the ordinary or that other trials of the proxy differ in. `flags`: with the
 * options that choose other levels.
 */
export function conditionsInWords(data: AnswerData, levels: Levels = data.levels, flags = false): string {
  return [
    ...quantities()
      .toReversed()
      .flatMap((factor) => levelInWords(factor, data, levels, flags)),
    ...toldConditions(data).map(({ name, value }) => conditionOf(name).name(value)),
  ].join(", ");
}

/** What a latency of an answer from closed loops is the latency at: `at saturation, with 32 connections`. */
export function saturationInWords({ latency, levels }: AnswerData): string | undefined {
  if (latency !== "at saturation") return undefined;
  const { concurrency } = levels;
  return ["at saturation", ...(concurrency === undefined ? [] : [`with ${plural(concurrency, "connection")}`])].join(
    ", ",
  );
}

/** Of the data of a refusal what its message does not tell. */
export function beyondMessage({ refusal }: Refused, data: AnswerData): AnswerData {
  return refusal.code === "too-few-configurations" ? { ...data, excluded: {} } : data;
}

/** The conditions that are told of an answer, in the order in which people read them. */
function toldConditions({ conditions, limiters, leftOut }: AnswerData) {
  const differing = new Set(leftOut.flatMap(({ differ }) => Object.keys(differ)));
  const all: Conditions = { ...conditions, limiter: limiters.join(" and ") };
  const others = Object.keys(all).filter((name) => CONDITIONS.every(({ key }) => key !== name));
  const names: readonly string[] = [...CONDITIONS.map(({ key }) => key), ...others];
  return names.flatMap((name) => {
    const [value, { told, ordinary }] = [all[name] ?? null, conditionOf(name)];
    const isTold = told === "always" || differing.has(name) || (told === "unusual" && value !== ordinary);
    return isTold || name === "limiter" ? [{ name, value }] : [];
  });
}

/** The level of a factor that an answer is about, or all levels that it was learned at; of CPU nothing. */
function levelInWords(
  { id, key, label, quantity }: QuantityFactor,
  data: AnswerData,
  levels: Levels,
  flags: boolean,
): string[] {
  if (key === "cpu") return [];
  const [level, measured = []] = [levels[key], data.measured[key]];
  const taken = data.taken.find(({ factor }) => factor === key);
  if (level !== undefined) {
    const others = taken?.measured.filter((one) => one !== level).map(quantity.write) ?? [];
    const also = `measured most; also ${others.join(", ")}${flags ? `: --${id}` : ""}`;
    const remark = others.length > 0 ? ` (${also})` : "";
    return [`${quantity.describe(level)}${remark}`];
  }
  const [least, most] = [measured[0], measured.at(-1)];
  if (least === undefined || most === undefined) return key === "memoryBytes" && data.trials > 0 ? [`no ${label}`] : [];
  return [least === most ? quantity.describe(least) : `${quantity.write(least)} to ${quantity.describe(most)}`];
}
