import { fileURLToPath } from "node:url";
import { defineLoad, type LoadSetup } from "../../core/contract/index.ts";
import { addUp, type Books, reportOf, resultOf } from "./shared/result.ts";

const driver = fileURLToPath(new URL("./vegeta.driver.mjs", import.meta.url));

/** What the driver prints. */
interface Result extends Books {
  /** Requests that vegeta told of. */
  readonly requests: number;
  /** Requests that were on their way when the window closed. */
  readonly late: number;
}

/**
 * vegeta, at a fixed rate; its results are counted by the driver beside this file. It opens no more connections than it is
 * told, so that a dead proxy cannot use up the machine: a request that has to wait for one keeps its intended start. It
 * opens them when requests need them: latencies of the first second of a window do not count, or a quarter of a shorter one.
 * A throttled proxy that has to take on dozens of connections at once would be judged by its first second else.
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
    tls: true,
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
      openingMs: openingMs(load),
    };
    return { argv: ["vegeta", JSON.stringify(config)], driver, env: { GOMAXPROCS: String(load.threads) } };
  },

  parse(output) {
    const result = resultOf<Result>("vegeta", output, (books) => addUp(books, books.requests, books.late));
    const failed = result.requests - result.completed - result.late;
    return { loop: "open", ...reportOf(result, failed), latencyKind: "response" };
  },
});

function attack({ urls: [url], concurrency, keepAlive, until, timeoutSeconds }: LoadSetup): string[] {
  const most = String(concurrency);
  return [
    ...("seconds" in until ? ["-duration", milliseconds(until.seconds)] : ["-lazy", "-duration", "0"]),
    ...["-workers", most, "-max-workers", most, "-connections", most, "-max-connections", most],
    ...["-timeout", milliseconds(timeoutSeconds), "-redirects", "-1"],
    // It keeps no bodies. Go would ask for compressed ones by itself.
    ...["-max-body", "0", "-header", "Accept-Encoding: identity"],
    ...(keepAlive ? [] : ["-keepalive=false"]),
    // Over TLS it would offer HTTP/2.
    ...(url.startsWith("https:") ? ["-insecure", "-http2=false"] : []),
  ];
}

function openingMs({ until }: LoadSetup): number {
  return "seconds" in until ? Math.min(1000, 250 * until.seconds) : 0;
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
