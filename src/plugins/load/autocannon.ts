import { fileURLToPath } from "node:url";
import { defineLoad, type LoadSetup } from "../../core/contract/index.ts";
import { detectPackage, openRateOf, programOf, targetOf, tickOf } from "./shared/driver.ts";
import { addUp, type Books, reportOf, resultOf } from "./shared/result.ts";

const driver = fileURLToPath(new URL("./autocannon.driver.mjs", import.meta.url));

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
  program: programOf("autocannon"),
  supports: {
    loops: ["closed", "open"],
    forwardProxy: true,
    severalUrls: true,
    noKeepAlive: true,
    requestCount: true,
    tls: true,
    tlsResumption: ["1.2", "1.3"],
    interruptible: true,
  },

  detect: (host) => detectPackage(host, "autocannon", driver),

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

  sample: tickOf,
});

function config(load: LoadSetup): object {
  const { host, port } = load.forwardProxy ?? {};
  return {
    url: load.forwardProxy ? `http://${host}:${port}` : new URL(load.urls[0]).origin,
    ...targetOf(load),
    timeoutSeconds: Math.max(1, load.timeoutSeconds), // it refuses less
    ...(load.loop === "open" ? { rate: openRateOf(load) } : {}),
  };
}
