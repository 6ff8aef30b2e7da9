import type { Exit, Program } from "./host.ts";
import type { Address, LaunchSpec, TlsVersion } from "./launch.ts";
import type { PluginOptions } from "./options.ts";
import type { PluginBase } from "./plugin.ts";

/**
 * `closed`: each connection sends its next request when the last one was answered.
 * `open`: requests are sent at a fixed rate, whatever the answers.
 */
export type Loop = "closed" | "open";

/**
 * When requests of an open loop come. `constant`: at equal distances. `poisson`: independently of each other, as those of
 * many users do. `bursts`: so many at once, at equal distances; the pause between two bursts is size / rate.
 */
export type Arrivals =
  | { readonly kind: "constant" }
  | { readonly kind: "poisson" }
  | { readonly kind: "bursts"; readonly size: number };

/** What the lab tells a load-tool plugin about the load it wants. */
export interface LoadSetup {
  /**
   * Absolute URLs to request, in turn. Several only in the forward role; `https` only for tools that know `tls`, which take any
   * certificate.
   */
  readonly urls: readonly [string, ...string[]];
  /** Over HTTP/2, negotiated over TLS (ALPN); absent means HTTP/1.1. Only for tools that know `http2`. */
  readonly http2?: boolean;
  /** Send requests to this forward proxy, in absolute form. */
  readonly forwardProxy?: Address;
  /** Connections kept open at once. */
  readonly concurrency: number;
  readonly keepAlive: boolean;
  readonly loop: Loop;
  /** Wanted rate, open loop only. */
  readonly requestsPerSecond?: number;
  /** Open loop only; absent means constant. */
  readonly arrivals?: Arrivals;
  /** When to stop: after a time, or after a number of requests. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
  /** Give up on a reply after this time. */
  readonly timeoutSeconds: number;
  /** Threads the tool may use. */
  readonly threads: number;
  readonly scratchDir: string;
  readonly options: PluginOptions;
}

/** What a load tool left behind when it ended. */
export interface LoadOutput extends Exit {
  readonly stdout: string;
  readonly stderr: string;
  /** It was told by SIGINT to end before its time; only for tools that are `interruptible`. */
  readonly interrupted?: boolean;
}

/** Failed requests by kind; a kind that the tool does not tell apart is absent. */
export interface FailureCounts {
  readonly connect?: number;
  readonly reset?: number;
  readonly timeout?: number;
  /** Replies with a status of 400 to 499. */
  readonly http4xx?: number;
  /** Replies with a status of 500 to 599. */
  readonly http5xx?: number;
  /** Replies with a bad status, where the tool does not say which. */
  readonly status?: number;
  /** Requests that never got a reply and for which the tool names no cause. */
  readonly lost?: number;
  readonly other?: number;
}

/**
 * Latency in milliseconds; a percentile that the tool does not report is absent. The lab takes it from the histogram, where
 * there is one.
 */
export interface LatencyMs {
  readonly mean?: number;
  readonly p50?: number;
  readonly p90?: number;
  readonly p95?: number;
  readonly p99?: number;
  /** 99.9 % below. */
  readonly p999?: number;
  readonly max?: number;
}

/** How well an open loop kept its plan. */
export interface Sending {
  /** Requests that were due in the window. */
  readonly due: number;
  /** Requests that were due while no connection was free, and waited for one. */
  readonly waited: number;
  /** Of the others: time from the intended start to the sending, in milliseconds, which is the tool's own doing. */
  readonly latenessMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** What a load tool measured. */
export interface LoadReport {
  readonly loop: Loop;
  /** Length of the tool's own measuring window. */
  readonly durationSeconds: number;
  /** Requests answered in full with a status below 400. */
  readonly completedRequests: number;
  /** Requests that were sent and not completed; those still on their way when the time was up do not count. */
  readonly failedRequests: number;
  readonly failures: FailureCounts;
  /** Bytes received, headers included. */
  readonly transferredBytes?: number;
  readonly latencyMs: LatencyMs;
  /**
   * `service`: time from sending to reply. `response`: time from the intended start (open loop).
   * `corrected`: service time corrected by the tool itself.
   */
  readonly latencyKind: "service" | "response" | "corrected";
  /** All latencies as an HDR histogram (V2, compressed, base64) in microseconds, where the tool keeps them. */
  readonly latencyHistogram?: string;
  /** Smallest step of the latency figures, in milliseconds, where it is coarse. */
  readonly latencyResolutionMs?: number;
  /** Open loop only; absent where the tool does not tell. */
  readonly sending?: Sending;
}

/** One line of a tool's live output. */
export interface LoadSample {
  /** Requests completed since the start. */
  readonly completedRequests: number;
  /** Seconds since the start. */
  readonly seconds: number;
}

/** How a load tool is to be started. */
export interface LoadPlan extends LaunchSpec {
  /**
   * JavaScript file, absolute path, that runs the program, for tools that take more than one step. The lab's own Node runs
   * it; its arguments are the program's path and the rest of `argv`.
   */
  readonly driver?: string;
}

export interface LoadPlugin extends PluginBase {
  readonly kind: "load";
  readonly program: Program;
  readonly supports: {
    readonly loops: readonly Loop[];
    /** Of an open loop; absent means constant only. */
    readonly arrivals?: readonly Arrivals["kind"][];
    readonly forwardProxy: boolean;
    /** Takes several URLs in one run through a forward proxy. */
    readonly severalUrls: boolean;
    /** Can run without keep-alive. */
    readonly noKeepAlive: boolean;
    /** Can stop after a number of requests. */
    readonly requestCount: boolean;
    /** Can send over TLS to a server whose certificate nobody has signed; absent means no. */
    readonly tls?: boolean;
    /** Versions in which a new connection always resumes the session of an earlier one, where the server lets it; absent means none. */
    readonly tlsResumption?: readonly TlsVersion[];
    /** Can speak HTTP/2 over TLS, a request at a time on each connection; absent means no. */
    readonly http2?: boolean;
    /** Ends at SIGINT with a report of what it did until then; absent means no. */
    readonly interruptible?: boolean;
  };
  /** Pure: load -> what to start. */
  plan(load: LoadSetup): LoadPlan;
  /** Pure: output -> report. Throws a LoadFailure that names the tool and shows the line it does not understand. */
  parse(output: LoadOutput, load: LoadSetup): LoadReport;
  /** Pure: a line of live output -> sample, or `undefined` for other lines. */
  sample?(line: string): LoadSample | undefined;
}
