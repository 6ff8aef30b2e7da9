import { setTimeout as sleep } from "node:timers/promises";
import type { Exit, Host, LimiterHost, Process } from "../../../core/contract/index.ts";
import { mount, removeGroup } from "../shared/groups.ts";

const waitMs = 10_000;
const pollMs = 5;
const removeWaitMs = 2_000;

/** Waits until the process is in the scope and stands at its gate; the folders of the scope's control group. */
export async function untilWaiting(child: Process, unit: string, host: LimiterHost): Promise<string[]> {
  const ended: Exit[] = [];
  void child.exited.then((exit) => ended.push(exit));
  const deadline = Date.now() + waitMs;
  while (Date.now() < deadline) {
    const state = /.*\) (\w)/s.exec((await host.readText(`/proc/${child.pid}/stat`)) ?? "")?.[1];
    const folders = foldersOf((await host.readText(`/proc/${child.pid}/cgroup`)) ?? "", unit, host.cgroupVersion);
    if (state === "T" && folders) return folders;
    if (ended[0]) {
      const how = ended[0].signal ?? `exit code ${ended[0].code}`;
      throw new Error(`systemd-run could not start the program (${how}): ${child.tail()}`);
    }
    await sleep(pollMs);
  }
  throw new Error(`systemd did not take the program into ${unit} within ${waitMs / 1000} s: ${child.tail()}`);
}

/**
 * On version 1 systemd takes for granted that cpu and cpuacct are mounted together. Where they are not, it leaves cpuacct
 * alone, and CPU time is counted in a group made here. The returned function removes it.
 */
export async function countCpuTime(pid: number, unit: string, host: LimiterHost): Promise<() => Promise<void>> {
  const path = pathOf((await host.readText(`/proc/${pid}/cgroup`)) ?? "", "cpuacct");
  if (host.cgroupVersion !== "v1" || path === undefined || path.endsWith(`/${unit}`)) return async () => {};
  const folder = `${mount}/cpuacct${path === "/" ? "" : path}/${unit}`;
  await host.makeDir(folder);
  const disown = host.own({ kind: "cgroup", path: folder });
  await host.writeText(`${folder}/cgroup.procs`, String(pid));
  return async () => {
    if (await removeGroup(folder, host, Date.now() + removeWaitMs)) disown();
  };
}

/** The text of /proc/PID/cgroup -> the folders of a unit; `undefined` unless the process is in it with all limits. */
function foldersOf(membership: string, unit: string, version: Host["cgroupVersion"]): string[] | undefined {
  const paths = (version === "v1" ? ["cpu", "memory"] : [""]).map((name) => ({ name, path: pathOf(membership, name) }));
  if (!paths.every(({ path }) => path?.endsWith(`/${unit}`))) return undefined;
  return paths.map(({ name, path }) => `${mount}${name && "/"}${name}${path}`);
}

/** The path of a process' control group below the mount, by controller; version 2 has the one controller "". */
function pathOf(membership: string, controller: string): string | undefined {
  const lines = membership.trim().split("\n");
  const fields = lines.map((line) => line.split(":")).find(([, names]) => names?.split(",").includes(controller));
  return fields?.slice(2).join(":");
}
