import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Resource } from "../contract/index.ts";

const script = fileURLToPath(new URL("./watchdog.sh", import.meta.url));

/**
 * The list of everything outside the lab's own process that must be gone when the lab has ended.
 * A watchdog process holds a copy and acts on it when the lab dies without cleaning up.
 */
export class Ledger {
  #watchdog: ChildProcess | undefined;
  readonly #owned = new Map<number, Resource>();
  #next = 0;

  /** Puts a resource on the list; the returned function takes it off. */
  own(resource: Resource): () => void {
    const key = this.#next++;
    this.#owned.set(key, resource);
    this.#tell("+", resource);
    return () => {
      if (this.#owned.delete(key)) this.#tell("-", resource);
    };
  }

  get owned(): readonly Resource[] {
    return [...this.#owned.values()];
  }

  #tell(sign: "+" | "-", resource: Resource): void {
    this.#watchdog ??= startWatchdog();
    const value = resource.kind === "process" ? resource.pid : resource.path;
    this.#watchdog.stdin?.write(`${sign} ${resource.kind} ${value}\n`);
  }
}

function startWatchdog(): ChildProcess {
  // Its own session, so that a Ctrl-C or a closing terminal does not end it together with the lab.
  const child = spawn("/bin/sh", [script], { detached: true, stdio: ["pipe", "ignore", "ignore"], cwd: "/" });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
