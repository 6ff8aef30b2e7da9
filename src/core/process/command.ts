import { execa } from "execa";
import type { ProbeResult } from "../contract/index.ts";
import { withoutAbsent } from "../domain/absent.ts";

/** Runs a short command for its output. `undefined` if it cannot be started or does not end in time (5 s). */
export async function probe(argv: readonly [string, ...string[]], timeoutMs = 5_000): Promise<ProbeResult | undefined> {
  const [file, ...args] = argv;
  const result = await execa(file, args, { reject: false, timeout: timeoutMs, stdin: "ignore", cwd: "/" });
  const { stdout, stderr, exitCode: code, signal, timedOut } = result;
  if (timedOut || (code === undefined && signal === undefined)) return undefined;
  return withoutAbsent<ProbeResult>({ stdout, stderr, code, signal });
}

export interface CommandOptions {
  /** Added to the lab's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  /** Interrupts the command and its children; those that do not heed it are killed after 5 s. */
  readonly signal?: AbortSignal;
  /** Never kill it: a package manager that is killed half-way leaves its packages so. It ends when it sees fit. */
  readonly gentle?: boolean;
  /** Called with the pid, which is that of its process group too. */
  readonly onStart?: (pid: number) => void;
}

/** Runs a command of any length, passing on each line that it prints. */
export async function runCommand(
  argv: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<{ code: number; tail: string }> {
  const [file, ...args] = argv;
  const lines: string[] = [];
  const child = execa(file, args, {
    reject: false,
    all: true,
    stdin: "ignore",
    killSignal: "SIGINT",
    // apt-get heeds it once dpkg is done. dpkg would stop half-way, so it must not get any, nor that of a Ctrl-C.
    ...(options.gentle ? { detached: true, forceKillAfterDelay: false } : { killDescendants: true }),
    ...(options.env ? { env: options.env } : {}),
    ...(options.signal ? { cancelSignal: options.signal } : {}),
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  for await (const line of child.iterable({ from: "all" })) {
    lines.push(line);
    if (lines.length > 40) lines.shift();
    options.onLine?.(line);
  }
  const result = await child;
  return { code: result.exitCode ?? 1, tail: lines.join("\n") };
}
