import { rm } from "node:fs/promises";
import type { Detection } from "../contract/index.ts";
import type { InstallPlan, Step } from "./recipes.ts";

/** Runs a command; `env` is added to the lab's own environment. Must not throw for a command that fails. */
export type Run = (
  argv: readonly [string, ...string[]],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly onLine?: (line: string) => void;
    readonly signal?: AbortSignal;
  },
) => Promise<{ readonly code: number; readonly tail: string }>;

export interface Progress {
  /** Number of the step, from 1. */
  readonly step: number;
  readonly of: number;
  readonly title: string;
  /** Last line that the step printed. */
  readonly line?: string;
}

export interface ProvisionTools {
  readonly run: Run;
  /** Looks for a program again, by the name that the plan has for it. */
  readonly detect: (program: string) => Promise<Detection>;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** What became of one program. */
export type Outcome =
  | { readonly program: string; readonly state: "installed"; readonly version?: string }
  | {
      readonly program: string;
      readonly state: "failed";
      /** What went wrong, in one line. */
      readonly reason: string;
      readonly help: string;
      /** Last lines of what the failed step printed. */
      readonly tail?: string;
    }
  | { readonly program: string; readonly state: "by-hand"; readonly help: string };

interface Failure {
  readonly reason: string;
  readonly help: string;
  readonly tail?: string;
}

/** Carries a plan out. A step that fails takes the programs that need it with it; the others go on. */
export async function provision(plan: InstallPlan, tools: ProvisionTools): Promise<Outcome[]> {
  const failures = new Map<string, Failure>();
  for (const [index, step] of plan.steps.entries()) {
    const programs = step.programs.filter((program) => !failures.has(program));
    if (programs.length === 0) continue;
    const failure = await perform(step, { step: index + 1, of: plan.steps.length, title: step.title }, tools);
    if (failure === undefined) continue;
    for (const program of programs) failures.set(program, failure);
  }
  const programs = [...new Set(plan.steps.flatMap((step) => step.programs))];
  const outcomes = await Promise.all(programs.map((program) => judge(program, failures.get(program), tools)));
  const byHand = plan.byHand.map(({ program, sentence }) => ({ program, state: "by-hand" as const, help: sentence }));
  return [...outcomes, ...byHand];
}

async function perform(step: Step, progress: Progress, tools: ProvisionTools): Promise<Failure | undefined> {
  const { signal, onProgress } = tools;
  if (signal?.aborted) return interrupted;
  onProgress?.(progress);
  const result = await tools
    .run(step.argv, {
      ...(step.env ? { env: step.env } : {}),
      ...(signal ? { signal } : {}),
      onLine: (line) => {
        if (line.trim() !== "") onProgress?.({ ...progress, line });
      },
    })
    .catch((error: unknown) => ({ code: -1, tail: error instanceof Error ? error.message : String(error) }));
  if (result.code === 0) return undefined;
  if (step.makes !== undefined) await rm(step.makes, { recursive: true, force: true });
  if (signal?.aborted) return interrupted;
  if (step.optional) return undefined;
  return {
    reason: `"${step.argv.join(" ")}" failed with exit code ${result.code}`,
    help: adviceFor(result.tail),
    tail: result.tail,
  };
}

const interrupted: Failure = { reason: "interrupted", help: "run this again: it goes on where it stopped" };

const advice: readonly (readonly [RegExp, string])[] = [
  [/dpkg was interrupted/i, "as root: dpkg --configure -a; then run this again"],
  [
    /Could not get lock|is another process using it/i,
    "another program is installing packages: wait until it is done, then run this again",
  ],
  [/No space left on device/i, "the disk is full: make room, then run this again"],
  [
    /Unable to locate package|has no installation candidate/i,
    "this system's package sources do not have it: install it by hand",
  ],
  [
    /No matching distribution found|is not a supported wheel/i,
    "PyPI has no build of it for this Python and processor: install it by hand",
  ],
  [
    /Could not resolve|Temporary failure in name resolution|Network is unreachable|Connection (refused|timed out)|Failed to fetch|Max retries exceeded/i,
    "the package source cannot be reached: look at the network and proxy settings, then run this again",
  ],
  [/Permission denied|are you root/i, "permission is missing: run this again as root"],
];

function adviceFor(tail: string): string {
  const known = advice.find(([pattern]) => pattern.test(tail));
  return known?.[1] ?? "see the output above it, then run this again: it goes on where it stopped";
}

/** Whatever the steps said, a program is installed when it is found. */
async function judge(program: string, failure: Failure | undefined, tools: ProvisionTools): Promise<Outcome> {
  const found = await tools.detect(program);
  if (found.available) return { program, state: "installed", ...(found.version ? { version: found.version } : {}) };
  if (failure) return { program, state: "failed", ...failure };
  return {
    program,
    state: "failed",
    reason: `its packages were installed, but it cannot be used: ${found.reason}`,
    help: found.help ?? "install it by hand",
  };
}
