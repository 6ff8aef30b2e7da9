import { availableParallelism } from "node:os";
import { probe } from "./command.ts";

/** Moves the lab itself, all its threads, off the proxy's cores; the returned function lets it go back. */
export async function pinSelf(cores: readonly number[] | undefined): Promise<() => Promise<void>> {
  if (!cores) return async () => {};
  await pin(cores.join(","));
  return () => pin(`0-${availableParallelism() - 1}`);
}

async function pin(cores: string): Promise<void> {
  await probe(["taskset", "--all-tasks", "--cpu-list", "--pid", cores, String(process.pid)]);
}
