import { createServer } from "node:net";
import { LabError } from "../errors.ts";

/** Where the lab's servers and proxies listen. */
export const loopback = "127.0.0.1";

/** Below the range from which Linux takes client ports (32768 and up), so that no connection can hold one. */
const first = 18_080;
const last = 28_000;
/** From a port of its own on: of two labs that start at once, each would find the same first port free. */
let next = first + Math.floor(Math.random() * (last - first));

/** A free TCP port on an address; each call gives another one. */
export async function freePort(host: string): Promise<number> {
  for (let tried = 0; tried <= last - first; tried++) {
    const port = next;
    next = next === last ? first : next + 1;
    if (await isFree(host, port)) return port;
  }
  throw new LabError("LAB_PORT_IN_USE", `no free port between ${first} and ${last} on ${host}`);
}

/** Throws when something listens on the port. */
export async function requireFree(host: string, port: number): Promise<void> {
  if (await isFree(host, port)) return;
  throw new LabError("LAB_PORT_IN_USE", `port ${port} on ${host} is in use`, {
    help: "end what listens there, or leave --port out: the lab then finds a free one",
  });
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
