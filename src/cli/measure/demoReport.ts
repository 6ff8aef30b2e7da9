import {
  type Goals,
  highestConfidence,
  learn,
  type Predictor,
  type Refused,
  recommend,
} from "../../core/answer/index.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { Engine } from "../../core/engine.ts";
import { drawTable, modelTable, observationTable, observe, ratioTable } from "../../core/views/index.ts";
import { recommendationInWords } from "../../core/words/answers.ts";
import { allModels } from "../ask/question.ts";
import { printLine, terminal } from "../terminal/output.ts";
import { chartOf } from "../terminal/views.ts";

const seconds = 10;
/** Asked for where so few trials can give it. */
const wantedConfidence = 0.9;

/** The charts of the origin study: three figures against CPU bandwidth, one server and several. */
export function printCharts(records: readonly TrialRecord[]): void {
  for (const y of ["requestsPerSecond", "latencyMs.mean", "transferredBytes"]) {
    printLine(`${chartOf(records, { x: "cpu", y, by: ["proxy", "servers"] }, terminal())}\n`);
  }
}

/** The first two proxies side by side. */
export function printComparison([first, second]: readonly string[], records: readonly TrialRecord[]): void {
  if (first === undefined || second === undefined) return;
  title(`${first} against ${second}`);
  printLine(drawTable(ratioTable(records, first, second, "requestsPerSecond"), terminal()));
}

/** Which figure rises (+), falls (-) or stays (0) with which factor. */
export function printObservations(records: readonly TrialRecord[]): void {
  title("observations");
  printLine(drawTable(observationTable(observe(records)), terminal()));
}

/** What the models learned, and how much CPU a number of completed requests needs. */
export async function printAnswers(
  engine: Engine,
  proxies: readonly string[],
  records: readonly TrialRecord[],
): Promise<void> {
  const learned: { proxy: string; predictor: Predictor | Refused }[] = [];
  for (const proxy of proxies) {
    const own = records.filter(({ point }) => point.proxy === proxy);
    const found = await learn(allModels(engine), own, ["requestsPerSecond"]);
    learned.push({ proxy, predictor: found.ok ? found.predictors.requestsPerSecond! : found });
  }
  for (const { proxy, predictor } of learned) {
    title(`comparison of prediction models, ${proxy}`);
    if (predictor.ok) printLine(drawTable(modelTableOf(predictor), terminal()));
    else printLine(predictor.refusal.message);
  }
  const goal = { completedRequests: goalFor(records), withinSeconds: seconds };
  title(`how much CPU for ${goal.completedRequests} completed requests in ${seconds} s, in front of one server?`);
  for (const { proxy, predictor } of learned) {
    printLine(predictor.ok ? await answer(proxy, predictor, goal) : `${proxy}: ${predictor.refusal.message}`);
  }
  printLine(
    `\nask for another number: ./lab recommend --proxy ${proxies[0]} --servers 1 --completed 5000 --within 10s`,
  );
}

function modelTableOf({ candidates, rows, model }: Predictor) {
  return modelTable(candidates, rows.training.y, model.id);
}

async function answer(proxy: string, predictor: Predictor, goal: Goals): Promise<string> {
  const confidence = Math.min(wantedConfidence, highestConfidence(predictor.rows.training.y.length));
  const found = await recommend({ requestsPerSecond: predictor }, goal, { servers: 1 }, confidence);
  return found.ok ? recommendationInWords(proxy, found).join("\n") : `${proxy}: ${found.refusal.message}`;
}

/** A round number that all proxies can be asked about: between the lowest and the highest rate that each reached. */
function goalFor(records: readonly TrialRecord[]): number {
  const trials = [...Map.groupBy(records, ({ point }) => point.proxy).values()];
  const rates = trials
    .map((of) => of.flatMap(({ result }) => result?.requestsPerSecond ?? []))
    .filter((of) => of.length > 0);
  const low = Math.max(...rates.map((of) => Math.min(...of)));
  const high = Math.min(...rates.map((of) => Math.max(...of)));
  return Number((Math.sqrt(low * high) * seconds).toPrecision(1));
}

function title(text: string): void {
  printLine(`\n${text}\n`);
}
