import { mkdir, rm } from "node:fs/promises";
import type { Detection } from "../../contract/index.ts";
import { messageOf } from "../../errors.ts";
import type { CommandOptions, runCommand } from "../../process/command.ts";
import { beginTool, endTool } from "../../process/toolDirs.ts";
import { type Advice, byHand } from "../advice.ts";
import { failureCause, remedyFor } from "./failure.ts";
import type { InstallPlan } from "./recipes.ts";
import type { Step } from "./steps.ts";

/** Runs a command. Must not throw for a command that fails. */
export type RunStep = (
  argv: readonly [string, ...string[]],
  options: Omit<CommandOptions, "onStart">,
) => ReturnType<typeof runCommand>;

export interface SetupProgress {
  /** Number of the step, from 1. */
  readonly step: number;
  readonly of: number;
  readonly title: string;
  /** Last line that the step printed. */
  readonly line?: string;
}

export interface ProvisionTools {
  readonly run: RunStep;
  /** Looks for a program again, by the name that the plan has for it. */
  readonly detect: (program: string) => Promise<Detection>;
  readonly onProgress?: (progress: SetupProgress) => void;
  readonly signal?: AbortSignal;
}

/** What became of one program. */
export type SetupOutcome =
  | { readonly program: string; readonly state: "installed"; readonly version?: string }
  | {
      readonly program: string;
      readonly state: "failed";
      /** What went wrong, in one line. */
      readonly reason: string;
      readonly advice: Advice;
      /** Last lines of what the failed step printed. */
      readonly tail?: string;
    }
  | { readonly program: string; readonly state: "by-hand"; readonly advice: Advice };

type Failure = Omit<Extract<SetupOutcome, { state: "failed" }>, "program" | "state">;

/** Carries a plan out. A step that fails takes the programs that need it with it; the others go on. */
export async function provision(plan: InstallPlan, tools: ProvisionTools): Promise<SetupOutcome[]> {
  const failures = new Map<string, Failure>();
  const made = new Set<string>();
  const isLast = (index: number, dir: string) => !plan.steps.slice(index + 1).some(({ makes }) => makes === dir);
  for (const [index, step] of plan.steps.entries()) {
    const programs = step.programs.filter((program) => !failures.has(program));
    if (programs.length === 0) continue;
    const failure = await perform(step, { step: index + 1, of: plan.steps.length, title: step.title }, tools, made);
    if (failure === undefined && step.makes !== undefined && isLast(index, step.makes)) await endTool(step.makes);
    if (failure === undefined) continue;
    for (const program of programs) failures.set(program, failure);
  }
  const programs = [...new Set(plan.steps.flatMap((step) => step.programs))];
  const outcomes = await Promise.all(programs.map((program) => judge(program, failures.get(program), tools)));
  const byHand = plan.byHand.map((one) => ({ ...one, state: "by-hand" as const }));
  return [...outcomes, ...byHand];
}

/** The failure of a step, if it fails. `made`: the folders that this step and those before it are to make. */
async function perform(step: Step, progress: SetupProgress, tools: ProvisionTools, made: Set<string>) {
  const { signal, onProgress } = tools;
  if (signal?.aborted) {
    if (step.makes !== undefined && made.has(step.makes)) await removeFolder(step.makes);
    return interrupted;
  }
  if (step.makes !== undefined && !made.has(step.makes)) {
    const obstacle = await beginTool(step.makes).catch(messageOf);
    if (obstacle) return { reason: obstacle, advice: byHand("then run this again") };
    made.add(step.makes);
  }
  onProgress?.(progress);
  const finishing = () => onProgress?.({ ...progress, line: "stopping, once what has been begun is finished" });
  signal?.addEventListener("abort", finishing, { once: true });
  const result = await run(step, progress, tools).catch((error: unknown) => ({ code: -1, tail: messageOf(error) }));
  signal?.removeEventListener("abort", finishing);
  if (result.code === 0) return undefined;
  if (step.makes !== undefined) await removeFolder(step.makes);
  if (signal?.aborted) return interrupted;
  if (step.optional) return undefined;
  return {
    reason: `"${step.argv.join(" ")}" failed with exit code ${result.code}`,
    advice: remedyFor(failureCause(result.tail)),
    tail: result.tail,
  };
}

async function run(step: Step, progress: SetupProgress, tools: ProvisionTools): ReturnType<RunStep> {
  if (step.makes !== undefined) await mkdir(step.makes, { recursive: true });
  return tools.run(step.argv, {
    gentle: step.makes === undefined,
    ...(step.env ? { env: step.env } : {}),
    ...(tools.signal ? { signal: tools.signal } : {}),
    onLine: (line) => {
      if (line.trim() !== "") tools.onProgress?.({ ...progress, line });
    },
  });
}

/** Children of what was stopped may still write into it for a moment. */
async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  await endTool(path);
}

const interrupted: Failure = { reason: "interrupted", advice: byHand("run this again: it goes on where it stopped") };

/** Whatever the steps said, a program is installed when it is found. */
async function judge(program: string, failure: Failure | undefined, tools: ProvisionTools): Promise<SetupOutcome> {
  let found = await tools.detect(program);
  // What was just installed may start slowly for the first time, and seem not to work.
  if (!found.available && !failure) found = await tools.detect(program);
  if (found.available) return { program, state: "installed", ...(found.version ? { version: found.version } : {}) };
  if (failure) return { program, state: "failed", ...failure };
  const reason = `its packages were installed, but it cannot be used: ${found.reason}`;
  return { program, state: "failed", reason, advice: byHand(found.help ?? "install it by hand") };
}
