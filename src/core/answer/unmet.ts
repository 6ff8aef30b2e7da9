import { isShare } from "../domain/figures.ts";
import { type Asked, byEstimate, type Course, crossing, forGood } from "./course.ts";
import { LIMITED_FIGURES, meets } from "./goals.ts";
import { type Ceiling, ceilingAt, ceilingCause, ceilingRemedy } from "./learning/ceilings.ts";
import type { Curves } from "./learning/predictor.ts";
import { type Refused, refuse } from "./learning/refusal.ts";
import { figure } from "./predict.ts";

/** A rate has levelled off where so large a part of its highest is reached, ... */
const PLATEAU = 0.97;
/** ... at a CPU limit no higher than this part of the highest measured. */
const WELL_BELOW = 0.8;

/** Why no limit of a course meets all goals: the first goal that is out of reach, else that the bands leave it open. */
export async function unmet(course: Course, confidence: number): Promise<Refused> {
  for (const [i, asked] of course.asked.entries()) {
    const refused =
      asked.wish.side === "at least"
        ? rateOutOfReach(course, asked, course.curves[i]!)
        : floorTooHigh(course, asked, course.curves[i]!);
    if (refused) return refused;
  }
  const estimate = await crossing(course, forGood, byEstimate(course.asked));
  const guess = estimate === undefined ? "" : ` (best guess: cpu ${figure(estimate)})`;
  const wanted = sentence(course.asked.map(inWords).join(" and "));
  const message = `${wanted} can be neither promised nor ruled out up to cpu ${figure(course.cpus.at(-1)!)}, the most measured${guess}.`;
  return refuse({ code: "undecided", ...(estimate !== undefined && { cpu: estimate }), confidence, message });
}

function rateOutOfReach({ cpus, x }: Course, asked: Asked, { estimate, high }: Curves): Refused | undefined {
  const { wish, predictor } = asked;
  const { ceilings, training } = predictor.rows;
  const ceiling = ceilingAt(ceilings, training, x);
  const [cpu, highest] = [cpus.at(-1)!, estimate.at(-1)!];
  const wanted = inWords(asked);
  if (ceiling && wish.figure > ceiling.figure) {
    const message = `${wanted} cannot be shown: ${ceilingCause(ceiling)} gave out at ${figure(ceiling.figure)} (cpu ${ceiling.cpu}); ${ceilingRemedy(ceiling)}.`;
    return refuse({ code: "unreachable", cause: "ceiling", cpu, highest, ceiling, message });
  }
  if (high.at(-1)! >= wish.figure) return undefined;
  const level = isotonic(estimate);
  const knee = cpus[level.findIndex((rate) => rate >= PLATEAU * level.at(-1)!)]!;
  if (knee <= WELL_BELOW * cpu) {
    const message = `${wanted} is out of reach: plateau ${figure(highest)} from cpu ${figure(knee)}; ${plateauRemedy(ceiling)}.`;
    return refuse({ code: "unreachable", cause: "plateau", cpu: knee, highest, ...(ceiling && { ceiling }), message });
  }
  const message = `${wanted} is out of reach: at cpu ${figure(cpu)}, the most measured, ${figure(highest)} is expected; measure higher limits.`;
  return refuse({ code: "unreachable", cause: "range", cpu, highest, message });
}

/** What may lift a plateau that more CPU does not. */
function plateauRemedy(ceiling: Ceiling | undefined): string {
  return ceiling ? ceilingRemedy(ceiling) : "more CPU does not help, more connections or servers may";
}

function floorTooHigh({ cpus }: Course, asked: Asked, { estimate, low }: Curves): Refused | undefined {
  const { wish } = asked;
  if (low.some((good) => meets(wish, good))) return undefined;
  const least = estimate.indexOf(Math.min(...estimate));
  const [cpu, highest] = [cpus[least]!, estimate[least]!];
  const [cause, remedy] = causeOf(asked);
  const message = `${sentence(inWords(asked))} is below the floor: ${bounded(asked, highest)} is the least expected, at cpu ${figure(cpu)}; ${remedy}.`;
  return refuse({ code: "unreachable", cause, cpu, highest, message });
}

/** What keeps a figure above what is wanted, and what may help. */
function causeOf({ wish: { target }, predictor }: Asked): ["latency" | "failures" | "throttling", string] {
  if (target === "failedShare") return ["failures", "look at the failures of these trials"];
  if (target === "throttledShare") return ["throttling", "measure higher limits"];
  const open = predictor.rows.training.factors.includes("requestsPerSecond");
  return ["latency", open ? "at a lower rate requests wait less" : "in a closed loop fewer connections wait less"];
}

function inWords(asked: Asked): string {
  const { target, figure: wanted } = asked.wish;
  const name = LIMITED_FIGURES.find((one) => one.target === target)?.name;
  return name === undefined ? `${figure(wanted)} requests/s` : `a ${name} of ${bounded(asked, wanted)}`;
}

function sentence(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

/** A value of the figure of a wish: `20 ms`, `1 %`. */
function bounded({ wish: { target } }: Asked, value: number): string {
  return isShare(target) ? `${figure(100 * value)} %` : `${figure(value)} ms`;
}

/** The non-decreasing sequence nearest to `values` in squares: pool adjacent violators (Ayer et al., 1955). */
export function isotonic(values: readonly number[]): number[] {
  const blocks: { sum: number; size: number }[] = [];
  for (const value of values) {
    let block = { sum: value, size: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.size > block.sum / block.size; last = blocks.at(-1)) {
      block = { sum: block.sum + last.sum, size: block.size + last.size };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, size }) => new Array<number>(size).fill(sum / size));
}
