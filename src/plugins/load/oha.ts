import {
  defineLoad,
  type LatencyMs,
  LoadFailure,
  type LoadOutput,
  type LoadSetup,
  lastWords,
} from "../../core/contract/index.ts";
import { openRateOf } from "./shared/driver.ts";
import { isCount, parseJson } from "./shared/result.ts";

type Counts = Readonly<Record<string, number>>;

/** Of what it prints as JSON, what is read; times in seconds, null where there is none. */
interface Result {
  readonly summary: { readonly total: number; readonly average: number | null; readonly slowest: number | null };
  readonly latencyPercentiles: Readonly<Record<string, number | null>>;
  readonly statusCodeDistribution: Counts;
  readonly errorDistribution: Counts;
}

/** What it says of requests that were on their way when the time was up. */
const cutOff = "aborted due to deadline";

const kinds = [
  [/^timeout$/, "timeout"],
  [/refused|unreachable/i, "connect"],
  [/connection error|reset by peer|broken pipe/i, "reset"],
  [/closed before/, "lost"],
] as const;

/**
 * oha. In an open loop each connection takes the next request that is due, however late, and latencies count from when it
 * was due. In a closed loop it has a thread for each physical core, whatever it is told. Of several URLs it draws one by lot.
 */
export default defineLoad({
  id: "oha",
  title: "oha",
  program: {
    executables: ["oha"],
    versionArguments: ["--version"],
    versionPattern: "oha (\\S+)",
    install: { brew: ["oha"], cargo: ["oha@1.16.0"] },
  },
  supports: {
    loops: ["closed", "open"],
    forwardProxy: true,
    severalUrls: true,
    noKeepAlive: true,
    requestCount: true,
    tls: true,
    interruptible: true,
  },

  plan(load) {
    const [url, ...others] = load.urls.map((each) => new URL(each).href) as [string, ...string[]];
    const { forwardProxy: proxy, scratchDir } = load;
    return {
      argv: [
        ...(["oha", "--no-tui", "--output-format", "json", "-c", String(load.concurrency)] as const),
        ...end(load),
        ...["-t", milliseconds(load.timeoutSeconds), "-r", "0", "--disable-compression"],
        ...(load.loop === "open" ? ["-q", String(openRateOf(load)), "--latency-correction"] : []),
        ...(load.keepAlive ? [] : ["--disable-keepalive"]),
        ...(url.startsWith("https:") ? ["--insecure", "--http-version", "1.1"] : []),
        ...(proxy ? ["-x", `http://${proxy.host}:${proxy.port}`] : []),
        ...(others.length > 0 ? ["--urls-from-file", `${scratchDir}/urls.txt`] : [url]),
      ],
      env: { TOKIO_WORKER_THREADS: String(load.threads) },
      files: others.length > 0 ? { "urls.txt": [url, ...others].join("\n") } : {},
    };
  },

  parse(output, { loop }) {
    const result = resultOf(output);
    const statuses = Object.entries(result.statusCodeDistribution);
    const replies = (from: number, below: number) =>
      sum(statuses.filter(([status]) => Number(status) >= from && Number(status) < below));
    const failures = {
      http4xx: replies(400, 500),
      http5xx: replies(500, 600),
      ...failuresOf(result.errorDistribution),
    };
    return {
      loop,
      durationSeconds: result.summary.total,
      completedRequests: replies(0, 400),
      failedRequests: sum(Object.entries(failures)),
      failures,
      // It counts the bytes of bodies only.
      latencyMs: statuses.length > 0 ? latencyMs(result) : {},
      latencyKind: loop === "open" ? "response" : "service",
    };
  },
});

/** When it stops. Requests that are on their way when the time is up are cut off, and told apart. */
function end({ until }: LoadSetup): string[] {
  return "requests" in until ? ["-n", String(until.requests)] : ["-z", milliseconds(until.seconds)];
}

function resultOf({ stdout, ...ending }: LoadOutput): Result {
  const result = ending.code === 0 ? (parseJson(stdout) as Partial<Result> | undefined) : undefined;
  if (!result) throw new LoadFailure(`oha gave no result: ${lastWords({ stdout, ...ending })}`);
  if (isSound(result)) return result;
  throw new LoadFailure(`oha printed a result that cannot be read: ${stdout.replace(/\s+/g, " ").slice(0, 300)}`);
}

function isSound(result: Partial<Result>): result is Result {
  const { summary, latencyPercentiles, statusCodeDistribution: statuses, errorDistribution: errors } = result;
  if (!summary?.total || !latencyPercentiles || !statuses || !errors) return false;
  const times = [summary.average, summary.slowest, ...Object.values(latencyPercentiles)].filter(
    (time) => time !== null,
  );
  const counts = [...Object.values(statuses), ...Object.values(errors)];
  return (
    [summary.total, ...times, ...counts].every(isCount) &&
    Object.keys(statuses).every((status) => /^[1-5]\d\d$/.test(status))
  );
}

function failuresOf(errors: Counts) {
  const failures = { connect: 0, reset: 0, timeout: 0, lost: 0, other: 0 };
  for (const [message, count] of Object.entries(errors)) {
    const kind = kinds.find(([pattern]) => pattern.test(message))?.[1] ?? "other";
    if (message !== cutOff) failures[kind] += count;
  }
  return failures;
}

/** Without those that it has no value of. */
function latencyMs({ summary: { average, slowest }, latencyPercentiles: percentiles }: Result): LatencyMs {
  const { p50, p90, p95, p99, "p99.9": p999 } = percentiles;
  const times = Object.entries({ mean: average, p50, p90, p95, p99, p999, max: slowest });
  return Object.fromEntries(times.flatMap(([name, seconds]) => (isCount(seconds) ? [[name, seconds * 1000]] : [])));
}

function sum(counts: readonly (readonly [string, number])[]): number {
  return counts.reduce((total, [, count]) => total + count, 0);
}

function milliseconds(seconds: number): string {
  return `${Math.round(seconds * 1000)}ms`;
}
