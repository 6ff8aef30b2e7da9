import type { ControlGroup, Detection, LimiterHost, Limits, Process, Program } from "./host.ts";
import type { Launch } from "./launch.ts";
import type { PluginOptions } from "./options.ts";
import type { PluginBase } from "./plugin.ts";
/** A process under limits. */
export interface Confined extends Process, ControlGroup {
    /** Changes the limits of the running process. */
    update(limits: Limits): Promise<void>;
}
/** How far `prepare` is with something slow. */
export interface PrepareProgress {
    /** What it does, such as `pull haproxy:lts`. The same text as long as it does the same. */
    readonly task: string;
    /** Layers of an image that are done, and all of them. */
    readonly layers?: {
        readonly done: number;
        readonly of: number;
    };
    readonly doneBytes?: number;
    /** Absent until the size of every layer is known. */
    readonly totalBytes?: number;
}
/** What a limiter makes ready before the first start. */
export interface Preparation {
    /** Container images that will be started from, as `imageOf` named them; each once. */
    readonly images: readonly string[];
    /** Tells how far it is. `prepare` is given up when it says nothing for a minute. */
    readonly onProgress: (progress: PrepareProgress) => void;
    /** Aborted when the user wants no more. */
    readonly signal: AbortSignal;
}
export interface LimiterPlugin extends PluginBase {
    readonly kind: "limiter";
    readonly supports: {
        readonly cpu: boolean;
        readonly memory: boolean;
        /** `update` works on a running process. */
        readonly liveUpdate: boolean;
        /** Can bring the program itself (a container image), so that the host need not have it: see `imageOf`. */
        readonly images: boolean;
        /** Can place a process on another host. */
        readonly otherHosts: boolean;
    };
    /** Smallest values it takes. */
    readonly minimum: {
        readonly cpu: number;
        readonly memoryBytes: number;
    };
    /** Starts a process under limits. */
    start(launch: Launch, limits: Limits, host: LimiterHost, options: PluginOptions): Promise<Confined>;
    /**
     * Makes ready what many starts share (images, say); called once before the first start. Throws an Error of one line where
     * something is missing for it (no network, no such image).
     */
    prepare?(host: LimiterHost, options: PluginOptions, preparation: Preparation): Promise<void>;
    /**
     * Pure: the container image that it would start a program from; `undefined` for the program of this machine, which must
     * have it then. `onHost`: this machine has it. Throws an Error where there is neither. Without this hook: `undefined`.
     */
    imageOf?(program: Program, onHost: boolean, options: PluginOptions): string | undefined;
    /** Looks for a program in an image that `prepare` made ready; needed next to `imageOf`. */
    detectInImage?(program: Program, image: string, host: LimiterHost, options: PluginOptions): Promise<Detection>;
}
