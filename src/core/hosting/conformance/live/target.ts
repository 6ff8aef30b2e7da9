import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import type { Address, TlsVersion } from "../../../contract/index.ts";
import { type Origins, originBody, originMarker } from "../../../measure/origin/origin.ts";
import { certificateOf } from "../../../measure/rig/certificate.ts";
import { loopback } from "../../../process/ports.ts";

/** What a target is to be like. */
export interface Behaviour {
  /** Time it waits before each answer. */
  readonly delayMs?: number;
  /** Status of each answer; 200 unless told. */
  readonly status?: number;
  /** It speaks this version of TLS, and over it HTTP/1.1 or HTTP/2 as its client likes. */
  readonly tls?: TlsVersion;
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
  /** Of them those that resumed a TLS session. */
  resumed(): number;
  /** Requests over HTTP/2. */
  overHttp2(): number;
  close(): Promise<void>;
}

const bodyBytes = 1024;

export async function startTarget(behaviour: Behaviour = {}): Promise<TargetServer> {
  const answered = new Map<string, number>();
  let [connections, resumed, overHttp2] = [0, 0, 0];
  const server = await serverOf(behaviour, (request, response) => {
    const { url = "" } = request;
    if (request.httpVersionMajor === 2) overHttp2++;
    response.on("finish", () => answered.set(url, (answered.get(url) ?? 0) + 1));
    const reply = () => answer(request, response, behaviour).catch(() => response.destroy()); // who asked has gone
    setTimeout(reply, pauseMs(request, behaviour));
  });
  server.on(behaviour.tls ? "secureConnection" : "connection", (socket: Socket | TLSSocket) => {
    connections++;
    if ("isSessionReused" in socket && socket.isSessionReused()) resumed++;
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await once(server.listen({ host: loopback, port: 0, backlog: 1024 }), "listening");
  const address = { host: loopback, port: (server.address() as AddressInfo).port };
  return {
    address,
    url: `http${behaviour.tls ? "s" : ""}://${address.host}:${address.port}/`,
    answered,
    connections: () => connections,
    resumed: () => resumed,
    overHttp2: () => overHttp2,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** Node's HTTP/2 server answers with objects of its own, which take the same calls. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

type Http2Answer = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

async function serverOf({ tls }: Behaviour, answer: Answer): Promise<Server> {
  if (!tls) return createServer({ keepAliveTimeout: 3_600_000 }, answer);
  const version = `TLSv${tls}` as const;
  const { certificate: cert, key } = await certificateOf("ecdsa");
  return createSecureServer(
    { cert, key, allowHTTP1: true, minVersion: version, maxVersion: version },
    answer as unknown as Http2Answer,
  );
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

function pauseMs({ url }: { readonly url?: string | undefined }, { delayMs = 0 }: Behaviour): number {
  return url?.endsWith("/slow") ? slowPauseMs : delayMs;
}

/**
 * `/bytes/<n>` and `/chunked/<n>`: n bytes, with their number said before and without. `/status/<code>`: that status.
 * `/echo`: the body of the request. All others: the body of an origin.
 */
async function answer(
  request: Parameters<Answer>[0],
  response: Parameters<Answer>[1],
  { status = 200 }: Behaviour,
): Promise<void> {
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
