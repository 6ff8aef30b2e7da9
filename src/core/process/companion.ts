import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Exit } from "../contract/index.ts";
import type { Problem } from "../errors.ts";
import { endOf } from "./start.ts";

const entry = fileURLToPath(new URL("../../main.ts", import.meta.url));
/** Names the descriptor on which a companion tells why it failed, apart from what it prints for people. */
const channel = "LAB_PROBLEM_FD";

/** Another process of the lab, which runs a command of the command line. */
export interface Companion {
  readonly pid: number;
  /** Resolves when it has ended, with what went wrong if it told; never rejects. */
  readonly exited: Promise<Exit & { readonly problem?: Problem }>;
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
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: { ...process.env, [channel]: "3" },
  });
  let problem: Problem | undefined;
  child.stdin.on("error", () => {}); // it has ended: its exit tells more
  createInterface({ input: child.stdout }).on("line", (line) => onLine(line, "stdout"));
  createInterface({ input: child.stderr }).on("line", (line) => onLine(line, "stderr"));
  const problems = child.stdio[3] as Readable;
  createInterface({ input: problems }).on("line", (line) => {
    problem = problemIn(line) ?? problem;
  });
  const exited = endOf(child, "close").then((exit) => ({ ...exit, ...(problem && { problem }) }));
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
        problems.destroy();
      });
    },
    interrupt: () => void child.kill("SIGINT"),
  };
}

function problemIn(line: string): Problem | undefined {
  try {
    const { type, ...problem } = JSON.parse(line) as Problem & { readonly type: unknown };
    return type === "error" ? problem : undefined;
  } catch {
    return undefined; // not of the lab
  }
}

/** Tells the lab that started this process as a companion, if one did, why it fails: a line of JSON. */
export function tellStarter(problem: Problem): void {
  const descriptor = process.env[channel];
  if (descriptor === undefined) return;
  try {
    writeSync(Number(descriptor), `${JSON.stringify({ type: "error", ...problem })}\n`);
  } catch {
    // It has gone.
  }
}
