import { Agent, request } from "node:http";
import type { Address } from "../../../contract/index.ts";

const timeoutMs = 5_000;

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** True when it came over a connection that had been used before. */
  readonly reused: boolean;
}

/** An HTTP client that keeps its connections open. */
export class Client {
  readonly #at: Address;
  readonly #agent: Agent;

  /** `connections`: how many it has at most. */
  constructor(at: Address, connections: number) {
    this.#at = at;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /**
   * One request; a POST where there is a body. `path` may be an absolute URL, for a forward proxy. Rejects with an Error
   * where there is no whole answer within 5 s.
   */
  ask(path: string, body?: Buffer): Promise<Answer> {
    const headers = {
      host: path.startsWith("http:") ? new URL(path).host : `${this.#at.host}:${this.#at.port}`,
      ...(body ? { "content-length": body.length } : {}),
    };
    const options = { ...this.#at, path, headers, method: body ? "POST" : "GET", agent: this.#agent };
    return new Promise((resolve, reject) => {
      const call = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          clearTimeout(timer);
          const status = response.statusCode ?? 0;
          resolve({ status, body: Buffer.concat(chunks), reused: call.reusedSocket });
        });
      });
      const timer = setTimeout(() => call.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)), timeoutMs);
      const fail = (cause: Error) => {
        clearTimeout(timer);
        reject(new Error(`${options.method} ${path}: ${cause.message}`, { cause }));
      };
      call.on("error", fail);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
