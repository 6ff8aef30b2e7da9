import { execa } from "execa";
import type { ProbeResult } from "../contract/index.ts";

const probeTimeoutMs = 5_000;

/** Runs a short command for its output. `undefined` if it cannot be started or does not end in 5 s. */
export async function probe(argv: readonly [string, ...string[]]): Promise<ProbeResult | undefined> {
  const [file, ...args] = argv;
  const result = await execa(file, args, { reject: false, timeout: probeTimeoutMs, stdin: "ignore", cwd: "/" });
  if (result.exitCode === undefined && result.signal === undefined) return undefined;
  if (result.timedOut) return undefined;
  return {
    stdout: result.stdout,
    stderr: result.stderr,
    ...(result.exitCode === undefined ? {} : { code: result.exitCode }),
    ...(result.signal === undefined ? {} : { signal: result.signal }),
  };
}

/** Runs a command of any length, passing on each line that it prints. */
export async function runCommand(
  argv: readonly [string, ...string[]],
  options: { env?: Readonly<Record<string, string>>; onLine?: (line: string) => void; signal?: AbortSignal } = {},
): Promise<{ code: number; tail: string }> {
  const [file, ...args] = argv;
  const lines: string[] = [];
  const child = execa(file, args, {
    reject: false,
    all: true,
    stdin: "ignore",
    ...(options.env ? { env: options.env } : {}),
    ...(options.signal ? { cancelSignal: options.signal } : {}),
  });
  for await (const line of child.iterable({ from: "all" })) {
    lines.push(line);
    if (lines.length > 40) lines.shift();
    options.onLine?.(line);
  }
  const result = await child;
  return { code: result.exitCode ?? 1, tail: lines.join("\n") };
}
