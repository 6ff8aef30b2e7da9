import { fileURLToPath } from "node:url";
import { defineLoad, type LoadSetup, type Sending } from "../../core/contract/index.ts";
import { detectPackage, openRateOf, programOf, targetOf, tickOf } from "./shared/driver.ts";
import { addUp, type Books, reportOf, resultOf } from "./shared/result.ts";

const driver = fileURLToPath(new URL("./pacer.driver.mjs", import.meta.url));

/** What the driver prints. */
interface Result extends Books {
  readonly sent: number;
  /** Requests without a reply when the time was up. */
  readonly inFlight: number;
  readonly sending: Sending;
}

/** The lab's own open loop: plans when requests are due, and sends them by undici's connections, on one thread. */
export default defineLoad({
  id: "pacer",
  title: "pacer, the lab's own open loop",
  program: programOf("undici"),
  supports: {
    loops: ["open"],
    arrivals: ["constant", "poisson", "bursts"],
    forwardProxy: true,
    severalUrls: true,
    noKeepAlive: true,
    requestCount: true,
    tls: true,
    tlsResumption: ["1.2", "1.3"],
    interruptible: true,
  },

  detect: (host) => detectPackage(host, "undici", driver),

  plan(load) {
    return { argv: ["node", driver, JSON.stringify(config(load))] };
  },

  parse(output) {
    const result = resultOf<Result>(
      "pacer",
      output,
      (books) => addUp(books, books.sent, books.inFlight) && books.sending !== undefined,
    );
    return {
      loop: "open",
      ...reportOf(result, result.sent - result.completed - result.inFlight),
      latencyKind: "response",
      // A timer of whole milliseconds decides when requests are sent.
      latencyResolutionMs: 1,
      sending: result.sending,
    };
  },

  sample: tickOf,
});

function config(load: LoadSetup): object {
  return {
    ...(load.forwardProxy ?? addressOf(load.urls[0])),
    ...targetOf(load),
    timeoutSeconds: load.timeoutSeconds,
    rate: openRateOf(load),
    arrivals: load.arrivals ?? { kind: "constant" },
  };
}

function addressOf(url: string) {
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === "https:";
  return { host: hostname, port: Number(port || (secure ? 443 : 80)), secure };
}
