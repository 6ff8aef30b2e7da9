import type { LoadOutput } from "./load.ts";
/**
 * For `parse` to throw: the tool failed, or printed what cannot be read. That is a fault of this run, not of the plugin;
 * the message, one line that names the tool, goes into the record of the trial.
 */
export declare class LoadFailure extends Error {
    readonly name = "LoadFailure";
    /** What it is known by: another thread, or another copy of this module, has another class. */
    readonly code = "LOAD_FAILURE";
}
/** Whether what was thrown is a LoadFailure, also one of another thread. */
export declare function isLoadFailure(thrown: unknown): boolean;
/** How a load tool ended and the most telling line that it wrote, an error if there is one: for messages of `parse`. */
export declare function lastWords({ stdout, stderr, code, signal }: LoadOutput): string;
