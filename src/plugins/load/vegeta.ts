import { fileURLToPath } from "node:url";
import {
  defineLoad,
  type FailureCounts,
  type LatencyMs,
  type LoadOutput,
  type LoadSetup,
  lastWords,
} from "../../core/contract/index.ts";

const driver = fileURLToPath(new URL("./vegeta.driver.mjs", import.meta.url));
const mark = "LAB_RESULT ";

/** What the driver prints. */
interface Result {
  /** Length of the window. */
  readonly seconds: number;
  /** Requests that vegeta told of. */
  readonly requests: number;
  readonly completed: number;
  /** Requests that were on their way when the window closed. */
  readonly late: number;
  readonly failures: FailureCounts;
  readonly latencyMs: LatencyMs;
  /** HDR, V2, compressed, base64; absent where no reply came. */
  readonly histogram?: string;
}

/**
 * vegeta, at a fixed rate; its results are counted by the driver beside this file. It opens no more connections than it is
 * told, so that a dead proxy cannot use up the machine: a request that has to wait for one keeps its intended start.
 * Go's HTTP client sends a request again when a connection that it kept was closed before the reply; that cannot be
 * switched off, and only the count of the origins can show it.
 */
export default defineLoad({
  id: "vegeta",
  title: "vegeta",
  program: {
    executables: ["vegeta"],
    versionArguments: ["-version"],
    versionPattern: "Version: v?(\\S+)", // left empty by a build without the version's stamp
    install: { brew: ["vegeta"], go: ["github.com/tsenart/vegeta/v12@v12.13.0"] },
  },
  // No forward proxy: Go goes past a proxy for servers on loopback addresses, and there is no flag against it.
  supports: {
    loops: ["open"],
    forwardProxy: false,
    severalUrls: false,
    noKeepAlive: true,
    requestCount: true,
    interruptible: true,
  },

  plan(load) {
    const rate = rateOf(load);
    const results = `${load.scratchDir}/results.bin`;
    const config = {
      attack: [...attack(load), "-rate", rate.flag, "-output", results],
      results,
      url: new URL(load.urls[0]).href,
      ...load.until,
      intervalMs: rate.intervalMs,
    };
    return { argv: ["vegeta", JSON.stringify(config)], driver, env: { GOMAXPROCS: String(load.threads) } };
  },

  parse(output) {
    const { seconds, completed, requests, late, failures, latencyMs, histogram } = read(output);
    return {
      loop: "open",
      durationSeconds: seconds,
      completedRequests: completed,
      failedRequests: requests - completed - late,
      failures,
      latencyMs,
      ...(histogram ? { latencyHistogram: histogram } : {}),
      latencyKind: "response",
    };
  },
});

function attack({ concurrency, keepAlive, until, timeoutSeconds }: LoadSetup): string[] {
  const most = String(concurrency);
  return [
    ...("seconds" in until ? ["-duration", milliseconds(until.seconds)] : ["-lazy", "-duration", "0"]),
    ...["-workers", most, "-max-workers", most, "-connections", most, "-max-connections", most],
    ...["-timeout", milliseconds(timeoutSeconds), "-redirects", "-1"],
    // It keeps no bodies. Go would ask for compressed ones by itself.
    ...["-max-body", "0", "-header", "Accept-Encoding: identity"],
    ...(keepAlive ? [] : ["-keepalive=false"]),
  ];
}

/** As a whole number of requests in 1000 s, and the interval that vegeta makes of it, in whole nanoseconds. */
function rateOf({ loop, requestsPerSecond = 0 }: LoadSetup): { flag: string; intervalMs: number } {
  const requests = Math.round(requestsPerSecond * 1000);
  if (loop !== "open" || !(requests > 0))
    throw new Error("vegeta sends at a fixed rate only: it needs an open loop with a number of requests per second");
  return { flag: `${requests}/1000s`, intervalMs: Math.floor(1e12 / requests) / 1e6 };
}

function milliseconds(seconds: number): string {
  return `${Math.round(seconds * 1000)}ms`;
}

function read(output: LoadOutput): Result {
  const line = output.stdout.split("\n").find((text) => text.startsWith(mark));
  if (line === undefined || output.code !== 0) throw new Error(`vegeta gave no result: ${lastWords(output)}`);
  const result = parseJson(line.slice(mark.length)) as Result | undefined;
  if (!isSound(result)) throw new Error(`vegeta printed a result that cannot be read: ${line.slice(0, 300)}`);
  return result;
}

function isSound(result: Partial<Result> | undefined): result is Result {
  if (!result?.failures || !result.latencyMs || !result.seconds) return false;
  const { seconds, requests, completed, late, failures, latencyMs } = result;
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const figures = [seconds, requests, completed, late, ...Object.values(failures), ...Object.values(latencyMs)];
  return figures.every(isCount) && requests === Number(completed) + Number(late) + failed;
}

function isCount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
