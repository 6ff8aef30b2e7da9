import { request } from "node:http";
import type { Address } from "../contract/index.ts";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** One GET on a connection of its own; `undefined` when there is no whole answer in time. `path` may be absolute (forward proxy). */
export function get(at: Address, path: string, timeoutMs: number, hostHeader?: string): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const fail = () => resolve(undefined);
    const headers = { connection: "close", ...(hostHeader ? { host: hostHeader } : {}) };
    const call = request(
      { host: at.host, port: at.port, path, headers, timeout: timeoutMs, agent: false },
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
