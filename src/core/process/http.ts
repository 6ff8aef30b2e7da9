import { type Agent, request } from "node:http";
import type { Address } from "../contract/index.ts";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** How a GET differs from a plain one. */
export interface GetOptions {
  /** `Host` header; that of the address unless given. */
  readonly host?: string;
  /** Keeps connections; absent means a connection for this request alone. */
  readonly agent?: Agent;
}

/** One GET; `undefined` when there is no whole answer in time. `path` may be absolute (forward proxy). */
export function get(
  at: Address,
  path: string,
  timeoutMs: number,
  { host, agent }: GetOptions = {},
): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const fail = () => resolve(undefined);
    const headers = { ...(agent ? {} : { connection: "close" }), ...(host ? { host } : {}) };
    const call = request(
      { host: at.host, port: at.port, path, headers, timeout: timeoutMs, agent: agent ?? false },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          body += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", fail);
      },
    );
    call.on("timeout", () => call.destroy());
    call.on("error", fail);
    call.end();
  });
}
