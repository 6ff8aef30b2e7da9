import type { PluginBase } from "./plugin.ts";
/** Rows a model learns from: `x[i][j]` is factor `factors[j]` of row i, `y[i] > 0` the measured figure. */
export interface Training {
    readonly factors: readonly string[];
    readonly x: readonly (readonly number[])[];
    readonly y: readonly number[];
    /** Name of the figure, such as `latencyMs.p99`. */
    readonly figure?: string;
    /**
     * Further figures of the same rows, by name, one for each row; `null` where it was not measured. Latencies in ms at
     * percentiles, and the use of CPU: `cpuAchieved` in cores, `cpuVariation`, `throttledShare`, and the CPU time of a request
     * in µs, `userCpuMicrosPerRequest` and `systemCpuMicrosPerRequest`.
     */
    readonly others?: Readonly<Record<string, readonly (number | null)[]>>;
}
/** A fitted model: plain data that survives JSON. Only the model that made it reads it. */
export type ModelState = unknown;
/** A readable parameter of a fitted model. */
export interface ModelParameter {
    readonly name: string;
    readonly value: number;
    /** Empty where it has none. A model does not know which figure it learned: it says `unit of the figure`. */
    readonly unit: string;
}
export interface ModelPlugin extends PluginBase {
    readonly kind: "model";
    /** It is there to be compared with: it gives answers only when asked for by name. */
    readonly comparisonOnly?: boolean;
    /** It learns from open loops at a rate, and is not given other rows. */
    readonly openLoopsOnly?: boolean;
    /** Names of factors of which it knows what lies beyond the levels that were measured. */
    readonly extrapolates?: readonly string[];
    /** Fewest rows it can be fitted to. */
    readonly minimumRows: number;
    /** Pure and deterministic for a seed. Throws an Error when the rows do not suffice. */
    fit(training: Training, seed: number): ModelState;
    /** Pure: one figure per row of `x`, whose columns are the factors of the training. */
    predict(state: ModelState, x: readonly (readonly number[])[]): number[];
    /**
     * Pure: for each row of `x` figures that one further run may give, all as likely as each other; as many for each row, and
     * those at one place for the same reason. Of a model that knows how sure it is; bands of others come from their errors on
     * points left out.
     */
    outcomes?(state: ModelState, x: readonly (readonly number[])[]): number[][];
    /** The fitted parameters, where they mean something to a reader. */
    explain?(state: ModelState): readonly ModelParameter[];
}
