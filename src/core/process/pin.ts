import { probe } from "./command.ts";
import { allowedCores } from "./kernel/cores.ts";

/** Moves the lab itself, all its threads, off the proxy's cores; the returned function lets it go back. */
export async function pinSelf(cores: readonly number[] | undefined): Promise<() => Promise<void>> {
  if (!cores) return async () => {};
  const before = allowedCores();
  await pin(cores);
  return () => pin(before);
}

async function pin(cores: readonly number[]): Promise<void> {
  await probe(["taskset", "--all-tasks", "--cpu-list", "--pid", cores.join(","), String(process.pid)]);
}
