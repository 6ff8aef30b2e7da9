import type { Goals } from "../answer/goals.ts";
import type { Model } from "../answer/learning/crossValidation.ts";
import { highestConfidence } from "../answer/learning/intervals.ts";
import { learn } from "../answer/learning/learn.ts";
import type { Predictor } from "../answer/learning/predictor.ts";
import type { Refused } from "../answer/learning/refusal.ts";
import { trialCount } from "../answer/learning/rows.ts";
import { comparisonOf, type ModelComparison } from "../answer/models.ts";
import { predict } from "../answer/predict.ts";
import { recommend } from "../answer/recommend.ts";
import { left, right, type Table, tableOf } from "../cells/table.ts";
import { withoutAbsent } from "../domain/absent.ts";
import type { Levels } from "../domain/factors.ts";
import { formatCores, formatCount, formatInterval, formatPercent, formatRate } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { median } from "../statistics/index.ts";
import { modelTable } from "../views/modelTable.ts";
import { cpuInWords } from "../words/answers.ts";
import { formatLimit } from "../words/deploy.ts";
import { trialsLeftOut } from "../words/models.ts";
import { type Condition, levelsIn, trialsOf } from "./conditions.ts";
import type { Block } from "./document.ts";
import { captioned } from "./speed.ts";

const CONFIDENCE = 0.9;
/** What the origin study asked its forest for. */
export const STUDY_GOAL = 5000;
const SECONDS = [10, 20];

/** What was learned about a proxy, or why nothing was. */
export interface LearnedProxy {
  readonly proxy: string;
  readonly records: readonly TrialRecord[];
  readonly predictor: Predictor | Refused;
}

/** Compares all models for each proxy of a condition. */
export async function learnAll({ proxies, records }: Condition, models: readonly Model[]): Promise<LearnedProxy[]> {
  const learned: LearnedProxy[] = [];
  for (const proxy of proxies) {
    const own = trialsOf(proxy, records);
    const found = await learn(models, own, ["requestsPerSecond"]);
    learned.push({ proxy, records: own, predictor: found.ok ? found.predictors.requestsPerSecond! : found });
  }
  return learned;
}

export function modelBlocks(learned: readonly LearnedProxy[]): Block[] {
  return learned.map(({ proxy, records, predictor }): Block => {
    if (!predictor.ok) return { kind: "paragraph", text: `${proxy}: ${predictor.refusal.message}` };
    const comparison = comparisonOf(predictor);
    return {
      kind: "table",
      caption: `${captioned(`Prediction models for requests/s of ${proxy}`, records)}: ${trialsLeftOut(comparison.trials)}`,
      table: readable(comparison),
    };
  });
}

/** A header for the last column, which a terminal does without, and titles instead of names. */
function readable(comparison: ModelComparison): Table {
  const { columns, rows } = modelTable(comparison);
  const named = rows.map(([, ...cells], index) => [comparison.models[index]!.title, ...cells]);
  return { columns: [...columns.slice(0, -1), { title: "remark", align: "left" }], rows: named };
}

/** Forward and inverse answers for each proxy at its most memory and fewest servers. */
export async function sampleTable(learned: readonly LearnedProxy[]): Promise<Table> {
  const rows: string[][] = [];
  for (const { proxy, records, predictor } of learned) {
    if (!predictor.ok) continue;
    const fixed = levelsOf(records);
    const confidence = Math.min(CONFIDENCE, highestConfidence(trialCount(predictor.rows)));
    const cpu = middle(records);
    const answer = await predict(predictor, { cpu, ...fixed }, confidence);
    const figure = answer.ok ? formatInterval(answer.quantity, formatRate) : answer.refusal.message;
    rows.push([proxy, `requests/s at ${formatCores(cpu)} CPU`, figure, answer.ok ? formatRate(answer.lower) : ""]);
    for (const goal of goalsOf(records)) {
      const found = await recommend({ requestsPerSecond: predictor }, goal, fixed, confidence);
      const { completedRequests, withinSeconds } = goal;
      rows.push([
        proxy,
        `CPU for ${formatCount(completedRequests)} completed requests in ${withinSeconds} s`,
        found.ok ? cpuInWords(found.cpu) : found.refusal.message,
        found.ok ? formatLimit(found.recommendedCpu) : "",
      ]);
    }
  }
  return tableOf(rows, [
    left("proxy", ([proxy]) => proxy!),
    left("question", ([, question]) => question!),
    left(`answer (${formatPercent(CONFIDENCE)} interval of one further run)`, ([, , answer]) => answer!),
    right(`to be ${formatPercent(CONFIDENCE)} sure`, ([, , , sure]) => sure!),
  ]);
}

type CountGoal = Required<Pick<Goals, "completedRequests" | "withinSeconds">>;

/** The study's question, and one in the middle of what the proxy reached. */
function goalsOf(records: readonly TrialRecord[]): CountGoal[] {
  const rates = records.flatMap(({ result }) =>
    result && result.requestsPerSecond > 0 ? result.requestsPerSecond : [],
  );
  const centre = Number((median(rates) * SECONDS[0]!).toPrecision(1));
  const asked = SECONDS.map((withinSeconds) => ({ completedRequests: STUDY_GOAL, withinSeconds }));
  return centre === STUDY_GOAL ? asked : [...asked, { completedRequests: centre, withinSeconds: SECONDS[0]! }];
}

/** Levels that a question has to fix. */
function levelsOf(records: readonly TrialRecord[]): Levels {
  const completed = records.filter(({ status }) => status === "completed");
  const memoryBytes = levelsIn(completed, ({ point }) => point.memoryBytes).at(-1);
  const servers = levelsIn(completed, ({ point }) => point.servers)[0];
  return withoutAbsent({ memoryBytes, servers });
}

function middle(records: readonly TrialRecord[]): number {
  const levels = levelsIn(records, ({ point }) => point.cpu);
  return Number(Math.sqrt(levels[0]! * levels.at(-1)!).toPrecision(1));
}
