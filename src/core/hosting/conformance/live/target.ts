import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Address } from "../../../contract/index.ts";
import { type Origins, originBody, originMarker } from "../../../measure/origin/origin.ts";
import { loopback } from "../../../process/ports.ts";

/** What a target is to be like. */
export interface Behaviour {
  /** Time it waits before each answer. */
  readonly delayMs?: number;
  /** Status of each answer; 200 unless told. */
  readonly status?: number;
}

/**
 * A small origin server in the lab's own process: slow beside those of a measurement, but it knows who asked for what.
 * It also answers requests in absolute form, as a forward proxy would.
 */
export interface TargetServer {
  readonly address: Address;
  readonly url: string;
  /** Number of requests answered by what the request line asked for: a path, or an absolute URL. */
  readonly answered: ReadonlyMap<string, number>;
  /** Connections that have been made to it. */
  connections(): number;
  close(): Promise<void>;
}

const bodyBytes = 1024;

export async function startTarget(behaviour: Behaviour = {}): Promise<TargetServer> {
  const answered = new Map<string, number>();
  let connections = 0;
  const server = createServer({ keepAliveTimeout: 3_600_000 }, (request, response) => {
    const { url = "" } = request;
    response.on("finish", () => answered.set(url, (answered.get(url) ?? 0) + 1));
    const reply = () => answer(request, response, behaviour).catch(() => response.destroy()); // who asked has gone
    setTimeout(reply, pauseMs(request, behaviour));
  });
  server.on("connection", () => connections++);
  await once(server.listen({ host: loopback, port: 0, backlog: 1024 }), "listening");
  const address = { host: loopback, port: (server.address() as AddressInfo).port };
  return {
    address,
    url: `http://${address.host}:${address.port}/`,
    answered,
    connections: () => connections,
    async close() {
      server.close().closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Number of requests that targets have answered; only of those whose path or URL contains a text, where one is given. */
export function answeredBy(targets: readonly Pick<TargetServer, "answered">[], text = ""): number {
  const counts = targets.flatMap(({ answered }) => [...answered].filter(([asked]) => asked.includes(text)));
  return counts.reduce((sum, [, count]) => sum + count, 0);
}

/** Targets in the form in which a rig takes its origins. */
export function asOrigins(targets: readonly TargetServer[]): Origins {
  const [first, ...others] = targets.map(({ address }) => address);
  return {
    kind: "node",
    addresses: [first!, ...others],
    path: "/",
    marker: originMarker,
    served: async () => answeredBy(targets),
    counters: async () => ({
      served: answeredBy(targets),
      accepted: targets.reduce((sum, { connections }) => sum + connections(), 0),
    }),
    cpuSeconds: async () => undefined,
    stop: async () => {},
  };
}

/** The bytes that a target gives for `/bytes/<count>` and `/chunked/<count>`: of every value, the same each time. */
export function bytesOf(count: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: count }, (_, index) => (index * 31 + (index >> 8)) % 256));
}

/** Long enough for several requests to be on their way at once. */
const slowPauseMs = 50;

function pauseMs({ url }: IncomingMessage, { delayMs = 0 }: Behaviour): number {
  return url?.endsWith("/slow") ? slowPauseMs : delayMs;
}

/**
 * `/bytes/<n>` and `/chunked/<n>`: n bytes, with their number said before and without. `/status/<code>`: that status.
 * `/echo`: the body of the request. All others: the body of an origin.
 */
async function answer(request: IncomingMessage, response: ServerResponse, { status = 200 }: Behaviour): Promise<void> {
  const [, what, argument] = new URL(request.url ?? "/", "http://target").pathname.split("/");
  const send = (code: number, body: Buffer | string) =>
    response.writeHead(code, { "content-type": "text/plain", "content-length": Buffer.byteLength(body) }).end(body);
  if (what === "bytes") send(status, bytesOf(Number(argument)));
  else if (what === "chunked") {
    response.writeHead(status).write(bytesOf(Number(argument)));
    response.end();
  } else if (what === "status") send(Number(argument), originBody(bodyBytes));
  else if (what === "echo") send(status, await buffer(request));
  else send(status, originBody(bodyBytes));
}
