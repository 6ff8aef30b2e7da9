import { left, right, type Table, tableOf } from "../cells/table.ts";
import { formatBytes, formatCpuLevel, formatPercent, formatRate } from "../domain/format.ts";
import type { Configuration, Environment, TrialRecord } from "../domain/record.ts";
import { showsProxy } from "../domain/verdicts.ts";
import { failureRemarks } from "../words/failures.ts";
import { trustRemarks } from "../words/trust.ts";
import type { Block } from "./document.ts";

/** Machine and versions: a row for each fact, with all its values where trials differ in it. */
export function environmentTable(records: readonly TrialRecord[]): Table {
  const environments = records.map(({ environment }) => environment);
  const programs = [...new Set(environments.flatMap(({ versions }) => Object.keys(versions)))].sort();
  const facts: [string, string[]][] = [
    ["processor", environments.map(({ cpuModel, cores }) => `${cpuModel}, ${cores} cores`)],
    ["memory", environments.map(({ memoryBytes }) => formatBytes(memoryBytes))],
    ["system", environments.map(({ platform, kernel }) => `${platform}, kernel ${kernel}`)],
    ["control groups", environments.flatMap(({ cgroupVersion }) => cgroupVersion ?? [])],
    ["limits of the lab", environments.flatMap(({ container }) => (container ? limitsInWords(container) : []))],
    ["placement", environments.flatMap(({ placement }) => (placement ? placementInWords(placement) : []))],
    ["lab", environments.map(({ labVersion, node }) => `${labVersion} on Node ${node}`)],
    ...programs.map((id): [string, string[]] => [id, environments.flatMap(({ versions }) => versions[id] ?? [])]),
  ];
  return tableOf(
    facts.filter(([, values]) => values.length > 0),
    [left("what", ([name]) => name), left("value", ([, values]) => [...new Set(values)].join("; "))],
  );
}

function limitsInWords({ cpu, memoryBytes }: NonNullable<Environment["container"]>): string {
  const limits = [cpu && `${formatCpuLevel(cpu)} cpu`, memoryBytes && `${formatBytes(memoryBytes)} of memory`];
  return limits.filter(Boolean).join(", ");
}

function placementInWords({ proxy, rest }: { proxy: readonly number[]; rest: readonly number[] }): string {
  return `proxy on core ${proxy.join(", ")}, everything else on core ${rest.join(", ")}`;
}

/** How many trials of each proxy got which verdict. */
export function verdictTable(records: readonly TrialRecord[]): Table {
  const outcome = ({ status, verdict, error }: TrialRecord) =>
    status === "completed" ? (verdict?.bound ?? "no verdict") : `${status}: ${error?.code ?? "no reason"}`;
  const outcomes = [...new Set(records.map(outcome))].sort();
  const proxies = [...Map.groupBy(records, ({ point }) => point.proxy)].sort(([a], [b]) => (a < b ? -1 : 1));
  const counts = (title: string, count: (own: readonly TrialRecord[]) => number) =>
    right<(typeof proxies)[number]>(title, ([, own]) => String(count(own)));
  return tableOf(proxies, [
    left("proxy", ([proxy]) => proxy),
    ...outcomes.map((one) => counts(one, (own) => own.filter((record) => outcome(record) === one).length)),
    counts("all", ({ length }) => length),
  ]);
}

/** What a reader should know before believing the figures: of each sweep, and of all such measurements. */
export function distrust(records: readonly TrialRecord[], titleOf: (sweepId: string) => string): string[] {
  const sweeps = [...Map.groupBy(records, ({ sweepId }) => sweepId)];
  const own = sweeps.flatMap(([id, trials]) =>
    [...trustRemarks(trials), ...baselineRemark(trials)].map((remark) => `${titleOf(id)}: ${remark}`),
  );
  const others = records.filter(({ verdict }) => verdict && !showsProxy(verdict.bound));
  return [
    ...own,
    ...failureRemarks(records).map((remark) => `${remark}; the interval takes failures to be independent`),
    `${others.length} of ${records.length} trials (${formatPercent(others.length / records.length)}) were held down by something else than the proxy: hollow marks in the charts; the predictor does not learn from them`,
    "load tool, servers and proxy share one machine: where they compete for cores the rates are lower than between machines",
    "one kind of request, answered from memory by a server next door: other bodies, delays and TLS cost other amounts",
    "the figures are of this machine; on another one the ratios carry over better than the rates",
  ];
}

function baselineRemark(records: readonly TrialRecord[]): string[] {
  const rates = records.flatMap(({ directRequestsPerSecond }) => directRequestsPerSecond ?? []);
  if (rates.length === 0) return [];
  const [low, high] = [formatRate(Math.min(...rates)), formatRate(Math.max(...rates))];
  return [`without a proxy the load tool made ${low === high ? low : `${low} to ${high}`} requests/s`];
}

/** How each proxy was configured: settings that differ from its defaults, and the text that it was started with. */
export function configurationBlocks(records: readonly TrialRecord[]): Block[] {
  const groups = Map.groupBy(records, ({ point, scenario }) =>
    JSON.stringify([point.proxy, point.role, scenario.profile]),
  );
  return [...groups].flatMap(([key, own]): Block[] => {
    const [proxy, role, profile] = JSON.parse(key) as [string, string, string];
    const deviations = [...new Set(own.flatMap((record) => record.deviations))];
    const sample = own.findLast(({ configuration }) => configuration)?.configuration;
    const name = `${proxy}, ${role}, ${profile}`;
    const settings = deviations.join("; ") || "the program's defaults";
    return [
      { kind: "paragraph", text: `${name}: ${settings}.` },
      ...(sample ? [{ kind: "code", title: `Configuration of ${name}`, text: textOf(sample) } as const] : []),
    ];
  });
}

function textOf({ argv, env, files }: Configuration): string {
  const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value} `);
  const command = `$ ${variables.join("")}${argv.join(" ")}`;
  return [command, ...Object.entries(files).map(([name, text]) => `# ${name}\n${text.trimEnd()}`)].join("\n\n");
}
