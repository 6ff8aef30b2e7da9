import { type Levels, quantities } from "../../domain/factors.ts";
import type { LearnedFigure } from "../../domain/figures.ts";
import { isOpenLoop } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { conditionsKey, highest, newest } from "./comparable.ts";
import {
  CONDITIONS,
  type ConditionKey,
  type Conditions,
  type ConditionValue,
  type ConditionWish,
  conditionFlags,
  conditionOf,
  conditionsOf,
  type LeftOut,
  sharedConditions,
} from "./conditions.ts";
import { type Refused, refuse } from "./refusal.ts";
import { FEWEST_POINTS, hasMemoryLimit, mostlyLimited, teaches } from "./teaching.ts";

/** Which trials a question is answered from. */
export interface TrialWish extends ConditionWish {
  /** Ids of the sweeps whose trials teach; all unless given. */
  readonly sweeps?: readonly string[];
  /** Those without a memory limit teach. */
  readonly noMemoryLimit?: boolean;
}

/** What is asked about the trials. */
export interface Topic {
  /** Figures that they have to teach about. */
  readonly targets: readonly LearnedFigure[];
  /** Levels that are asked for; a rate is one of open loops. */
  readonly levels: Levels;
  /** The loop that it is about, where none is wished for; a closed one unless given. */
  readonly loop?: "open";
}

