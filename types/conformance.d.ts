import type { Plugin } from "./contract/index.d.ts";

/** One rule of the contract, to be run by any test runner. `run` throws when the plugin breaks it. */
export interface Check {
  readonly name: string;
  run(): void | Promise<void>;
}

/**
 * The rules that a plugin must keep, as checks for any test runner:
 * `for (const check of conformanceChecks(plugin)) test(check.name, check.run)`.
 */
export declare function conformanceChecks(plugin: Plugin): Check[];
