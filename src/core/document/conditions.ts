import type { Role } from "../contract/index.ts";
import { distinct } from "../domain/factors.ts";
import type { Scenario } from "../domain/point.ts";
import type { TrialRecord } from "../domain/record.ts";

/** Trials of one role and profile: only they are shown together. */
export interface Condition {
  readonly id: string;
  readonly title: string;
  readonly role: Role;
  readonly profile: Scenario["profile"];
  readonly records: readonly TrialRecord[];
  /** In the order of their names. */
  readonly proxies: readonly string[];
}

const profileTitles: Record<Scenario["profile"], string> = {
  fair: "",
  "as-shipped": ", as shipped",
  own: ", with configurations of your own",
};
const titles: Record<Role, string> = { reverse: "Load balancers", forward: "Forward proxies" };

/** Reverse before forward, the fair profile before the programs' own defaults. */
export function comparableConditions(records: readonly TrialRecord[]): Condition[] {
  const tried = records.filter(({ status }) => status !== "skipped");
  return (["reverse", "forward"] as const).flatMap((role) =>
    (["fair", "as-shipped", "own"] as const).flatMap((profile) => {
      const own = tried.filter(({ point, scenario }) => point.role === role && scenario.profile === profile);
      if (own.length === 0) return [];
      const title = `${titles[role]}${profileTitles[profile]}`;
      const proxies = [...new Set(own.map(({ point }) => point.proxy))].sort();
      return [{ id: `${role}-${profile}`, title, role, profile, records: own, proxies }];
    }),
  );
}

/** Those trials that are of a proxy. */
export function trialsOf(proxy: string, records: readonly TrialRecord[]): TrialRecord[] {
  return records.filter(({ point }) => point.proxy === proxy);
}

/** Of each proxy the trials with its largest memory limit, or with none. */
export function withMostMemory(records: readonly TrialRecord[]): TrialRecord[] {
  const memory = ({ point }: TrialRecord) => point.memoryBytes ?? Number.POSITIVE_INFINITY;
  const proxies = [...Map.groupBy(records, ({ point }) => point.proxy)];
  const most = new Map(proxies.map(([proxy, own]) => [proxy, Math.max(...own.map(memory))]));
  return records.filter((record) => memory(record) === most.get(record.point.proxy));
}

/** Different levels of a factor, in order. */
export function levelsIn(records: readonly TrialRecord[], read: (record: TrialRecord) => number | undefined): number[] {
  return distinct(records.flatMap((record) => read(record) ?? []));
}
