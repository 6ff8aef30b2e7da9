import { Agent, request } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { buffer } from "node:stream/consumers";
import type { Address } from "../contract/index.ts";

export interface HttpReply {
  readonly status: number;
  readonly body: Buffer;
  /** True when it came over a connection that had been used before. */
  readonly reused: boolean;
}

/** How a request differs from a plain GET. */
export interface HttpOptions {
  /** `Host` header; that of the address unless given. */
  readonly host?: string;
  /** Over TLS, whatever the certificate: it is the lab's own question to a server on this machine. */
  readonly secure?: boolean;
  /** Keeps connections; absent means a connection for this request alone. */
  readonly agent?: Agent;
  /** Makes it a POST. */
  readonly body?: Buffer | undefined;
}

/**
 * One request; `path` may be an absolute URL, for a forward proxy. Rejects with an Error of one line where there is no
 * whole answer in time.
 */
export function exchange(
  at: Address,
  path: string,
  timeoutMs: number,
  { host, secure = false, agent, body }: HttpOptions = {},
): Promise<HttpReply> {
  const method = body ? "POST" : "GET";
  const headers = {
    ...(agent ? {} : { connection: "close" }),
    ...(host ? { host } : {}),
    ...(body ? { "content-length": body.length } : {}),
  };
  const { promise, resolve, reject } = Promise.withResolvers<HttpReply>();
  const fail = (cause: Error) => reject(new Error(`${method} ${path}: ${cause.message}`, { cause }));
  const send = secure ? secureRequest : request;
  const call = send({ ...at, path, headers, method, agent: agent ?? false, rejectUnauthorized: false }, (response) => {
    const status = response.statusCode ?? 0;
    buffer(response).then((body) => resolve({ status, body, reused: call.reusedSocket }), fail);
  });
  const timer = setTimeout(() => call.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)), timeoutMs);
  call.on("error", fail);
  call.end(body);
  return promise.finally(() => clearTimeout(timer));
}

/** Keeps one connection. */
export function oneConnection(secure: boolean): Agent {
  const options = { keepAlive: true, maxSockets: 1 };
  return secure ? new SecureAgent(options) : new Agent(options);
}

/** The status and text of one GET; `undefined` where there is no whole answer in time. */
export async function get(at: Address, path: string, timeoutMs: number, options: HttpOptions = {}) {
  const reply = await exchange(at, path, timeoutMs, options).catch(() => undefined);
  return reply && { status: reply.status, body: reply.body.toString("utf8") };
}
