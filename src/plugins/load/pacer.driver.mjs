/**
 * Sends an open loop for the lab: requests at moments that are planned beforehand, whatever the answers. The only argument is
 * JSON: {host, port, secure, requests: [{path, host}], connections, keepAlive, timeoutSeconds, seconds | amount, rate, arrivals};
 * rate in requests per second, arrivals {kind: "constant" | "poisson"} or {kind: "bursts", size}.
 *
 * A request that finds all connections busy waits for one, and keeps its intended start: that is the proxy's doing, or a
 * want of connections. One that finds a free connection and goes out late is this process's doing. The two are told apart.
 */
import { connect, createServer } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { Client } from "undici";
import { duesOf } from "./pacer.arrivals.mjs";
import { percentile, Tally } from "./tally.mjs";

const load = JSON.parse(process.argv[2]);
/** The first requests wait no longer for all connections to stand. */
const longestConnectingMs = 2_000;
/** Code that was compiled on requests of its own does not make the first ones of a window late. */
const rehearsal = { requests: 2_000, connections: 8 };
/** A connection that is closed for idleness would have to be made again on a request's time. */
const idleMs = 600_000;
const tickMs = 1;
const seed = 1;

const tally = new Tally();
/** Of requests that found a free connection: from the intended start to the sending, in ms. */
const latenesses = [];
const idle = [];
/** The newest TLS session: new connections resume it, where the server lets them. */
let session;
let waited = 0;
let inFlight = 0;
let startedAt;
let stoppedAt;
const dues = duesOf(load.arrivals, load.rate, seed);
let nextDueMs = dues.next().value;
/** The next request was due, and found no free connection. */
let nextWaits = false;

/** Request after request, each connection beginning at another, so that they do not go round in step. */
function* turns(from) {
  for (let turn = from; ; turn++) {
    const { path, host } = load.requests[turn % load.requests.length];
    yield { path, method: "GET", headers: { host }, reset: !load.keepAlive };
  }
}

/** A connection, which is made anew when it was closed. Its first socket is there before the first request is due. */
function slotOf(index, address = load) {
  const timeoutMs = 1000 * load.timeoutSeconds;
  const slot = { requests: turns(index), first: socketTo(address) };
  slot.client = new Client(`http${address.secure ? "s" : ""}://${address.host}:${address.port}`, {
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    connect(_options, done) {
      const socket = slot.first && stands(slot.first) ? slot.first : socketTo(address, timeoutMs);
      slot.first = undefined;
      // Not at once: the client is in the middle of what called this.
      if (stands(socket)) return void queueMicrotask(() => done(null, socket));
      socket.once(standing(address), () => done(null, socket)).once("error", (error) => done(error, null));
    },
  });
  return slot;
}

/** The event of a connection that requests can be sent on. */
function standing({ secure }) {
  return secure ? "secureConnect" : "connect";
}

function stands(socket) {
  return socket.readyState === "open" && (socket.encrypted !== true || socket.getProtocol() !== null);
}

