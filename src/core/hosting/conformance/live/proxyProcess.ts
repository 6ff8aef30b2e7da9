import { basename } from "node:path";
import { require } from "../check.ts";
import { filesWrittenBy, leavesNoProcess, processesOf } from "./processes.ts";
import type { Started } from "./unconfined.ts";

/** Throws when a process of the proxy has a file open for writing that the lab will not remove. */
export async function writesOnlyInItsFolder({ launch, process: child }: Started): Promise<void> {
  const { scratchDir } = launch;
  // As the lab names it after the folder; see `instance` of a ProxySetup.
  const sharedMemory = `/dev/shm/lab${basename(scratchDir).replace(/^.*-/, "")}`;
  const pids = await processesOf(scratchDir, child.pid);
  const files = (await Promise.all(pids.map(filesWrittenBy))).flat();
  const foreign = files.find((path) => !path.startsWith(`${scratchDir}/`) && !path.startsWith(sharedMemory));
  require(foreign === undefined, `it has ${foreign} open for writing`);
}

/** Some proxies look whether they are to end once a second only. */
export const graceMs = 3_000;

/** The time from SIGTERM to the end, in seconds. Throws when it had to be killed, or when a process of it is left. */
export async function endsInOrder({ launch, process: child }: Started, withinMs = graceMs): Promise<number> {
  const begun = performance.now();
  await child.stop(withinMs);
  const seconds = (performance.now() - begun) / 1000;
  const { signal } = await child.exited;
  require(signal !== "SIGKILL", `it was still running ${withinMs / 1000} s after SIGTERM`);
  await leavesNoProcess(launch.scratchDir, child.pid);
  return seconds;
}
