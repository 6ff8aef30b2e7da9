import type { TrialRecord } from "../../domain/record.ts";

/**
 * What must be the same for trials that one law can hold for, by name: the proxy and its version, load tool, role, machine,
 * and scenario. How long a trial took and whether its process was fresh do not matter.
 */
export function conditionsOf({ point, scenario, environment }: TrialRecord): Readonly<Record<string, unknown>> {
  const { windowSeconds: _, maxWindowSeconds: __, warmupSeconds: ___, fresh: ____, rate, ...fixed } = scenario;
  return {
    proxy: point.proxy,
    loadTool: point.loadTool,
    role: point.role,
    ...fixed,
    rate: rate && JSON.stringify(rate),
    proxyVersion: environment.versions[point.proxy],
    machine: `${environment.cpuModel}, ${environment.cores} cores`,
  };
}

/** Names of the conditions that two trials differ in. */
export function differences(one: TrialRecord, other: TrialRecord): string[] {
  const [a, b] = [conditionsOf(one), conditionsOf(other)];
  return Object.keys({ ...a, ...b }).filter((name) => a[name] !== b[name]);
}
