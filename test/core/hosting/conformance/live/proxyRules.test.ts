import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  answersAllAtOnce,
  Client,
  keepsConnection,
  keepsOriginConnections,
  leavesContentAlone,
  reachesAll,
  reachesTheNamed,
  type Traffic,
} from "../../../../../src/core/hosting/conformance/live/proxyRules.ts";
import { startTarget, type TargetServer } from "../../../../../src/core/hosting/conformance/live/target.ts";

/** What a proxy of these tests may do wrong. */
interface Faults {
  readonly statusOf?: (status: number) => number;
  readonly bodyOf?: (body: Buffer) => Buffer;
  readonly choose?: (index: number, url: string) => number;
  readonly method?: string;
  readonly close?: boolean;
  /** A connection to the target for each request. */
  readonly reconnect?: boolean;
  readonly most?: number;
}

/** A reverse proxy in this process in front of three targets, and a way to send requests through it. */
async function traffic(faults: Faults = {}, connections = 1): Promise<Traffic> {
  const targets = await Promise.all([startTarget(), startTarget(), startTarget()]);
  let taken = 0;
  let connected = 0;
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const index = taken++;
    pass(targets[(faults.choose?.(index, incoming.url ?? "") ?? index) % 3]!, incoming, outgoing, agent, faults);
  });
  server.on("connection", (socket) => {
    if (++connected > (faults.most ?? Number.POSITIVE_INFINITY)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new Client({ host: "127.0.0.1", port: (server.address() as AddressInfo).port }, connections);
  onTestFinished(async () => {
    client.close();
    agent.destroy();
    server.close();
    await Promise.all(targets.map((target) => target.close()));
  });
  return { role: "reverse", targets, client, ask: (path, _, body) => client.ask(path, body) };
}

function pass(
  target: TargetServer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  kept: Agent,
  faults: Faults,
): void {
  const method = faults.method ?? incoming.method ?? "GET";
  const agent = faults.reconnect ? false : kept;
  const call = request({ ...target.address, path: incoming.url, method, agent }, async (answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    outgoing.writeHead(faults.statusOf?.(answer.statusCode!) ?? answer.statusCode!, {
      ...(faults.close ? { connection: "close" } : {}),
    });
    outgoing.end(faults.bodyOf?.(body) ?? body);
  });
  call.on("error", () => outgoing.destroy());
  if (faults.method) call.end();
  else incoming.pipe(call);
}

describe("the live rules for proxies", () => {
  it("let a sound proxy pass", async () => {
    const sound = await traffic();
    await leavesContentAlone(sound);
    expect(await reachesAll(sound)).toEqual([20, 20, 20]);
    await keepsConnection(sound);
    await answersAllAtOnce(await traffic({}, 32), 32);
  });

  const wrongContent: [string, Faults, RegExp][] = [
    [
      "a byte that is changed",
      { bodyOf: (body) => body.map((byte, index) => (index === 5 ? 1 : byte)) as Buffer },
      /a body of 1000 bytes came changed/,
    ],
    [
      "a body that is cut off",
      { bodyOf: (body) => body.subarray(0, 60_000) },
      /of 200000 bytes came changed, with 60000/,
    ],
    ["text that is taken for UTF-8", { bodyOf: (body) => Buffer.from(body.toString("utf8")) }, /came changed/],
    ["a POST that becomes a GET", { method: "GET" }, /of a POST, sent back came changed, with 0 bytes/],
    [
      "a page of its own for errors",
      { statusOf: (status) => (status === 404 ? 200 : status) },
      /status 404 came with status 200/,
    ],
    [
      "a status of its own",
      { statusOf: (status) => (status === 500 ? 502 : status) },
      /status 500 came with status 502/,
    ],
  ];
  it.each(wrongContent)("catch %s", async (_, faults, reason) => {
    await expect(leavesContentAlone(await traffic(faults))).rejects.toThrow(reason);
  });

  it.each([
    ["one origin only", () => 0, "60, 0, 0"],
    ["two of three", (index: number) => index % 2, "30, 30, 0"],
    ["one twice as often", (index: number) => [0, 0, 1, 2][index % 4]!, "30, 15, 15"],
  ])("catch %s", async (_, choose, counts) => {
    await expect(reachesAll(await traffic({ choose }))).rejects.toThrow(new RegExp(`\\b60\\b.*\\b${counts}\\b`));
  });

  it("let a proxy of several threads take turns in each", async () => {
    const [a = 0, b = 0, c = 0] = await reachesAll(await traffic({ choose: (index) => Math.floor(index / 2) }));
    expect([a, b, c]).toEqual([20, 20, 20]);
    const uneven = await traffic({ choose: (index) => (index < 2 ? 0 : index) });
    await expect(reachesAll(uneven)).resolves.toHaveLength(3);
  });

  it("catch a forward proxy that takes turns, though each server gets as many requests as named it", async () => {
    const named: Faults = { choose: (_, url) => Number(/-(\d)-$/.exec(url)?.[1]) };
    expect(await reachesTheNamed(await traffic(named))).toEqual([20, 20, 20]);
    await expect(reachesTheNamed(await traffic())).rejects.toThrow(/\b7, 6, 7\b/);
  });

  it("catch a connection that is closed after each answer", async () => {
    await expect(keepsConnection(await traffic({ close: true }))).rejects.toThrow(/\b1 request/);
  });

  it("catch a proxy that opens a connection to an origin for each request", async () => {
    expect(await keepsOriginConnections(await traffic())).toMatch(/^0 .*\b60 requests/);
    await expect(keepsOriginConnections(await traffic({ reconnect: true }))).rejects.toThrow(/^60 .*\b60 requests/);
  });

  it("catch a proxy that takes fewer connections than it was told of", async () => {
    await expect(answersAllAtOnce(await traffic({ most: 20 }, 32), 32)).rejects.toThrow(/GET \/slow: /);
  });

  it("count only the requests of the rule, whoever else asks the origins", async () => {
    const shared = await traffic();
    const stranger = new Client(shared.targets[0]!.address, 1);
    onTestFinished(() => stranger.close());
    for (let index = 0; index < 30; index++) await stranger.ask("/");
    expect(await reachesAll(shared)).toEqual([20, 20, 20]);
  });
});
