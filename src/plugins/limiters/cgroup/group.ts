import type { LimiterHost } from "../../../core/contract/index.ts";
import type { Holding } from "../shared/confined.ts";
import { removeGroup, succeeds } from "../shared/groups.ts";
import { byController, inOneTree } from "./place.ts";

const removeWaitMs = 1_000;

/** A control group of the lab, on version 1 one under each controller. */
export interface MadeGroup extends Holding {
  /** What a process joins. */
  readonly dirs: readonly string[];
}

export async function makeGroup(host: LimiterHost): Promise<MadeGroup> {
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
        for (const { controller, file, text, optional } of place.settings(limits)) {
          const path = `${place.dirOf(controller)}/${file}`;
          if (optional && (await host.readText(path)) === undefined) continue;
          await host.writeText(path, text);
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
