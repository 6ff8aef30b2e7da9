import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Exit } from "../contract/index.ts";

const entry = fileURLToPath(new URL("../../main.ts", import.meta.url));
const lastLines = 20;

/** Another process of the lab, which runs a command of the command line. */
export interface Companion {
  readonly pid: number;
  /** Resolves with the last lines of its stderr when it has ended; never rejects. */
  readonly exited: Promise<Exit & { readonly stderr: string }>;
  /** Writes a line to its stdin. */
  tell(line: string): void;
  /** Closes its stdin, by which it knows that nobody waits for it any more. */
  leave(): void;
  /** Lets it live on when this process ends. */
  release(): void;
  /** Asks it to come to an end. */
  interrupt(): void;
}

/**
 * Starts `lab ARGUMENTS` in a session of its own, so that neither Ctrl-C nor a closing terminal reaches it. It gets each
 * line that the command prints.
 */
export function startCompanion(
  args: readonly string[],
  onLine: (line: string, stream: "stdout" | "stderr") => void,
): Companion {
  const child = spawn(process.execPath, [...process.execArgv, entry, ...args], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const stderr: string[] = [];
  child.stdin.on("error", () => {}); // it has ended: its exit tells more
  createInterface({ input: child.stdout }).on("line", (line) => onLine(line, "stdout"));
  createInterface({ input: child.stderr }).on("line", (line) => {
    stderr.push(line);
    if (stderr.length > lastLines) stderr.shift();
    onLine(line, "stderr");
  });
  const exited = new Promise<Exit & { stderr: string }>((resolve) => {
    const end = (exit: Exit) => resolve({ ...exit, stderr: stderr.join("\n") });
    child.once("error", () => end({ signal: "unknown" }));
    child.once("close", (code, signal) => end(code === null ? { signal: signal ?? "unknown" } : { code }));
  });
  return {
    pid: child.pid ?? 0,
    exited,
    tell: (line) => void child.stdin.write(`${line}\n`),
    leave: () => void child.stdin.end(),
    release() {
      child.unref();
      // What was told it must still arrive.
      child.stdin.end(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      });
    },
    interrupt: () => void child.kill("SIGINT"),
  };
}
