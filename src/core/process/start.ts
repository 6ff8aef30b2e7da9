import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Exit, Launch, Process } from "../contract/index.ts";
import type { Ledger } from "./ledger.ts";
import { sendSignal } from "./signal.ts";

const enterScript = fileURLToPath(new URL("./enter.sh", import.meta.url));
const tailBytes = 4096;
const defaultGraceMs = 2_000;
/** A process that got away holds the output open: it is waited for until nothing comes for a while, but not for long. */
const quietMs = 100;
const drainMs = 1_000;

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
  const child = spawn("/bin/sh", enterArguments(launch, options.cgroups ?? []), {
    cwd: launch.scratchDir,
    env: launch.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = child.pid ?? 0;
  const disown = pid > 0 ? ledger.own({ kind: "process", pid }) : () => {};
  const stdout = collect(child.stdout, options);
  const stderr = collect(child.stderr, options);
  const exited = endOf(child, "exit").then(async (exit) => {
    sendSignal(-pid, "SIGKILL"); // what it left behind: workers, helpers
    await drain(child, () => stdout.length() + stderr.length());
    disown();
    return exit;
  });
  return {
    pid,
    exited,
    stdout: stdout.text,
    stderr: stderr.text,
    tail: () => (stderr.text() + stdout.text()).slice(-tailBytes).trim(),
    stop: (graceMs = defaultGraceMs) => stopGroup(pid, exited, graceMs),
  };
}

function enterArguments(launch: Launch, cgroups: readonly string[]): string[] {
  const [name, ...args] = launch.argv;
  const cores = launch.cores?.join(",") ?? "";
  return [enterScript, String(launch.openFiles), cores, ...cgroups, "--", launch.executable ?? name, ...args];
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** How a process ended: on "exit", whoever still holds its output; on "close", once that is closed too. */
export function endOf(child: ChildProcess, event: "exit" | "close"): Promise<Exit> {
  return new Promise((resolve) => {
    child.once(event, (code, signal) => resolve(code === null ? { signal: signal ?? "unknown" } : { code }));
    child.once("error", () => resolve({ signal: "unknown" })); // it could not be started
  });
}

/** Waits for the rest of the output of a process that has ended, and stops listening. */
async function drain({ stdout, stderr }: Child, received: () => number): Promise<void> {
  const deadline = performance.now() + drainMs;
  let open = true;
  const complete = Promise.allSettled([finished(stdout), finished(stderr)]).then(() => {
    open = false;
  });
  for (let before = -1; open && received() !== before && performance.now() < deadline; ) {
    before = received();
    await Promise.race([sleep(quietMs), complete]);
  }
  stdout.destroy();
  stderr.destroy();
}

/** The text to keep, and the number of characters received so far. */
function collect(stream: NodeJS.ReadableStream, options: StartOptions) {
  let text = "";
  let length = 0;
  let pending = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    length += chunk.length;
    if (!options.capture && text.length > 4 * tailBytes) text = text.slice(-tailBytes);
    if (!options.onLine) return;
    const lines = (pending + chunk).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) options.onLine(line);
  });
  return { text: () => text, length: () => length };
}

async function stopGroup(pid: number, exited: Promise<Exit>, graceMs: number): Promise<void> {
  sendSignal(-pid, "SIGTERM");
  const timer = setTimeout(() => sendSignal(-pid, "SIGKILL"), graceMs);
  await exited;
  clearTimeout(timer);
}
