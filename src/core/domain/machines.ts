import { formatBytes } from "./format.ts";
import { optionsText } from "./pluginOptions.ts";
import { type Scenario, SPOKEN } from "./point.ts";
import type { Environment, TrialRecord } from "./record.ts";

/** Something that two groups of trials do not have in common, with all its values in each, as people write them. */
export interface Difference {
  readonly what: string;
  readonly first: readonly string[];
  readonly second: readonly string[];
}

/** Stands for what a machine does not have. */
const NONE = "none";

/** What makes a machine another one. */
const FACTS: readonly (readonly [what: string, read: (environment: Environment) => string | undefined])[] = [
  ["CPU model", ({ cpuModel }) => cpuModel],
  ["cores", ({ cores }) => String(cores)],
  ["memory", ({ memoryBytes }) => formatBytes(memoryBytes)],
  ["kernel", ({ kernel }) => kernel],
  ["control groups", ({ cgroupVersion }) => cgroupVersion],
  ["Node", ({ node }) => node],
  ["CPU of the container", ({ container }) => container?.cpu?.toFixed(2)],
  [
    "memory of the container",
    ({ container }) => (container?.memoryBytes ? formatBytes(container.memoryBytes) : undefined),
  ],
];

/** How the machines of two groups of trials differ. */
export function machineDifferences(first: readonly TrialRecord[], second: readonly TrialRecord[]): Difference[] {
  return FACTS.flatMap(([what, read]) => differenceOf(what, ({ environment }) => read(environment), first, second));
}

/** Programs that two groups of trials ran in other versions, by name. */
export function versionDifferences(first: readonly TrialRecord[], second: readonly TrialRecord[]): Difference[] {
  const programs = new Set([...first, ...second].flatMap(({ environment }) => Object.keys(environment.versions)));
  return [...programs].flatMap((id) => differenceOf(id, ({ environment }) => environment.versions[id], first, second));
}

/** Plugins that two groups of trials gave other options, by name. */
export function optionDifferences(first: readonly TrialRecord[], second: readonly TrialRecord[]): Difference[] {
  return (["proxy", "loadTool"] as const).flatMap((role) => {
    const names = [...new Set([...first, ...second].map(({ point }) => point[role]))];
    return differenceOf(names.join(" and "), ({ options }) => optionsText(options?.[role]), first, second);
  });
}

type Spoken = readonly [what: string, read: (scenario: Scenario) => string | undefined];

const SPOKEN_FACTS: Readonly<Record<(typeof SPOKEN)[number], Spoken>> = {
  http: ["HTTP", ({ http }) => http ?? "1.1"],
  tlsVersion: ["TLS", ({ tlsVersion }) => tlsVersion],
  tls: ["key", ({ tls }) => tls],
  tlsHandshake: ["handshakes", ({ tlsHandshake }) => tlsHandshake],
  keepAlive: ["connections", ({ keepAlive }) => (keepAlive ? "kept" : "one a request")],
};

/** What clients of two groups of trials spoke otherwise. */
export function protocolDifferences(first: readonly TrialRecord[], second: readonly TrialRecord[]): Difference[] {
  const facts = SPOKEN.map((name) => SPOKEN_FACTS[name]);
  return facts.flatMap(([what, read]) => differenceOf(what, ({ scenario }) => read(scenario), first, second));
}

function differenceOf(
  what: string,
  read: (record: TrialRecord) => string | undefined,
  ...sides: readonly [readonly TrialRecord[], readonly TrialRecord[]]
): Difference[] {
  const [first, second] = sides.map((side) => [...new Set(side.map((record) => read(record) ?? NONE))].sort()) as [
    string[],
    string[],
  ];
  return first.join() === second.join() ? [] : [{ what, first, second }];
}
