import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  defineLoad,
  type FailureCounts,
  type LatencyMs,
  type LoadOutput,
  type LoadSetup,
  lastWords,
} from "../../core/contract/index.ts";

const driver = fileURLToPath(new URL("./autocannon.driver.mjs", import.meta.url));
const mark = "LAB_RESULT ";
const tickMark = "LAB_TICK ";

interface Result {
  readonly seconds: number;
  readonly sent: number;
  readonly completed: number;
  /** Requests without a reply when the time was up. */
  readonly inFlight: number;
  readonly bytes: number;
  readonly failures: FailureCounts;
  readonly latencyMs: LatencyMs;
  /** HDR, V2, compressed, base64; absent where no reply came. */
  readonly histogram?: string;
}

/** autocannon, on one thread; sends and counts by the driver beside this file. */
export default defineLoad({
  id: "autocannon",
  title: "autocannon",
  program: {
    executables: ["node"],
    versionArguments: ["--version"],
    versionPattern: "v(\\S+)",
    install: { npm: ["autocannon"] },
  },
  supports: {
    loops: ["closed", "open"],
    forwardProxy: true,
    severalUrls: true,
    noKeepAlive: true,
    requestCount: true,
    interruptible: true,
  },

  async detect(host) {
    let path: string;
    try {
      path = createRequire(import.meta.url).resolve("autocannon/package.json");
    } catch {
      return {
        available: false,
        reason: "the npm package autocannon is not installed",
        help: "npm install autocannon",
      };
    }
    const { version } = JSON.parse((await host.readText(path)) ?? "{}") as { version?: string };
    const modules = dirname(dirname(path));
    return {
      available: true,
      ...(version === undefined ? {} : { version }),
      executable: process.execPath,
      readOnlyDirs: [dirname(driver), modules],
    };
  },

  plan(load) {
    return { argv: ["node", driver, JSON.stringify(config(load))] };
  },

  parse(output, load) {
    const { seconds, sent, completed, inFlight, bytes, failures, latencyMs, histogram } = read(output);
    const open = load.loop === "open";
    return {
      loop: load.loop,
      durationSeconds: seconds,
      completedRequests: completed,
      failedRequests: sent - completed - inFlight,
      failures,
      transferredBytes: bytes,
      latencyMs,
      ...(histogram ? { latencyHistogram: histogram } : {}),
      latencyKind: open ? "response" : "service",
      // A timer of whole milliseconds decides when the requests of an open loop are sent.
      ...(open ? { latencyResolutionMs: 1 } : {}),
    };
  },

  sample(line) {
    if (!line.startsWith(tickMark)) return undefined;
    const tick = parseJson(line.slice(tickMark.length)) as { seconds?: unknown; completed?: unknown } | undefined;
    if (!isCount(tick?.seconds) || !isCount(tick.completed)) return undefined;
    return { seconds: tick.seconds, completedRequests: tick.completed };
  },
});

function config(load: LoadSetup): object {
  if (load.loop === "open" && !load.requestsPerSecond)
    throw new Error("an open loop needs a number of requests per second");
  const urls = load.urls.map((url) => new URL(url));
  const { host, port } = load.forwardProxy ?? {};
  return {
    url: load.forwardProxy ? `http://${host}:${port}` : urls[0]?.origin,
    requests: urls.map((url) => ({
      path: load.forwardProxy ? url.href : url.pathname + url.search,
      host: url.host,
    })),
    connections: load.concurrency,
    keepAlive: load.keepAlive,
    timeoutSeconds: Math.max(1, load.timeoutSeconds), // it refuses less
    ...("seconds" in load.until ? { seconds: load.until.seconds } : { amount: load.until.requests }),
    ...(load.loop === "open" ? { rate: load.requestsPerSecond } : {}),
  };
}

function read(output: LoadOutput): Result {
  const line = output.stdout.split("\n").find((text) => text.startsWith(mark));
  if (line === undefined || output.code !== 0) throw new Error(`autocannon gave no result: ${lastWords(output)}`);
  const result = parseJson(line.slice(mark.length)) as Result | undefined;
  if (!isSound(result)) throw new Error(`autocannon printed a result that cannot be read: ${line.slice(0, 300)}`);
  return result;
}

function isSound(result: Partial<Result> | undefined): result is Result {
  if (!result?.failures || !result.latencyMs || !result.seconds) return false;
  const { seconds, sent, completed, inFlight, bytes, failures, latencyMs } = result;
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const figures = [seconds, sent, completed, inFlight, bytes, ...Object.values(failures), ...Object.values(latencyMs)];
  return figures.every(isCount) && sent === Number(completed) + Number(inFlight) + failed;
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
