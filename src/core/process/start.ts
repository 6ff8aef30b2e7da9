import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Exit, Launch, Process } from "../contract/index.ts";
import type { Ledger } from "./ledger.ts";

const enterScript = fileURLToPath(new URL("./enter.sh", import.meta.url));
const tailBytes = 4096;
const defaultGraceMs = 2_000;

/** A process of the lab with all that it printed. */
export interface CapturedProcess extends Process {
  stdout(): string;
  stderr(): string;
}

export interface StartOptions {
  readonly cgroups?: readonly string[];
  /** Keep all of stdout and stderr (load tools) instead of the last 4 kB (servers). */
  readonly capture?: boolean;
  readonly onLine?: (line: string) => void;
}

/** Starts a process in a process group of its own, confined before its program runs. The only place that spawns servers and tools. */
export function startProcess(launch: Launch, ledger: Ledger, options: StartOptions = {}): CapturedProcess {
  const child = execa("/bin/sh", enterArguments(launch, options.cgroups ?? []), {
    cwd: launch.scratchDir,
    env: launch.env,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: "ignore",
  });
  const pid = child.pid ?? 0;
  const disown = pid > 0 ? ledger.own({ kind: "process", pid }) : () => {};
  const stdout = collect(child.stdout, options);
  const stderr = collect(child.stderr, options);
  const exited: Promise<Exit> = child.then((result) => {
    killGroup(pid, "SIGKILL"); // what it left behind: workers, helpers
    disown();
    return result.exitCode === undefined ? { signal: result.signal ?? "unknown" } : { code: result.exitCode };
  });
  return {
    pid,
    exited,
    stdout,
    stderr,
    tail: () => (stderr() + stdout()).slice(-tailBytes).trim(),
    stop: (graceMs = defaultGraceMs) => stopGroup(pid, exited, graceMs),
  };
}

function enterArguments(launch: Launch, cgroups: readonly string[]): string[] {
  const [name, ...args] = launch.argv;
  const cores = launch.cores?.join(",") ?? "";
  return [enterScript, String(launch.openFiles), cores, ...cgroups, "--", launch.executable ?? name, ...args];
}

function collect(stream: NodeJS.ReadableStream, options: StartOptions): () => string {
  let text = "";
  let pending = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    if (!options.capture && text.length > 4 * tailBytes) text = text.slice(-tailBytes);
    if (!options.onLine) return;
    const lines = (pending + chunk).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) options.onLine(line);
  });
  return () => text;
}

async function stopGroup(pid: number, exited: Promise<Exit>, graceMs: number): Promise<void> {
  killGroup(pid, "SIGTERM");
  const timer = setTimeout(() => killGroup(pid, "SIGKILL"), graceMs);
  await exited;
  clearTimeout(timer);
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  if (pid <= 0) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
