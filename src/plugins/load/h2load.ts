import { defineLoad, type LatencyMs, LoadFailure, type LoadOutput, lastWords } from "../../core/contract/index.ts";
import { isCount } from "./shared/result.ts";

const requests =
  /^requests: \d+ total, (\d+) started, \d+ done, (\d+) succeeded, (\d+) failed, \d+ errored, \d+ timeout$/;
/** Its names of the latencies that it tells; the percentiles since nghttp2 1.69. */
const names = { mean: "mean", median: "p50", p95: "p95", p99: "p99", max: "max" } as const;

/**
 * h2load of nghttp2, over HTTP/1.1 or HTTP/2. `--rps` makes no open loop: a connection waits for a reply before its next request, so
 * the rate falls with the server. When a server closes a connection, the window goes on without it, and its request counts
 * nowhere; when it says so in a reply before (`Connection: close`), the version of Debian 12 never ends. Its timeout for
 * replies makes the same version abort: a request without a reply takes up its connection until the time is up.
 */
export default defineLoad({
  id: "h2load",
  title: "h2load",
  program: {
    executables: ["h2load"],
    versionArguments: ["--version"],
    versionPattern: "nghttp2/(\\S+)",
    install: { apt: ["nghttp2-client"], brew: ["nghttp2"] },
  },
  // It asks for paths, never for a URL in absolute form.
  supports: {
    loops: ["closed"],
    forwardProxy: false,
    severalUrls: false,
    noKeepAlive: false,
    requestCount: true,
    tls: true,
    http2: true,
  },

  plan({ urls, concurrency, threads, until, http2 }) {
    const clients = "requests" in until ? Math.min(concurrency, until.requests) : concurrency;
    const end =
      "requests" in until ? `--requests=${until.requests}` : `--duration=${Math.round(until.seconds * 1000)}ms`;
    const load = [`--clients=${clients}`, `--threads=${Math.min(threads, clients)}`, end];
    return { argv: ["h2load", ...(http2 ? [] : ["--h1"]), ...load, new URL(urls[0]).href] };
  },

  parse(output, { http2 }) {
    if (http2 && output.code === 0) requireHttp2(output.stdout);
    const [duration = ""] = read(output, "finished in ", /^finished in (\S+), [\d.]+ req\/s, \S+B\/s$/);
    const [started = 0, succeeded = 0, failed = 0] = read(output, "requests: ", requests).map(Number);
    const [http4xx = 0, http5xx = 0] = read(output, "status codes: ", /, (\d+) 4xx, (\d+) 5xx$/).map(Number);
    const [bytes = 0] = read(output, "traffic: ", /^traffic: \S+ \((\d+)\) total, .* data$/).map(Number);
    if (started === 0) throw new LoadFailure("h2load could not send a single request");
    // Among the failed are also those of a number of requests that it could not send.
    const failedRequests = Math.min(failed, started - succeeded);
    const failures = { http4xx, http5xx, other: failedRequests - http4xx - http5xx };
    const durationSeconds = milliseconds(duration) / 1000;
    const figures = [durationSeconds, succeeded, failedRequests, bytes, ...Object.values(failures)];
    if (!figures.every(isCount) || durationSeconds === 0) throw unreadable(`${figures.join(", ")}`);
    return {
      loop: "closed",
      durationSeconds,
      completedRequests: succeeded,
      failedRequests,
      failures,
      transferredBytes: bytes,
      latencyMs: succeeded + http4xx + http5xx > 0 ? latencyMs(output) : {},
      latencyKind: "service",
    };
  },
});

/** It takes what the server offers. */
function requireHttp2(stdout: string): void {
  const spoken = /^Application protocol: (\S+)$/m.exec(stdout)?.[1];
  if (spoken !== "h2") throw new LoadFailure(`h2load was to speak HTTP/2, and spoke ${spoken ?? "nothing"}`);
}

/** The row of requests in its table of times, by the row of names above it. */
function latencyMs(output: LoadOutput): LatencyMs {
  const [head = ""] = read(output, "        ", /^ +(min .*) \+\/- sd$/);
  const [row = ""] = read(output, /^(time for )?request *:/, /: +(.*)%$/);
  const times = row.split(/ +/);
  const columns = head.split(/ +/).flatMap((name, index) => {
    const known = names[name as keyof typeof names];
    return known ? [[known, milliseconds(times[index] ?? "")]] : [];
  });
  return Object.fromEntries(columns);
}

/** What a pattern finds in the first line that begins so. */
function read({ stdout, ...end }: LoadOutput, beginning: string | RegExp, pattern: RegExp): string[] {
  const begins = (line: string) => (typeof beginning === "string" ? line.startsWith(beginning) : beginning.test(line));
  const line = stdout.split("\n").find(begins);
  if (line === undefined || end.code !== 0)
    throw new LoadFailure(`h2load gave no result: ${lastWords({ stdout, ...end })}`);
  const found = pattern.exec(line);
  if (!found) throw unreadable(line);
  return found.slice(1);
}

/** As it prints times: 97us, 12.30ms, 1.00s. */
function milliseconds(text: string): number {
  const [, number, unit] = /^(\d{1,9}(?:\.\d+)?)(us|ms|s)$/.exec(text) ?? [];
  if (!number) throw unreadable(text);
  return (Number(number) * { us: 1, ms: 1000, s: 1e6 }[unit as "us" | "ms" | "s"]) / 1000;
}

function unreadable(text: string): LoadFailure {
  return new LoadFailure(`h2load printed what cannot be read: "${text.slice(0, 200)}"`);
}
