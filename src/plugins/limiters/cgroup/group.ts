import type { LimiterHost } from "../../../core/contract/index.ts";
import type { Holding } from "../shared/confined.ts";
import { removeGroup, succeeds } from "../shared/groups.ts";
import { byController, inOneTree } from "./place.ts";

const removeWaitMs = 1_000;

/** Makes a control group, on version 1 one under each controller. `dirs`: what a process joins. */
export async function makeGroup(host: LimiterHost): Promise<Holding & { readonly dirs: readonly string[] }> {
  const name = host.uniqueName();
  const place = host.cgroupVersion === "v2" ? inOneTree(name) : byController(name);
  const disowners = place.folders.map((path) => host.own({ kind: "cgroup", path }));
  const remove = async () => {
    const deadline = Date.now() + removeWaitMs;
    for (const [index, path] of place.folders.entries()) {
      if (await removeGroup(path, host, deadline, () => killAll(path, host))) disowners[index]!();
    }
  };
  try {
    await place.make(host);
    return {
      dirs: place.dirs,
      group: await host.controlGroup(place.path),
      async update(limits) {
        for (const { path, value, optional } of place.settings(limits)) {
          if (!optional || (await host.readText(path)) !== undefined) await host.writeText(path, String(value));
        }
      },
      kill: () => killAll(place.dirs[0]!, host),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function killAll(dir: string, host: LimiterHost): Promise<void> {
  const killed = await succeeds(host.writeText(`${dir}/cgroup.kill`, "1"));
  if (killed) return;
  // Version 1, and version 2 before Linux 5.14.
  const pids = ((await host.readText(`${dir}/cgroup.procs`)) ?? "").split("\n").filter((pid) => Number(pid) > 1);
  if (pids.length > 0) await host.probe(["sh", "-c", 'kill -KILL "$@"', "sh", ...pids]);
}
