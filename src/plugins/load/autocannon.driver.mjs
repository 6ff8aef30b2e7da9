/**
 * Runs autocannon for the lab. The only argument is JSON:
 * {url, requests: [{path, host}], connections, keepAlive, timeoutSeconds, seconds | amount, rate?}; rate in requests per second.
 *
 * Only its connections are autocannon's. It would count in whole milliseconds, send a second's share of an open loop in
 * one burst, write on connections that the reply said to be closing, and forget what was lost on a closed one. So this
 * file decides when a connection sends, and keeps the books.
 */
import autocannon from "autocannon";
import { Tally } from "./tally.mjs";

const load = JSON.parse(process.argv[2]);
const tally = new Tally();
const slots = [];
const idle = new Set();
let startedAt;
let stoppedAt;
let session;

/** Takes over one connection before it connects. */
function adopt(client) {
  startedAt ??= performance.now();
  const slot = { client, waiting: false, reusable: true, since: 0 };
  const connect = part(client, "_connect");
  slot.send = part(client, "_doRequest");
  client._doRequest = () => free(slot);
  client._connect = () => {
    if (client.conn) dropConnection(client);
    // New connections resume the newest TLS session, where the server lets them.
    client.opts.tlsOptions = { session };
    connect();
    client.conn.on("session", (one) => {
      session = one;
    });
  };
  client.setRequests(requestsFrom(slots.push(slot) - 1));
  if (!load.keepAlive) announceClose(client.requestIterator.requests);
  client.on("headers", (reply) => {
    slot.reusable = load.keepAlive && reply.shouldKeepAlive;
  });
  client.on("response", (status, bytes) => answered(slot, status, bytes));
  client.on("connError", (error) => {
    slot.cause = kindOf(error);
  });
  client.on("timeout", () => timedOut(slot));
}

function part(client, name) {
  if (typeof client[name] !== "function") throw new Error(`this version of autocannon has no client.${name}`);
  return client[name].bind(client);
}

/** Else a late error of the old connection would take down the new one, and half a reply would swallow the next. */
function dropConnection(client) {
  client._destroyConnection();
  client.parser.reinitialize(client.parser.type);
}

/** Each connection starts at another URL, so that they do not go round in step. */
function requestsFrom(index) {
  const turn = index % load.requests.length;
  const turned = [...load.requests.slice(turn), ...load.requests.slice(0, turn)];
  return turned.map(({ path, host }) => ({ path, headers: { host } }));
}

function announceClose(requests) {
  for (const request of requests) {
    const text = request.requestBuffer.toString().replace("Connection: keep-alive", "Connection: close");
    request.requestBuffer = Buffer.from(text);
  }
}

/** A connection has nothing to do: it is new, or its reply is there. */
function free(slot) {
  if (slot.waiting) abandon(slot);
  slot.cause = undefined;
  if (stoppedAt !== undefined) return;
  if (!slot.reusable) {
    slot.reusable = true;
    slot.client._connect(); // comes back here
  } else if (load.rate === undefined) {
    send(slot, performance.now());
  } else {
    idle.add(slot);
    sendDue();
  }
}

function send(slot, since) {
  if (tally.sent === load.amount) return;
  tally.sent++;
  slot.waiting = true;
  slot.since = since;
  slot.send();
}

/** Open loop: sends what is due while connections are free. What has to wait for one keeps its intended start. */
function sendDue() {
  while (idle.size > 0 && stoppedAt === undefined && tally.sent !== load.amount) {
    const due = startedAt + (tally.sent * 1000) / load.rate;
    if (due > performance.now()) return;
    const [slot] = idle; // the one that has been idle longest
    idle.delete(slot);
    send(slot, due);
  }
}

function answered(slot, status, bytes) {
  if (!slot.waiting || stoppedAt !== undefined) return;
  slot.waiting = false;
  tally.answered(status, bytes, performance.now() - slot.since);
  if (tally.settled === load.amount) stop();
}

function abandon(slot) {
  if (stoppedAt !== undefined) return;
  slot.waiting = false;
  slot.unexplained = slot.cause === undefined;
  tally.fail(slot.cause ?? "lost");
  if (tally.settled === load.amount) stop();
}

/** Told after the request was abandoned; told of connections that wait for nothing as well. */
function timedOut(slot) {
  if (slot.unexplained) tally.explainLost();
  slot.unexplained = false;
}

function kindOf(error) {
  if (error.syscall === "connect") return "connect";
  return ["ECONNRESET", "EPIPE"].includes(error.code) ? "reset" : "other";
}

function stop() {
  if (stoppedAt !== undefined) return;
  stoppedAt = performance.now();
  // Not at once: the event that tells a timeout from a loss may still be on its way.
  setImmediate(() => {
    const inFlight = slots.filter((slot) => slot.waiting).length;
    print("LAB_RESULT", tally.result(seconds(), inFlight), () => process.exit(0));
  });
}

function seconds() {
  return ((stoppedAt ?? performance.now()) - startedAt) / 1000;
}

function print(mark, data, done) {
  process.stdout.write(`${mark} ${JSON.stringify(data)}\n`, done);
}

process.once("SIGINT", stop);
const duration = 1e6; // this file stops it
const { url, connections, timeoutSeconds: timeout } = load;
autocannon({ url, connections, timeout, duration, setupClient: adopt });
if (load.seconds !== undefined) setTimeout(stop, startedAt + load.seconds * 1000 - performance.now());
if (load.rate !== undefined) setInterval(sendDue, 1);
setInterval(() => print("LAB_TICK", { seconds: seconds(), completed: tally.completed }), 500);
