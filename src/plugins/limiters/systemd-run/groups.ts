import type { Host } from "../../../core/contract/index.ts";

/** Where control groups are mounted. */
export const mount = "/sys/fs/cgroup";

/** The text of /proc/PID/cgroup -> the folders of a unit; `undefined` unless the process is in it with all limits. */
export function foldersOf(membership: string, unit: string, version: Host["cgroupVersion"]): string[] | undefined {
  const paths = (version === "v1" ? ["cpu", "memory"] : [""]).map((name) => ({ name, path: pathOf(membership, name) }));
  if (!paths.every(({ path }) => path?.endsWith(`/${unit}`))) return undefined;
  return paths.map(({ name, path }) => `${mount}${name && "/"}${name}${path}`);
}

/** The path of a process' control group below the mount, by controller; version 2 has the one controller "". */
export function pathOf(membership: string, controller: string): string | undefined {
  const lines = membership.trim().split("\n");
  const fields = lines.map((line) => line.split(":")).find(([, names]) => names?.split(",").includes(controller));
  return fields?.slice(2).join(":");
}