function socketTo({ host, port, secure }, timeoutMs = longestConnectingMs) {
  const plain = { host, port, noDelay: true, timeout: timeoutMs };
  // Whose certificate it is does not matter: the lab started the server.
  const socket = secure
    ? connectSecurely({ ...plain, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"], session })
    : connect(plain);
  socket.on("session", (one) => {
    session = one;
  });
  socket.on("error", () => {}); // whoever waits for it is told, too
  socket.once("timeout", () => {
    if (socket.connecting) socket.destroy(Object.assign(new Error("no connection"), { code: "ETIMEDOUT" }));
  });
  return socket;
}

/** Resolves when the first socket stands, or cannot be had: its requests will tell why. */
function connected({ first }) {
  return new Promise((resolve) => {
    first.once(standing(load), resolve).once("close", resolve);
  });
}

function sendDue() {
  if (stoppedAt !== undefined) return;
  const now = performance.now();
  while (startedAt + nextDueMs <= now && tally.sent !== load.amount) {
    const slot = idle.shift();
    if (!slot) {
      nextWaits = true;
      return;
    }
    send(slot, startedAt + nextDueMs, now);
    nextDueMs = dues.next().value;
  }
}

function send(slot, dueMs, nowMs) {
  if (nextWaits) waited++;
  else latenesses.push(nowMs - dueMs);
  nextWaits = false;
  tally.sent++;
  inFlight++;
  dispatch(slot, (error, status, bytes) => {
    inFlight--;
    if (stoppedAt === undefined) {
      if (error) tally.fail(kindOf(error));
      else tally.answered(status, bytes, performance.now() - dueMs);
    }
    if (tally.settled === load.amount) stop();
    idle.push(slot);
    sendDue();
  });
}

/** Sends the next request of a connection; `settled(error, status, bytes)` is called once. */
function dispatch(slot, settled) {
  let status = 0;
  let bytes = 0;
  let over = false;
  const settle = (error) => {
    if (over) return;
    over = true;
    settled(error, status, bytes);
  };
  slot.client.dispatch(slot.requests.next().value, {
    onRequestStart() {},
    onResponseStart(_controller, statusCode) {
      status = statusCode;
    },
    onResponseData(_controller, chunk) {
      bytes += chunk.length;
    },
    onResponseEnd: () => settle(),
    onResponseError: (_controller, error) => settle(error),
  });
}

/** Sends requests to a server of this process, and throws their results away. */
async function rehearse() {
  const reply = `HTTP/1.1 200 OK\r\ncontent-length: 1024\r\n\r\n${".".repeat(1024)}`;
  const server = createServer((socket) => socket.on("data", () => socket.write(reply)).on("error", () => {}));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = { host: "127.0.0.1", port: server.address().port };
  const slots = Array.from({ length: rehearsal.connections }, (_, index) => slotOf(index, address));
  const books = new Tally();
  let left = rehearsal.requests;
  const again = (slot, done) => {
    if (left-- <= 0) return done();
    const from = performance.now();
    dispatch(slot, (error, status, bytes) => {
      if (!error) books.answered(status, bytes, performance.now() - from);
      again(slot, done);
    });
  };
  await Promise.all(slots.map((slot) => new Promise((done) => again(slot, done))));
  for (const { client } of slots) client.destroy();
  server.close();
}

function kindOf({ code = "", cause = {} }) {
  const why = [code, cause.code ?? ""];
  if (why.some((one) => /ECONNREFUSED|EADDRNOTAVAIL|EMFILE|ETIMEDOUT/.test(one))) return "connect";
  if (/TIMEOUT/.test(code)) return "timeout";
  if (why.some((one) => /ECONNRESET|EPIPE/.test(one))) return "reset";
  return code === "UND_ERR_SOCKET" ? "lost" : "other";
}

function stop() {
  if (stoppedAt !== undefined) return;
  stoppedAt = performance.now();
  const result = { ...tally.result(seconds(), inFlight), sending: sendingOf() };
  print("LAB_RESULT", result, () => process.exit(0));
}

/** How well the plan was kept. */
function sendingOf() {
  const sorted = Float64Array.from(latenesses).sort();
  const at = (share) => percentile(sorted, share) ?? 0;
  const due = duesUntil(stoppedAt - startedAt);
  // What was due and not sent still waits.
  return {
    due,
    waited: waited + Math.max(0, due - tally.sent),
    latenessMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
  };
}

/** Requests that should have been sent by then. */
function duesUntil(ms) {
  let count = 0;
  for (const due of duesOf(load.arrivals, load.rate, seed)) {
    if (due > ms || count === load.amount) return count;
    count++;
  }
  return count;
}

function seconds() {
  return ((stoppedAt ?? performance.now()) - startedAt) / 1000;
}

function print(mark, data, done) {
  process.stdout.write(`${mark} ${JSON.stringify(data)}\n`, done);
}

process.once("SIGINT", () => (startedAt === undefined ? process.exit(1) : stop()));
await rehearse();
const slots = Array.from({ length: load.connections }, (_, index) => slotOf(index));
await Promise.all(slots.map(connected));
idle.push(...slots);
startedAt = performance.now();
setInterval(sendDue, tickMs);
if (load.seconds !== undefined) setTimeout(stop, load.seconds * 1000);
setInterval(() => print("LAB_TICK", { seconds: seconds(), completed: tally.completed }), 500);
