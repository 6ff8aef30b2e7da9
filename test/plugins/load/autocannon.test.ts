import { execFile } from "node:child_process";
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import type { Host, LoadReport, LoadSetup } from "../../../src/core/contract/index.ts";
import autocannon from "../../../src/plugins/load/autocannon.ts";
import { loadSetup, reading, recorded, squid } from "./recorded.ts";

function configOf(changes: Partial<LoadSetup>): unknown {
  return JSON.parse(autocannon.plan(loadSetup(changes)).argv[2] ?? "");
}

describe("autocannon on a host", () => {
  const readText = async (path: string) =>
    path.endsWith("autocannon/package.json") ? '{"version":"9.8.7"}' : undefined;

  it("is there with the version of the npm package, run by this Node", async () => {
    const found = await autocannon.detect({ readText } as Partial<Host> as Host, {});
    expect(found).toMatchObject({ available: true, version: "9.8.7", executable: process.execPath });
    expect(found).toMatchObject({
      readOnlyDirs: [expect.stringMatching(/load$/), expect.stringMatching(/node_modules$/)],
    });
  });

  it("has no version where its package.json cannot be read", async () => {
    const found = await autocannon.detect({ readText: async () => undefined } as Partial<Host> as Host, {});
    expect(found).not.toHaveProperty("version");
  });
});

describe("the command line of autocannon", () => {
  it("is the driver and its configuration", () => {
    const { argv } = autocannon.plan(loadSetup());
    expect(argv.slice(0, 2)).toEqual(["node", expect.stringMatching(/\/autocannon\.driver\.mjs$/)]);
    expect(configOf({ urls: ["http://127.0.0.1:9001/a?b=c"] })).toEqual({
      url: "http://127.0.0.1:9001",
      requests: [{ path: "/a?b=c", host: "127.0.0.1:9001" }],
      connections: 8,
      keepAlive: true,
      timeoutSeconds: 30,
      seconds: 2,
    });
  });

  it("connects to the forward proxy and asks for absolute URLs, each with its own host", () => {
    const urls = ["http://127.0.0.1:9001", "http://127.0.0.1:9002/b"] as const;
    expect(configOf({ forwardProxy: squid, urls })).toMatchObject({
      url: "http://127.0.0.1:3128",
      requests: [
        { path: "http://127.0.0.1:9001/", host: "127.0.0.1:9001" },
        { path: "http://127.0.0.1:9002/b", host: "127.0.0.1:9002" },
      ],
    });
  });

  it("has the rate of an open loop, and none in a closed one", () => {
    expect(configOf({ loop: "open", requestsPerSecond: 250 })).toMatchObject({ rate: 250 });
    expect(configOf({ loop: "closed", requestsPerSecond: 250 })).not.toHaveProperty("rate");
    expect(() => configOf({ loop: "open" })).toThrow(/requests per second/);
  });

  it("stops after a number of requests when told", () => {
    expect(configOf({ until: { requests: 500 } })).toMatchObject({ amount: 500 });
  });

  it("gives up after a second at the earliest, as autocannon refuses less", () => {
    expect(configOf({ timeoutSeconds: 0.2 })).toMatchObject({ timeoutSeconds: 1 });
  });
});

describe("the report of autocannon", () => {
  it("has response times from the intended start in an open loop, exact to the timer's millisecond", () => {
    expect(autocannon.parse(recorded("autocannon", "open"), loadSetup({ loop: "open" }))).toMatchObject({
      loop: "open",
      completedRequests: 2000,
      latencyKind: "response",
      latencyResolutionMs: 1,
    });
  });

  it("has live samples on the lines before it, and on no other", () => {
    const [first = "", ...others] = recorded("autocannon", "normal").stdout.trim().split("\n");
    expect(autocannon.sample?.(first)).toEqual({ seconds: expect.any(Number), completedRequests: expect.any(Number) });
    expect(autocannon.sample?.(others.at(-1) ?? "")).toBeUndefined();
    expect(autocannon.sample?.('LAB_TICK {"seconds":1')).toBeUndefined();
    expect(autocannon.sample?.('LAB_TICK {"seconds":1,"completed":null}')).toBeUndefined();
  });

  it("is refused with the error among the lines of a stack", () => {
    const stderr =
      "file:///driver.mjs:3\nthrow x\n^\n\nTypeError: x is not a function\n    at main\n\nNode.js v24.21.0\n";
    const refusal = reading(autocannon, { code: 1, stdout: "", stderr });
    expect(refusal).toBe('autocannon gave no result: it ended with code 1 after "TypeError: x is not a function"');
  });
});

