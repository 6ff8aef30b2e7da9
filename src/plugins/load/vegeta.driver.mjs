/**
 * Runs vegeta for the lab: an attack, then the reading of what it left. The arguments are the path of vegeta and JSON:
 * {attack: [argument], results: path, url, requests?, seconds?, intervalMs, openingMs}; `attack` is to write to `results`.
 * SIGINT ends the attack before its time.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { booksOf, readResult } from "./vegeta.results.mjs";

const [vegeta, text] = process.argv.slice(2);
const load = JSON.parse(text);

/** For starting. When the window and this are over it is ended, or it would wait for the last replies. */
const graceMs = 500;

let attacker;
let interrupts = 0;
/** When the attack was cut off, in ms since 1970. */
let cutMs;

function cut() {
  cutMs ??= Date.now();
  attacker?.kill("SIGKILL");
}

process.on("SIGINT", () => {
  interrupts++;
  cut();
});

async function attack() {
  const from = performance.now();
  attacker = spawn(vegeta, ["attack", ...load.attack], { stdio: ["pipe", "ignore", "inherit"] });
  const closed = once(attacker, "close");
  attacker.stdin.on("error", () => {}); // it ended before it had read all
  Readable.from(targets()).pipe(attacker.stdin);
  const timer = load.seconds === undefined ? undefined : setTimeout(cut, load.seconds * 1000 + graceMs);
  const [code, signal] = await closed;
  clearTimeout(timer);
  if (cutMs !== undefined) return;
  if (signal) fail(`the attack was ended by ${signal}`);
  if (code !== 0) process.exit(code); // it has said why
  const tookMs = performance.now() - from;
  if (tookMs < (load.seconds ?? 0) * 1000 - load.intervalMs)
    fail(`the attack ended by itself after ${Math.round(tookMs)} ms`);
}

/** One target is used over and over; several are used up. In pieces of about 64 kB. */
function* targets() {
  const line = `GET ${load.url}\n`;
  const piece = Math.ceil(65_536 / line.length);
  for (let left = load.requests ?? 1; left > 0; left -= piece) yield line.repeat(Math.min(left, piece));
}

/** The requests that the attack has written down; where it was cut off, perhaps not the whole of the last one. */
async function readResults() {
  if ((await stat(load.results)).size === 0) return [];
  const before = interrupts;
  const requests = [];
  const reader = spawn(vegeta, ["encode", "-to", "csv", load.results], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(reader, "close");
  for await (const line of createInterface({ input: reader.stdout })) {
    const request = readResult(line);
    if (request) requests.push(request);
  }
  const [code] = await closed;
  if (interrupts !== before) return readResults(); // it was told as well, and stopped where it was
  if (code !== 0 && cutMs === undefined) process.exit(1);
  return requests;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const sinceMs = Date.now();
await attack();
const requests = await readResults();
if (requests.length === 0 && load.seconds === undefined) fail("no request was sent");
process.stdout.write(`LAB_RESULT ${JSON.stringify(booksOf(requests, { ...load, sinceMs, cutMs }))}\n`);
