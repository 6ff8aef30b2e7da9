import type { Model } from "../answer/learning/crossValidation.ts";
import type { Chart } from "../cells/chartData.ts";
import type { Table } from "../cells/table.ts";
import { type FactorName, findFactor } from "../domain/factors.ts";
import { formatCount, plural } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { tablesFor } from "../domain/tables.ts";
import { correlateTrials } from "../statistics/trials/correlation.ts";
import { failuresOf } from "../statistics/trials/failures.ts";
import type { StoredSweep } from "../store/store.ts";
import { rateMaps } from "../views/rateMap.ts";
import { trialChart } from "../views/trialChart.ts";
import { trialTable } from "../views/trialTable.ts";
import { thresholdInWords } from "../words/memory.ts";
import { configurationBlocks, distrust, environmentTable, verdictTable } from "./basis.ts";
import { type Condition, comparableConditions, levelsIn, trialsOf } from "./conditions.ts";
import type { Block, ReportDocument, Section, TableBlock } from "./document.ts";
import { evidenceTable, memoryThreshold, ratioTable } from "./evidence.ts";
import { type LearnedProxy, learnAll, modelBlocks, sampleTable } from "./predictions.ts";
import { captioned, speedBlocks } from "./speed.ts";
import { handicapOf, type View, viewsOf } from "./views.ts";

export interface ReportInput {
  readonly sweeps: readonly StoredSweep[];
  readonly records: readonly TrialRecord[];
  /** Models to compare; none leaves the predictions out. */
  readonly models: readonly Model[];
  /** Told of what is done next, and how much of all is done, 0 to 1. */
  readonly onStep?: (what: string, share: number) => void;
}

/** Makes a report of trials: what was measured, what it shows, what it rests on. */
export async function buildReport({
  sweeps,
  records,
  models,
  onStep = () => {},
}: ReportInput): Promise<ReportDocument> {
  const conditions = comparableConditions(records);
  const learned = new Map<Condition, LearnedProxy[]>();
  for (const [index, condition] of conditions.entries()) {
    onStep(`learning from ${condition.title.toLowerCase()}`, index / conditions.length);
    if (models.length > 0) learned.set(condition, await learnAll(condition, models));
  }
  const titles = new Map(sweeps.map(({ id, spec }) => [id, spec.title ?? `sweep ${id}`]));
  return {
    title: "Proxy Lab report",
    subtitle: subtitleOf(sweeps, records),
    sections: [
      await summary(conditions, learned),
      ...conditions.map(chartSection),
      observations(conditions),
      correlations(conditions),
      ...(models.length > 0 ? [predictions(learned)] : []),
      basis(records, titles),
      allTrials(records),
    ],
  };
}

function subtitleOf(sweeps: readonly StoredSweep[], records: readonly TrialRecord[]): string {
  const days = records.map(({ startedAt }) => startedAt.slice(0, 10)).sort();
  const [first, last] = [days[0], days.at(-1)];
  const study = sweeps.find(({ spec }) => spec.study)?.spec.study;
  const when = first === last ? `on ${first}` : `from ${first} to ${last}`;
  const machine = records[0]?.environment;
  const what = study ? `${study.quick ? "Quick study" : "Study"}: ` : "";
  return `${what}${formatCount(records.length)} trials in ${plural(sweeps.length, "sweep")}, measured ${when} on ${machine?.cpuModel}, ${machine?.cores} cores.`;
}

/** The answers first. */
async function summary(
  conditions: readonly Condition[],
  learned: ReadonlyMap<Condition, readonly LearnedProxy[]>,
): Promise<Section> {
  const blocks: Block[] = [];
  for (const condition of conditions) {
    const { title, proxies, records } = condition;
    const handicap = handicapOf(condition);
    if (handicap) {
      const { slow, fast } = handicap;
      blocks.push(
        table(
          captioned(`${fast.name} against ${slow.name}, at the same CPU and memory limits`, records),
          ratioTable(slow, fast),
        ),
      );
    } else if (proxies.length === 2) {
      const [first, second] = proxies.map((name) => ({ name, records: trialsOf(name, records) }));
      const caption = captioned(`${first!.name} against ${second!.name}, at the same limits`, records);
      blocks.push(table(caption, ratioTable(first!, second!)));
    }
    const samples = await sampleTable(learned.get(condition) ?? []);
    if (samples.rows.length > 0) {
      blocks.push(table(captioned(`${title}: what a CPU limit gives, and what a goal needs`, records), samples));
    }
  }
  return { id: "answers", title: "Answers", blocks };
}

function chartSection(condition: Condition): Section {
  const { id, title, role, records, proxies } = condition;
  const servers = levelsIn(records, ({ point }) => point.servers).join(" or ");
  const last =
    role === "reverse" ? `${servers} servers: requests are spread round robin` : "the server that the requests name";
  const note =
    "Marks are measured, lines only join them. Bars are 95 % intervals where points were repeated, else the range of the runs. Hollow marks: something else than the proxy held the rate down. Crosses on the axis: tried, and no figure came of it.";
  const blocks = viewsOf(condition).flatMap((view): Block[] => [
    { kind: "heading", text: view.title },
    ...(view.x === "rate" ? [paragraph(RATE_NOTE)] : []),
    ...view.figures.map((figure) => chartOf(view, figure)),
    ...(view.x === "rate" ? mapsOf(view) : []),
  ]);
  const setup = `Load tool, then the proxy (${proxies.join(" or ")}), then ${last}.`;
  return { id, title, blocks: [paragraph(`${setup} ${note}`), ...blocks] };
}

