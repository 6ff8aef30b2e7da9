import { setTimeout as sleep } from "node:timers/promises";
import type { ControlGroup, LimiterHost, Limits } from "../../../core/contract/index.ts";
import { byController, inOneTree } from "./place.ts";

const removeWaitMs = 1_000;
const pollMs = 5;

/** A control group of the lab, on version 1 one under each controller. */
export interface Group {
  readonly control: ControlGroup;
  /** What a process joins. */
  readonly dirs: readonly string[];
  set(limits: Limits): Promise<void>;
  /** Kills all that is in it, whatever process group it is in. */
  kill(): Promise<void>;
  /** Kills what is still in it and removes it; what cannot be removed is left to the lab's own clean-up. */
  remove(): Promise<void>;
}

export async function makeGroup(host: LimiterHost): Promise<Group> {
  const name = host.uniqueName();
  const place = host.cgroupVersion === "v2" ? inOneTree(name) : byController(name);
  const disowners = place.folders.map((path) => host.own({ kind: "cgroup", path }));
  const remove = async () => {
    const deadline = Date.now() + removeWaitMs;
    for (const [index, path] of place.folders.entries()) {
      if (await removeDir(path, host, deadline)) disowners[index]!();
    }
  };
  try {
    await place.make(host);
    return {
      dirs: place.dirs,
      control: await host.controlGroup(place.path),
      async set(limits) {
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

/** False when it could not be removed in time: a process that was killed is not gone at once. */
async function removeDir(dir: string, host: LimiterHost, deadline: number): Promise<boolean> {
  while (!(await succeeds(host.removeDir(dir)))) {
    if (Date.now() > deadline) return false;
    await killAll(dir, host);
    await sleep(pollMs);
  }
  return true;
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
