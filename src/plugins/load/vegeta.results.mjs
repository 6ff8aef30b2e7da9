/**
 * The books of one attack. vegeta's own report would not do: its latencies leave out the time that a request waits for a
 * free connection, it counts replies that came after the window, and it names errors without their number.
 */
import { Tally } from "./tally.mjs";

/** timestamp in ns since 1970, status, latency in ns, bytes out, bytes in, error, body, name, number, method, URL */
const columns = /^(\d+),(\d{1,3}),(\d+),\d+,\d+,("(?:[^"]|"")*"|[^",]*),[^",]*,[^",]*,(\d+),(\w*),/;

/** A line of `vegeta encode -to csv` -> the request that it tells of; `undefined` for one that found no target left. */
export function readResult(line) {
  const found = columns.exec(line);
  if (!found) throw new Error(`vegeta wrote a result that cannot be read: "${line.slice(0, 200)}"`);
  const [, timestamp, status, latency, error, number, method] = found;
  if (method === "") return undefined;
  const sentMs = Number(timestamp) / 1e6; // exact to a quarter of a microsecond
  const endMs = sentMs + Number(latency) / 1e6;
  // A status means that the reply came in full.
  return { number: Number(number), sentMs, endMs, status: Number(status), failure: failureOf(error) };
}

/** The kind of what Go's client says of a request without a whole reply. */
function failureOf(error) {
  if (/Client\.Timeout exceeded|i\/o timeout/.test(error)) return "timeout";
  if (/dial tcp/.test(error)) return "connect";
  if (/connection reset by peer|broken pipe/.test(error)) return "reset";
  return /(EOF|server closed idle connection)"?$/.test(error) ? "lost" : "other";
}

/**
 * All requests -> what happened in the window. `intervalMs`: time from one intended start to the next; `seconds`: length
 * of the window, absent where it lasts until the last reply; `openingMs`: how long connections are opened from its start on,
 * while latencies do not count. In ms since 1970: `sinceMs`, when vegeta was started, and
 * `cutMs`, when it was cut off, if it was.
 */
export function booksOf(requests, { intervalMs, seconds, openingMs = 0, sinceMs, cutMs = Number.POSITIVE_INFINITY }) {
  // No request is sent before its time, so the most punctual one shows when the first was due.
  const dues = requests.map(({ number, sentMs }) => sentMs - number * intervalMs);
  const startMs = requests.length > 0 ? dues.reduce((one, other) => Math.min(one, other)) : sinceMs;
  const lastMs = requests.reduce((last, { endMs }) => Math.max(last, endMs), startMs);
  const stopMs = Math.min(seconds === undefined ? lastMs : startMs + seconds * 1000, cutMs);
  const tally = new Tally();
  const inTime = requests.filter(({ endMs }) => endMs <= stopMs);
  for (const { number, endMs, status, failure } of inTime) {
    const dueMs = startMs + number * intervalMs;
    if (status === 0) tally.fail(failure);
    else tally.answered(status, 0, dueMs < startMs + openingMs ? undefined : endMs - dueMs);
  }
  const { completed, failures, latencyMs, histogram } = tally.result();
  const late = requests.length - inTime.length;
  const windowSeconds = Math.round((stopMs - startMs) * 1000) / 1e6;
  return { seconds: windowSeconds, requests: requests.length, completed, late, failures, latencyMs, histogram };
}
