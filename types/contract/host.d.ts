import type { Launch } from "./launch.ts";
/** How a program is found on a host and how a user gets it. */
export interface Program {
    /** Executable names, in order of preference. */
    readonly executables: readonly string[];
    /** Arguments that make it print its version, such as `["-v"]`. */
    readonly versionArguments: readonly string[];
    /** Regular expression, as a string, whose first group is the version in what that prints. */
    readonly versionPattern: string;
    /** How to install it, by package manager. */
    readonly install: InstallHints;
    /** Official container image. */
    readonly image?: string;
}
/** Package names by package manager. */
export interface InstallHints {
    readonly apt?: readonly string[];
    readonly brew?: readonly string[];
    readonly pip?: readonly string[];
    readonly npm?: readonly string[];
    /** Go packages with version, `PATH@VERSION`, to be built from source. */
    readonly go?: readonly string[];
    /** Rust programs with version, `NAME@VERSION`, to be built from source; that takes long, so only when they are named. */
    readonly cargo?: readonly string[];
}
/** What `detect` found on a host. An absent part is a result, never an exception. */
export type Detection = {
    readonly available: true;
    readonly version?: string;
    /** Absolute path of the program, for plugins that start one. */
    readonly executable?: string;
    /** Folders outside the system's own that the program reads when it runs. Absolute. */
    readonly readOnlyDirs?: readonly string[];
    /** What else a user may want to know of it, each in a few words; shown by the doctor. */
    readonly details?: readonly string[];
} | {
    readonly available: false;
    /** Why not, in one line. */
    readonly reason: string;
    /** What the user can do about it: a command or a short sentence. */
    readonly help?: string;
};
/** The end of a process. */
export interface Exit {
    /** Exit code; absent when a signal ended it. */
    readonly code?: number;
    readonly signal?: string;
}
/** What a finished helper command printed. */
export interface ProbeResult extends Exit {
    readonly stdout: string;
    readonly stderr: string;
}
/** Read-only view of a machine, for `detect`. */
export interface Host {
    readonly platform: string;
    /** Number of CPU cores that the lab may use. */
    readonly cores: number;
    /** Bytes of memory. */
    readonly memoryBytes: number;
    /** True when the lab runs as root. */
    readonly root: boolean;
    /** `v1`, `v2`, or absent where the host has no control groups. */
    readonly cgroupVersion?: "v1" | "v2" | undefined;
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Finds a program and its version by its own description. */
    findProgram(program: Program): Promise<Detection>;
    /** Runs a short command (5 s at most) and returns what it printed; `undefined` if it cannot be started. */
    probe(argv: readonly [string, ...string[]]): Promise<ProbeResult | undefined>;
    /** Text of a file; `undefined` where it cannot be read. */
    readText(path: string): Promise<string | undefined>;
}
/** A started process, owned and in the end ended by the lab. */
export interface Process {
    readonly pid: number;
    /** Resolves when the process has ended; never rejects. */
    readonly exited: Promise<Exit>;
    /** Last lines that it wrote to stdout and stderr, for messages. */
    tail(): string;
    /** Ends it with its children: SIGTERM, after `graceMs` SIGKILL. Resolves once it has ended. */
    stop(graceMs?: number): Promise<void>;
}
/** Raw counters of a confined process since its start. A counter that the host does not have is absent, never 0. */
export interface UsageCounters {
    /** CPU time used, user and system, in seconds. */
    readonly cpuSeconds?: number;
    /**
     * Of it in user mode, and in the kernel on behalf of the process, in seconds; both or none. The kernel may tell them apart
     * by its ticks alone, so that they add up to `cpuSeconds` only about.
     */
    readonly userCpuSeconds?: number;
    readonly systemCpuSeconds?: number;
    /** Quota periods in which the group was runnable. */
    readonly periods?: number;
    /** Periods in which it was throttled. */
    readonly throttledPeriods?: number;
    /** Time its processes spent throttled, in seconds; on several cores at once it counts for each. */
    readonly throttledSeconds?: number;
    readonly memoryBytes?: number;
    readonly memoryPeakBytes?: number;
    /** Times that the memory limit was reached and memory had to be reclaimed first. */
    readonly memoryLimitHits?: number;
    /** Processes killed because the memory limit was reached. */
    readonly oomKills?: number;
}
/** Limits of a confined process. Absent means unlimited. */
export interface Limits {
    /** CPU bandwidth in cores: quota / period. */
    readonly cpu?: number;
    readonly memoryBytes?: number;
    /** Length of the quota period in seconds; 0.1 unless told. */
    readonly periodSeconds?: number;
}
/** The control group of a process: counters, and the limits that the kernel says are in force. */
export interface ControlGroup {
    usage(): Promise<UsageCounters>;
    limits(): Promise<Limits>;
}
/** Something outside the lab's own process that must be gone when the lab has ended, however it ended. */
export type Resource = {
    readonly kind: "process";
    readonly pid: number;
} | {
    readonly kind: "cgroup";
    readonly path: string;
} | {
    readonly kind: "dir";
    readonly path: string;
};
/** What a limiter may do on a host. Everything it starts or makes through this is owned by the lab. */
export interface LimiterHost extends Host {
    /** Starts a process; `cgroups` are the control-group folders it joins before its program runs. */
    launch(launch: Launch, options?: {
        readonly cgroups?: readonly string[];
    }): Promise<Process>;
    /** A control group: of a running process (its pid), or by its path below the mount. */
    controlGroup(of: number | string): Promise<ControlGroup>;
    writeText(path: string, text: string): Promise<void>;
    makeDir(path: string): Promise<void>;
    /** Removes a folder with what is in it; a control group, once the processes in it have ended. */
    removeDir(path: string): Promise<void>;
    /** Registers a resource for clean-up; the returned function takes it off the list again. */
    own(resource: Resource): () => void;
    /** Name, unique on this machine, for groups, units and containers of this lab process: `proxy-lab-<pid>-<n>`. */
    uniqueName(): string;
}