describe("the driver of autocannon", () => {
  let server: Server | undefined;
  const sockets = new Set<Socket>();

  async function urlOf(created: Server): Promise<string> {
    server = created.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => {})));
    await new Promise<void>((resolve) => created.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(created.address() as AddressInfo).port}/`;
  }

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    server?.close();
  });

  async function run(changes: Partial<LoadSetup>): Promise<LoadReport> {
    const setup = loadSetup({ until: { seconds: 0.5 }, ...changes });
    const [, ...args] = autocannon.plan(setup).argv;
    const output = await promisify(execFile)(process.execPath, args);
    return autocannon.parse({ ...output, code: 0 }, setup);
  }

  async function runAgainst(listener: RequestListener, changes: Partial<LoadSetup>, role = "reverse") {
    const seen: IncomingMessage[] = [];
    const url = await urlOf(
      createHttpServer((request, response) => {
        seen.push(request);
        listener(request, response);
      }),
    );
    const forwardProxy = { host: "127.0.0.1", port: Number(new URL(url).port) };
    return { seen, report: await run({ urls: [url], ...changes, ...(role === "forward" ? { forwardProxy } : {}) }) };
  }

  const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** A server that answers each request with bytes; they are counted from 1 over all connections. */
  function withEach(answer: (socket: Socket, request: number) => void): Server {
    let requests = 0;
    return createServer((socket) => socket.on("data", () => answer(socket, ++requests)));
  }

  /** Header values as sent: Node would join those of two headers. */
  function sentHeaders({ rawHeaders }: IncomingMessage, wanted: string): string[] {
    return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === wanted);
  }

  it("sends as many requests as told and measures to the microsecond", async () => {
    const { seen, report } = await runAgainst((_, response) => response.end("ok"), { until: { requests: 300 } });
    expect(seen).toHaveLength(300);
    expect(report).toMatchObject({ completedRequests: 300, failedRequests: 0 });
    expect(Object.values(report.latencyMs).every(Number.isInteger)).toBe(false);
    expect(sentHeaders(seen[0]!, "connection")).toEqual(["keep-alive"]);
  });

  it("says close, and only that, without keep-alive, and connects anew for each request", async () => {
    const ports = new Set<number | undefined>();
    const { seen, report } = await runAgainst(
      (request, response) => {
        ports.add(request.socket.remotePort);
        response.end("ok");
      },
      { keepAlive: false, until: { requests: 100 } },
    );
    expect(report).toMatchObject({ completedRequests: 100, failedRequests: 0 });
    expect(ports.size).toBe(100);
    expect(sentHeaders(seen[0]!, "connection")).toEqual(["close"]);
  });

  it("loses nothing when replies say that their connection closes", async () => {
    const { seen, report } = await runAgainst((_, response) => response.setHeader("connection", "close").end("ok"), {
      until: { requests: 100 },
    });
    expect(seen).toHaveLength(100);
    expect(report).toMatchObject({ completedRequests: 100, failedRequests: 0 });
  });

  it("asks a forward proxy for the URLs in turn, beginning with another one on each connection", async () => {
    const urls = ["http://a.test/1", "http://b.test/2"] as const;
    const { seen } = await runAgainst((_, response) => response.end("ok"), { urls, until: { requests: 8 } }, "forward");
    expect(seen.map(({ url }) => url).sort()).toEqual([...Array(4).fill(urls[0]), ...Array(4).fill(urls[1])]);
    expect(seen.filter(({ url, headers }) => headers.host === new URL(url ?? "").host)).toHaveLength(8);
  });

  it("counts as lost what a connection closed without a reply", async () => {
    const url = await urlOf(withEach((socket, request) => (request % 5 === 0 ? socket.end() : socket.write(ok))));
    const { completedRequests, failedRequests, failures } = await run({ urls: [url], until: { requests: 500 } });
    expect(failures.lost).toBe(failedRequests);
    expect(completedRequests + failedRequests).toBe(500);
    expect(failedRequests).toBeGreaterThan(80);
  });

  it("finds whole replies again after one that broke off", async () => {
    const half = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf";
    const url = await urlOf(withEach((socket, request) => (request === 3 ? socket.end(half) : socket.write(ok))));
    const report = await run({ urls: [url], concurrency: 1, until: { requests: 50 } });
    expect(report).toMatchObject({ completedRequests: 49, failures: { lost: 1 } });
  });

  it("completes only requests with a status below 400", async () => {
    let served = 0;
    const statuses = [200, 304, 404, 503, 500];
    const { report } = await runAgainst(
      (_, response) => response.writeHead(statuses[served++ % statuses.length] ?? 200).end(),
      { until: { requests: 50 } },
    );
    expect(report).toMatchObject({ completedRequests: 20, failedRequests: 30, failures: { http4xx: 10, http5xx: 20 } });
  });

  it("tells a timeout from a loss", async () => {
    const { report } = await runAgainst(() => {}, { concurrency: 2, timeoutSeconds: 1, until: { requests: 2 } });
    expect(report).toMatchObject({ completedRequests: 0, failures: { timeout: 2, lost: 0 } });
  });

  it("keeps to the rate of an open loop and counts the wait for a connection as response time", async () => {
    const { report } = await runAgainst((_, response) => setTimeout(() => response.end("ok"), 50), {
      concurrency: 1,
      loop: "open",
      requestsPerSecond: 100,
      until: { seconds: 2 },
    });
    expect(report.completedRequests).toBeLessThanOrEqual(44);
    expect(report.latencyMs.max).toBeGreaterThan(200); // each reply took 50 ms, and ever more requests were waiting
  });

  it("sends no faster than the rate of an open loop", async () => {
    const { report } = await runAgainst((_, response) => response.end("ok"), {
      loop: "open",
      requestsPerSecond: 200,
      until: { seconds: 2 },
    });
    expect(report.completedRequests).toBeGreaterThan(0);
    expect(report.completedRequests).toBeLessThanOrEqual(200 * report.durationSeconds + 1);
  });
});
