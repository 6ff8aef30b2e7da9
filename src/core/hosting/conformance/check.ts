import { deepStrictEqual } from "node:assert/strict";
import type * as v from "valibot";
import type { Host, LaunchSpec, LimiterPlugin, Limits, Program, TlsVersion } from "../../contract/index.ts";
import { requireShape } from "../schemas.ts";
import { isPromise } from "../thread/values.ts";

/** One rule of the contract, to be run by any test runner. `run` throws when the plugin breaks it. */
export interface Check {
  readonly name: string;
  run(): void | Promise<void>;
}

/** Rules by name -> checks, in the same order. */
export function namedChecks(rules: Readonly<Record<string, Check["run"]>>): Check[] {
  return Object.entries(rules).map(([name, run]) => ({ name, run }));
}

/** Throws an Error with the message unless the condition holds. */
export function require(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** What was measured, in words, where the condition holds. Throws an Error with the same words where not. */
export function measured(condition: boolean, words: string): string {
  require(condition, words);
  return words;
}

/** Throws an Error unless a plan is of its shape and starts a program of its plugin. */
export function requirePlan(schema: v.GenericSchema, { argv, ...plan }: LaunchSpec, { executables }: Program): void {
  requireShape(schema, { argv, ...plan });
  require(executables.includes(argv[0]), `argv[0] is "${argv[0]}", none of program.executables`);
}

/** Versions of TLS that plugins are tried with. */
export const tlsVersions: readonly TlsVersion[] = ["1.2", "1.3"];

const memoryBytes = 64 * 2 ** 20;

/** Limits of the kinds that a limiter supports, none smaller than it takes. */
export function limitsOf({ supports, minimum }: LimiterPlugin, cpu: number): Limits {
  return {
    ...(supports.cpu ? { cpu: Math.max(cpu, minimum.cpu) } : {}),
    ...(supports.memory ? { memoryBytes: Math.max(memoryBytes, minimum.memoryBytes) } : {}),
  };
}

/** The message of what a hook throws; `undefined` when it does not throw. */
export function faultOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Runs a pure hook twice on a frozen copy of its input; throws unless it returns the same plain data both times. */
export function pureResult<I, O>(input: I, hook: (input: I) => O): O {
  const frozen = deepFreeze(structuredClone(input));
  const first = hook(frozen);
  require(!isThenable(first), "it returned a promise; it must return its result itself");
  deepStrictEqual(hook(frozen), first, "two calls with the same input must return the same");
  try {
    deepStrictEqual(structuredClone(first), first);
  } catch {
    throw new Error("what it returns must be plain data (survive structuredClone)");
  }
  return first;
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && isPromise(value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

/** A host on which nothing is installed, or on which each program is found at /opt/<name>. */
export function imaginaryHost(installed: boolean): Host {
  return {
    platform: "linux",
    cores: 2,
    memoryBytes: 2 ** 33,
    root: true,
    env: {},
    async findProgram(program: Program) {
      if (!installed) return { available: false, reason: `no ${program.executables[0]} here` };
      return { available: true, version: "1.0.0", executable: `/opt/${program.executables[0]}` };
    },
    probe: async () => undefined,
    readText: async () => undefined,
  };
}
