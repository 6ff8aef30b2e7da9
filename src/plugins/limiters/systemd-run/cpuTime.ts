import { setTimeout as sleep } from "node:timers/promises";
import type { LimiterHost } from "../../../core/contract/index.ts";
import { mount, pathOf } from "./groups.ts";

const removeWaitMs = 2_000;
const pollMs = 5;

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
    const deadline = Date.now() + removeWaitMs;
    for (;;) {
      const removed = await host.removeDir(folder).then(
        () => true,
        () => false, // a process that was killed is not gone at once
      );
      if (removed) return disown();
      if (Date.now() > deadline) return; // left to the lab's own clean-up
      await sleep(pollMs);
    }
  };
}