/** The trials of one proxy that a question is answered from. */
export interface Selected {
  readonly ok: true;
  /** Made under the same conditions; of these either those with or those without a memory limit teach. */
  readonly trials: readonly TrialRecord[];
  readonly limited: boolean;
  /** Those that teach about what is asked. */
  readonly teaching: readonly TrialRecord[];
  readonly conditions: Conditions;
  readonly limiters: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Chooses the trials of proxies that a question is answered from: those made under the conditions under which most of the
 * proxies can be answered about, and then most trials teach about what is asked; of equals the newest. They are the same
 * for all proxies but for versions and options, so that like is compared with like; refused is a proxy that has no trials under them,
 * with those that it has.
 */
export function select(
  byProxy: ReadonlyMap<string, readonly TrialRecord[]>,
  asked: TrialWish,
  topic: Topic,
): ReadonlyMap<string, Selected | Refused> {
  const loop = topic.loop ?? (topic.levels.requestsPerSecond === undefined ? undefined : "open");
  const wish: TrialWish = { ...(loop && { loop }), ...asked };
  const own = [...byProxy].map(([proxy, all]) => ({ proxy, all, groups: groupsOf(all, wish, topic) }));
  const keys = new Set(own.flatMap(({ groups }) => groups.map(({ key }) => key)));
  const shared = highest(keys, (key) => rankOf(own.flatMap(({ groups }) => bestOf(groups, key) ?? [])));
  const chosen = own.map(({ groups, ...one }) => ({ ...one, group: bestOf(groups, shared) }));
  const example = chosen.find(({ group }) => group)?.group?.trials[0];
  return new Map(
    chosen.map(({ proxy, all, group }) => [
      proxy,
      group ? selected(group, all, wish, topic) : refusedFor(all, example, wish),
    ]),
  );
}

/** Trials of one proxy under the same conditions, with those of them that teach about what is asked. */
interface Group {
  /** The same for the same conditions, whatever the version and the options of the proxy. */
  readonly key: string;
  readonly trials: readonly TrialRecord[];
  readonly teaching: readonly TrialRecord[];
  /** Number of different points that teach. */
  readonly points: number;
}

function groupsOf(all: readonly TrialRecord[], wish: TrialWish, topic: Topic): Group[] {
  const fitting = all.filter((trial) => fits(trial, wish));
  return [...Map.groupBy(fitting, (trial) => conditionsKey(conditionsOf(trial))).values()].map((trials) => {
    const teaching = trials.filter((trial) => teaches(trial, topic.targets) && isAbout(trial, wish, topic));
    const points = new Set(teaching.map(({ point }) => pointKey(point))).size;
    return { key: conditionsKey(sharedConditions(conditionsOf(trials[0]!))), trials, teaching, points };
  });
}

/** Of versions and options of a proxy under the same other conditions those that most can be learned about. */
function bestOf(groups: readonly Group[], key: string | undefined): Group | undefined {
  return highest(
    groups.filter((group) => group.key === key),
    (group) => rankOf([group]),
  );
}

/** How much groups, one of each proxy, teach: in a closed loop, about how many of the proxies, and from how many trials. */
function rankOf(groups: readonly Group[]): readonly (number | string)[] {
  return [
    groups.filter(({ trials: [first] }) => !isOpenLoop(first!)).length,
    groups.filter(({ points }) => points >= FEWEST_POINTS).length,
    sum(groups.map(({ teaching }) => teaching.length)),
    sum(groups.map(({ trials }) => trials.length)),
    newest(groups.flatMap(({ trials }) => trials)),
  ];
}

/** Whether a trial that teaches does so about the levels asked for. */
function isAbout({ point }: TrialRecord, { noMemoryLimit }: TrialWish, { levels }: Topic): boolean {
  if (noMemoryLimit && point.memoryBytes !== undefined) return false;
  return quantities().every(({ key, quantity, read }) => {
    const [asked, own] = [levels[key], read(point)];
    return asked === undefined || (quantity.discrete ? own === asked : own !== undefined);
  });
}

function selected(group: Group, all: readonly TrialRecord[], wish: TrialWish, { levels }: Topic): Selected {
  const { trials } = group;
  const asked = levels.memoryBytes !== undefined;
  const limited = asked || (!wish.noMemoryLimit && mostlyLimited(group.teaching));
  const teaching = group.teaching.filter((trial) => hasMemoryLimit(trial) === limited);
  const conditions = conditionsOf(trials[0]!);
  const wanted = { ...conditions, ...wished(wish) };
  const chosen = new Set(trials);
  return {
    ok: true,
    trials,
    limited,
    teaching,
    conditions,
    limiters: [...new Set((teaching.length > 0 ? teaching : trials).map(({ point }) => point.limiter))].sort(),
    leftOut: leftOutOf(
      all.filter((trial) => !chosen.has(trial)),
      wish,
      () => wanted,
    ),
  };
}

/** Why a proxy has no trials like an example, or none as wished where nobody has. */
function refusedFor(all: readonly TrialRecord[], example: TrialRecord | undefined, wish: TrialWish): Refused {
  if (all.length === 0) return refuse({ code: "no-trials", message: "nothing was measured yet." });
  const like = example && sharedConditions(conditionsOf(example));
  const wantedOf = (trial: TrialRecord): Conditions => {
    const own = conditionsOf(trial);
    const { proxyVersion = null, proxyOptions = null } = own;
    return { ...(like ? { ...like, proxyVersion, proxyOptions } : own), ...wished(wish) };
  };
  const leftOut = leftOutOf(all, wish, wantedOf);
  const wanted = wantedOf(all[0]!);
  const asked = [...new Set(leftOut.flatMap(({ differ }) => Object.keys(differ)))].map((name) =>
    name === "sweep" ? `in ${wish.sweeps!.join(" or ")}` : conditionOf(name).phrase(wanted[name] ?? null),
  );
  const message = `no trial was made ${asked.join(", ")}; measured: ${leftOutInWords(leftOut).join("; ")}.`;
  return refuse({ code: "other-conditions", leftOut, message });
}

/** Trials by what they differ in from what is wanted of each; the most first. */
function leftOutOf(
  trials: readonly TrialRecord[],
  wish: TrialWish,
  wantedOf: (trial: TrialRecord) => Conditions,
): LeftOut[] {
  const differences = trials.map((trial) => differing(trial, wantedOf(trial), wish));
  return [...Map.groupBy(differences, conditionsKey).values()]
    .map((alike) => ({ trials: alike.length, differ: alike[0]!, flags: flagsFor(alike[0]!) }))
    .sort((a, b) => b.trials - a.trials);
}

/** What a trial differs in from some conditions, with its own values. */
function differing(trial: TrialRecord, wanted: Conditions, { sweeps }: TrialWish): Conditions {
  const own: Conditions = { ...conditionsOf(trial), ...("limiter" in wanted && { limiter: trial.point.limiter }) };
  const keys = Object.keys({ ...own, ...wanted }).filter((key) => (own[key] ?? null) !== (wanted[key] ?? null));
  const elsewhere = sweeps !== undefined && !sweeps.includes(trial.sweepId);
  const values = Object.fromEntries(keys.map((key) => [key, own[key] ?? null]));
  return { ...values, ...(elsewhere && { sweep: "other" }) };
}

/** None where no option chooses one of the conditions. */
function flagsFor(differ: Conditions): string[] {
  const choosable = Object.keys(differ).every((name) => CONDITIONS.some(({ key }) => key === name));
  return choosable ? conditionFlags(differ) : [];
}

const MOST_TOLD = 3;

/** Trials that are left out, in words: `149 with 1 KiB bodies (--body 1K)`; the groups beyond the first few together. */
export function leftOutInWords(leftOut: readonly LeftOut[]): string[] {
  const told = leftOut.length > MOST_TOLD + 1 ? MOST_TOLD : leftOut.length;
  const rest = sum(leftOut.slice(told).map(({ trials }) => trials));
  const lines = leftOut.slice(0, told).map(({ trials, differ, flags }) => {
    const phrases = Object.entries(differ).map(([name, value]) =>
      name === "sweep" ? "of other sweeps" : conditionOf(name).phrase(value),
    );
    return `${trials} ${phrases.join(", ")}${flags.length > 0 ? ` (${flags.map(quoted).join(" ")})` : ""}`;
  });
  return rest > 0 ? [...lines, `${rest} under ${leftOut.length - told} other conditions`] : lines;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:%=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Whether a trial was made as wished, in one of the sweeps. */
function fits(trial: TrialRecord, wish: TrialWish): boolean {
  return Object.keys(differing(trial, { ...conditionsOf(trial), ...wished(wish) }, wish)).length === 0;
}

/** The conditions that are wished for. */
function wished(wish: TrialWish): Conditions {
  const asked = CONDITIONS.map(({ key }) => [key, wish[key]] as const);
  return Object.fromEntries(asked.filter((one): one is [ConditionKey, ConditionValue] => one[1] !== undefined));
}

function pointKey(point: TrialRecord["point"]): string {
  return quantities()
    .map(({ read }) => read(point))
    .join();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