const RATE_NOTE =
  "Requests were sent at a fixed rate, whether replies came or not; latencies count from when a request was due. Hollow marks, and cells with a triangle: less than the rate was served, and the latency is that of a queue that grows for as long as the window lasts.";

function chartOf({ id, x, records, by }: View, figure: string): Block {
  const chart = figure === "failedShare" ? failureChart(records, by) : trialChart(records, { x, y: figure, by });
  return { kind: "chart", id: `${id}-${figure.replaceAll(".", "-")}`, chart };
}

function mapsOf({ id, records }: View): Block[] {
  const maps = rateMaps(records, "latencyMs.p99");
  return maps.map((map, index): Block => ({ kind: "map", id: `${id}-map-${index + 1}`, map }));
}

/** Failed requests against CPU bandwidth as a share of those sent: their number rises with the number sent. */
function failureChart(records: readonly TrialRecord[], by: readonly FactorName[]): Chart {
  const chart = trialChart(records, { x: "cpu", y: "failedShare", by });
  const groups = Map.groupBy(records, ({ point }) => by.map((name) => findFactor(name).describe(point)).join(", "));
  const series = chart.series.map(({ name, points }) => ({
    name,
    points: points.map((point) => {
      const own = (groups.get(name) ?? records).filter(({ point: { cpu } }) => cpu === point.x);
      const share = failuresOf(own)?.share;
      return { ...point, y: share?.estimate, low: share?.low, high: share?.high };
    }),
  }));
  const title = "failed requests as a share of those sent, against CPU bandwidth";
  return { ...chart, title, whiskers: "95 % interval (Wilson)", series };
}

function observations(conditions: readonly Condition[]): Section {
  const legend = paragraph(
    "What a figure does when a factor rises: + it rises, \u2212 it falls, 0 no change is shown, ? too few trials. \u03c1 is Spearman\u2019s rank correlation among trials that differ in nothing else, with its 95 % interval; then the size of the effect.",
  );
  const blocks = conditions.flatMap(({ title, proxies, records }): Block[] => {
    const items = proxies.flatMap((proxy) => memoryThreshold(proxy, records) ?? []).map(thresholdInWords);
    return [
      table(captioned(title, records), evidenceTable(records)),
      ...(items.length > 0 ? [{ kind: "list", items } as const] : []),
    ];
  });
  return { id: "observations", title: "Observations", blocks: [legend, ...blocks] };
}

function correlations(conditions: readonly Condition[]): Section {
  const legend = paragraph(
    "Spearman\u2019s coefficients over all completed trials of a proxy: blue rises, orange falls, grey where the 95 % interval holds 0. Coefficients between factors (CPU bandwidth, memory limit, servers) tell how the plan was made and nothing of the proxy.",
  );
  const matrices = conditions.flatMap(({ id, title, proxies, records }) =>
    proxies.map((proxy): Block => {
      const own = trialsOf(proxy, records);
      const caption = captioned(`${proxy} (${title.toLowerCase()})`, own);
      const matrix = correlateTrials(own, undefined, tablesFor(own));
      return { kind: "matrix", id: `${id}-${proxy}-correlation`, title: caption, matrix };
    }),
  );
  return { id: "correlations", title: "Correlations", blocks: [legend, ...matrices] };
}

function predictions(learned: ReadonlyMap<Condition, readonly LearnedProxy[]>): Section {
  const legend = paragraph(
    "Errors are those on points that a model had not seen. \u201cin 90 %\u201d is the share of the points within their 90 % interval, \u201cwidth\u201d how wide it is. The simplest model within noise of the best gives the answers above.",
  );
  return { id: "models", title: "Prediction models", blocks: [legend, ...[...learned.values()].flatMap(modelBlocks)] };
}

function basis(records: readonly TrialRecord[], titles: ReadonlyMap<string, string>): Section {
  const blocks: Block[] = [
    { kind: "heading", text: "What to distrust" },
    { kind: "list", items: distrust(records, (id) => titles.get(id) ?? id) },
    ...speedBlocks(records),
    table("Verdicts: what held the rates down", verdictTable(records)),
    table("Machine and versions", environmentTable(records)),
    { kind: "heading", text: "How the proxies were configured" },
    ...configurationBlocks(records),
  ];
  return { id: "basis", title: "What the figures rest on", blocks };
}

function allTrials(records: readonly TrialRecord[]): Section {
  const caption = captioned(`All ${formatCount(records.length)} trials, in order of time`, records);
  const all = table(caption, trialTable(records));
  return { id: "trials", title: "Trials", blocks: [{ ...all, folded: true }] };
}

function paragraph(text: string): Block {
  return { kind: "paragraph", text };
}

function table(caption: string, content: Table): TableBlock {
  return { kind: "table", caption, table: content };
}
