import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { defineLoad, type LoadSetup } from "../../core/contract/index.ts";
import { addUp, type Books, isCount, parseJson, reportOf, resultOf } from "./shared/result.ts";

const driver = fileURLToPath(new URL("./autocannon.driver.mjs", import.meta.url));
const tickMark = "LAB_TICK ";

/** What the driver prints. */
interface Result extends Books {
  readonly sent: number;
  /** Requests without a reply when the time was up. */
  readonly inFlight: number;
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
    const result = resultOf<Result>("autocannon", output, (books) => addUp(books, books.sent, books.inFlight));
    const open = load.loop === "open";
    return {
      loop: load.loop,
      ...reportOf(result, result.sent - result.completed - result.inFlight),
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
