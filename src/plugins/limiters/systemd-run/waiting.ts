import { setTimeout as sleep } from "node:timers/promises";
import type { Exit, LimiterHost, Process } from "../../../core/contract/index.ts";
import { foldersOf } from "./groups.ts";

const waitMs = 10_000;
const pollMs = 5;

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
