import { type Goals, LIMITED_FIGURES } from "../answer/goals.ts";
import type { Checked, CheckedRate, GoalFinding, RateVerification, Verification } from "../answer/verify.ts";
import { figureOf, isShare } from "../domain/figures.ts";
import { formatCount, formatFigure, formatPercent, plural } from "../domain/format.ts";
import { formatLimit } from "./deploy.ts";
import { goalsInWords } from "./goals.ts";
import { speedRemarks } from "./speed.ts";

/** What real runs found: a line for the recommended limit, one for the limit a step below, then what that rests on. */
export function verificationInWords(goals: Goals, { recommended, below, sweepId, speed }: Verification): string[] {
  const lean = below.held ? "; less CPU would do" : "";
  return [
    checkInWords(goals, recommended, atLimit(recommended)),
    `${checkInWords(goals, below, `${atLimit(below)}, a step below`)}${lean}`,
    `  ${recommended.runs + below.runs} trials in sweep ${sweepId}; the next answer learns from them`,
    ...speedRemarks(speed).map((remark) => `  ${remark}`),
  ];
}

/** The same in one line, as far as it is about the recommendation. */
export function verificationInShort(goals: Goals, { recommended, below }: Verification): string {
  const lean = recommended.held && below.held ? `; ${formatLimit(below.cpu)} would do too` : "";
  return `${checkInWords(goals, recommended, atLimit(recommended))}${lean}`;
}

/** What real runs found of a rate under a CPU limit: a line for it, one for the rate a step above, and what both come to. */
export function rateVerificationInWords(goals: Goals, { recommended, above, sweepId }: RateVerification): string[] {
  const lines = [
    checkInWords(goals, recommended, atRate(recommended)),
    checkInWords(goals, above, `${atRate(above)}, a step above`),
    `  ${recommended.runs + above.runs} trials in sweep ${sweepId}`,
  ];
  if (!recommended.held || above.held === undefined) return lines;
  const more = formatPercent(above.requestsPerSecond / recommended.requestsPerSecond - 1);
  const served = "proved: it serves the rate within the goal";
  return [...lines, above.held ? `${served}, and ${more} more` : `${served}; ${more} more it does not`];
}

function atLimit({ cpu }: Checked): string {
  return `${formatLimit(cpu)} cpu`;
}

function atRate({ requestsPerSecond }: CheckedRate): string {
  return `${formatCount(requestsPerSecond)} requests/s`;
}

/** `held at 0.30 cpu: 5,210 of 5,000 requests in 10 s (3 of 3 runs)`; the goals themselves if nothing was measured. */
function checkInWords(goals: Goals, checked: Checked, where: string): string {
  const { held, runs, failedRuns, killedRuns, contradictedRuns, findings, bound } = checked;
  const verdict = held === undefined ? "not measured" : held ? "held" : "not held";
  const facts = findings.map((finding) => `${findingInWords(goals, finding)} (${finding.runsMet} of ${runs} runs)`);
  if (failedRuns > 0) facts.push(`${plural(failedRuns, "run")} failed`);
  if (killedRuns) facts.push(`${killedRuns} killed at the memory limit`);
  if (contradictedRuns)
    facts.push(`${plural(contradictedRuns, "run")} not believed: the load tool contradicts the lab`);
  if (bound) facts.push(`the proxy was not the bottleneck: ${bound}`);
  return `${verdict} at ${where}: ${facts.join(", ") || goalsInWords(goals)}`;
}

/** A rate that was asked for as requests within a time is given as such. */
function findingInWords(goals: Goals, { target, measured, wanted }: GoalFinding): string {
  const { completedRequests, withinSeconds } = goals;
  const said = LIMITED_FIGURES.find((one) => one.target === target)?.said;
  if (said !== undefined) {
    const { unit } = figureOf(target);
    const [found, allowed] = [formatFigure(measured, unit), formatFigure(wanted, unit)];
    return `${isShare(target) ? `${found} ${said}` : `${said} ${found}`} of ${allowed} allowed`;
  }
  if (completedRequests === undefined) return `${formatCount(measured)} of ${formatCount(wanted)} requests/s`;
  const count = formatCount(measured * withinSeconds!);
  return `${count} of ${formatCount(completedRequests)} requests in ${withinSeconds} s`;
}
