import { defineLoad, type LoadReport, type LoadSetup } from "../../core/contract/index.ts";
import { isCount, mark, resultOf, wholeSeconds } from "./shared/result.ts";

/** What the script prints at the end: name -> Lua expression. Times in microseconds. */
const figures = {
  duration: "summary.duration",
  requests: "summary.requests",
  bytes: "summary.bytes",
  connect: "summary.errors.connect",
  read: "summary.errors.read",
  write: "summary.errors.write",
  status: "summary.errors.status",
  timeout: "summary.errors.timeout",
  distinct: "#latency",
  mean: "latency.mean",
  p50: "latency:percentile(50)",
  p90: "latency:percentile(90)",
  p95: "latency:percentile(95)",
  p99: "latency:percentile(99)",
  p999: "latency:percentile(99.9)",
  max: "latency.max",
};
const names = Object.keys(figures) as (keyof typeof figures)[];
type Figures = Record<keyof typeof figures, number>;
const latencies = ["mean", "p50", "p90", "p95", "p99", "p999", "max"] as const;
/** Scripts of earlier labs told fewer percentiles. */
const needed = names.filter((name) => name !== "p95" && name !== "p999");

/**
 * The arguments after the URL are what to ask a forward proxy for. Only for several of them a `request` function is
 * defined: without one wrk builds the request once, and Lua costs nothing while it measures.
 */
const script = `function init(urls)
  local requests, last = {}, 0
  for i, url in ipairs(urls) do
    wrk.path, wrk.headers["Host"] = url, url:match("^%w+://([^/?]+)")
    requests[i] = wrk.format()
  end
  if #urls > 1 then
    function request()
      last = last % #requests + 1
      return requests[last]
    end
  end
end

function done(summary, latency)
  io.write(string.format('${mark}{${names.map((name) => `"${name}":%.1f`).join(",")}}\\n',
    ${Object.values(figures).join(", ")}))
end
`;

export default defineLoad({
  id: "wrk",
  title: "wrk",
  program: {
    executables: ["wrk"],
    versionArguments: ["-v"],
    versionPattern: "wrk (?:debian/)?(\\S+)",
    install: { apt: ["wrk"], brew: ["wrk"] },
  },
  supports: {
    loops: ["closed"],
    forwardProxy: true,
    severalUrls: true,
    noKeepAlive: true,
    requestCount: false,
    tls: true,
    // In 1.3 every second connection makes a full handshake: it hangs up before it has read the next ticket.
    tlsResumption: ["1.2"],
    interruptible: true,
  },

  plan(load) {
    if ("requests" in load.until) throw new Error("wrk stops after a time, not after a number of requests");
    const [url, ...others] = load.urls.map((each) => new URL(each).href) as [string, ...string[]];
    const { forwardProxy: proxy } = load;
    return {
      argv: [
        ...(["wrk", "-t", String(threads(load)), "-c", String(load.concurrency)] as const),
        ...["-d", `${wholeSeconds(load.until.seconds)}s`, "--timeout", `${wholeSeconds(load.timeoutSeconds)}s`],
        ...["-s", `${load.scratchDir}/wrk.lua`],
        ...(load.keepAlive ? [] : ["-H", "Connection: close"]),
        ...(proxy ? [`http://${proxy.host}:${proxy.port}/`, url, ...others] : [url]),
      ],
      files: { "wrk.lua": script },
    };
  },

  parse(output) {
    const found = resultOf<Figures>("wrk", output, isSound);
    const { requests, connect, read, write, status, timeout } = found;
    // Replies that came too late or with a bad status are among its requests.
    const completed = Math.max(0, requests - status - timeout);
    return {
      loop: "closed",
      durationSeconds: found.duration / 1e6,
      completedRequests: completed,
      failedRequests: requests - completed + connect + read + write,
      failures: { connect, reset: read, timeout, status, other: write },
      transferredBytes: found.bytes,
      latencyMs: found.distinct > 0 ? latencyMs(found) : {},
      latencyKind: "corrected",
    };
  },
});

/** Each thread gets the same number of connections and wrk drops the rest, so the threads must divide them. */
function threads(load: LoadSetup): number {
  let count = Math.max(1, Math.min(load.threads, load.concurrency));
  while (load.concurrency % count !== 0) count--;
  return count;
}

function latencyMs(found: Partial<Figures>): LoadReport["latencyMs"] {
  return Object.fromEntries(
    latencies.flatMap((name) => {
      const micros = found[name];
      return isCount(micros) ? [[name, micros / 1e3]] : [];
    }),
  );
}

function isSound(found: Partial<Figures>): boolean {
  return needed.every((name) => isCount(found[name])) && found.duration !== 0;
}
