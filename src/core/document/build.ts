import type { Model } from "../answer/learning/crossValidation.ts";
import { formatCount, plural } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { correlateTrials } from "../statistics/trials/correlation.ts";
import type { StoredSweep } from "../store/store.ts";
import { trialChart } from "../views/trialChart.ts";
import { trialTable } from "../views/trialTable.ts";
import { thresholdInWords } from "../words/memory.ts";
import { configurationBlocks, distrust, environmentTable, verdictTable } from "./basis.ts";
import { type Condition, comparableConditions } from "./conditions.ts";
import type { Block, ReportDocument, Section } from "./document.ts";
import { evidenceTable, memoryThreshold } from "./evidence.ts";
import { failureChart } from "./failureChart.ts";
import { type LearnedProxy, learnAll, modelBlocks, sampleTable } from "./predictions.ts";
import { ratioRows } from "./ratios.ts";
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
      ...(models.length > 0 ? [await predictions(learned)] : []),
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
    const sides = handicapOf(condition);
    if (sides) {
      const caption = `${sides.fast.name} against ${sides.slow.name}, at the same CPU and memory limits`;
      blocks.push({ kind: "table", caption, table: ratioRows(sides.slow, sides.fast) });
    }
    const [first, second] = condition.proxies.map((name) => ({
      name,
      records: condition.records.filter(({ point }) => point.proxy === name),
    }));
    if (first && second && condition.proxies.length === 2 && !sides) {
      const caption = `${first.name} against ${second.name}, at the same limits`;
      blocks.push({ kind: "table", caption, table: ratioRows(first, second) });
    }
    const own = learned.get(condition);
    if (own) {
      const table = await sampleTable(own);
      const caption = `${condition.title}: what a CPU limit gives, and what a goal needs`;
      if (table.rows.length > 0) blocks.push({ kind: "table", caption, table });
    }
  }
  return { id: "answers", title: "Answers", blocks };
}

function chartSection(condition: Condition): Section {
  const { id, title, records, proxies } = condition;
  const servers = [...new Set(records.map(({ point }) => point.servers))].sort((a, b) => a - b).join(" or ");
  const setup =
    condition.role === "reverse"
      ? `Load tool, then the proxy (${proxies.join(" or ")}), then ${servers} servers: requests are spread round robin.`
      : `Load tool, then the proxy (${proxies.join(" or ")}), then the server that the requests name.`;
  const note =
    "Marks are measured, lines only join them. Bars are 95 % intervals where points were repeated, else the range of the runs. Hollow marks: something else than the proxy held the rate down. Crosses on the axis: tried, and no figure came of it.";
  return {
    id,
    title,
    blocks: [
      { kind: "paragraph", text: `${setup} ${note}` },
      ...viewsOf(condition).flatMap((view): Block[] => [
        { kind: "heading", text: view.title },
        ...view.figures.map((figure): Block => chartOf(view, figure)),
      ]),
    ],
  };
}

function chartOf({ id, records, by }: View, figure: string): Block {
  const chart = figure === "failedShare" ? failureChart(records, by) : trialChart(records, { x: "cpu", y: figure, by });
  return { kind: "chart", id: `${id}-${figure.replaceAll(".", "-")}`, chart };
}

function observations(conditions: readonly Condition[]): Section {
  return {
    id: "observations",
    title: "Observations",
    blocks: [
      {
        kind: "paragraph",
        text: "What a figure does when a factor rises: + it rises, \u2212 it falls, 0 no change is shown, ? too few trials. \u03c1 is Spearman\u2019s rank correlation among trials that differ in nothing else, with its 95 % interval; then the size of the effect.",
      },
      ...conditions.flatMap((condition): Block[] => {
        const thresholds = condition.proxies.flatMap((proxy) => memoryThreshold(proxy, condition.records) ?? []);
        const items = thresholds.map(thresholdInWords);
        return [
          { kind: "table", caption: condition.title, table: evidenceTable(condition.records) },
          ...(items.length > 0 ? [{ kind: "list", items } as const] : []),
        ];
      }),
    ],
  };
}

function correlations(conditions: readonly Condition[]): Section {
  return {
    id: "correlations",
    title: "Correlations",
    blocks: [
      {
        kind: "paragraph",
        text: "Spearman\u2019s coefficients over all completed trials of a proxy: blue rises, orange falls, grey where the 95 % interval holds 0. Coefficients between factors (CPU bandwidth, memory limit, servers) tell how the plan was made and nothing of the proxy.",
      },
      ...conditions.flatMap(({ id, title, proxies, records }) =>
        proxies.map((proxy): Block => {
          const matrix = correlateTrials(records.filter(({ point }) => point.proxy === proxy));
          return {
            kind: "matrix",
            id: `${id}-${proxy}-correlation`,
            title: `${proxy} (${title.toLowerCase()})`,
            matrix,
          };
        }),
      ),
    ],
  };
}

async function predictions(learned: ReadonlyMap<Condition, readonly LearnedProxy[]>): Promise<Section> {
  return {
    id: "models",
    title: "Prediction models",
    blocks: [
      {
        kind: "paragraph",
        text: "Errors are those on points that a model had not seen. \u201cin 90 %\u201d is the share of the points within their 90 % interval, \u201cwidth\u201d how wide it is. The simplest model within noise of the best gives the answers above.",
      },
      ...[...learned.values()].flatMap(modelBlocks),
    ],
  };
}

function basis(records: readonly TrialRecord[], titles: ReadonlyMap<string, string>): Section {
  return {
    id: "basis",
    title: "What the figures rest on",
    blocks: [
      { kind: "heading", text: "What to distrust" },
      { kind: "list", items: distrust(records, (id) => titles.get(id) ?? id) },
      { kind: "table", caption: "Verdicts: what held the rates down", table: verdictTable(records) },
      { kind: "table", caption: "Machine and versions", table: environmentTable(records) },
      { kind: "heading", text: "How the proxies were configured" },
      ...configurationBlocks(records),
    ],
  };
}

function allTrials(records: readonly TrialRecord[]): Section {
  const caption = `All ${formatCount(records.length)} trials, in order of time`;
  return {
    id: "trials",
    title: "Trials",
    blocks: [{ kind: "table", caption, table: trialTable(records), folded: true }],
  };
}
