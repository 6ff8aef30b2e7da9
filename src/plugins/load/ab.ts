import {
  defineLoad,
  type LatencyMs,
  LoadFailure,
  type LoadOutput,
  type LoadSetup,
  lastWords,
} from "../../core/contract/index.ts";
import { wholeSeconds } from "./shared/result.ts";

/** More requests than its one thread can send. It reserves 40 bytes for each, and uses them only for those it sent. */
const mostPerSecond = 100_000;
const most = 20_000_000;
/** It leaves this line out where there are none. */
const noFailures = "(Connect: 0, Receive: 0, Length: 0, Exceptions: 0)";

/**
 * ApacheBench: HTTP/1.0, one thread, one URL. It takes a connection that is closed without a reply for a complete
 * request, which only the count of the origins can show.
 */
export default defineLoad({
  id: "ab",
  title: "ApacheBench (ab)",
  program: {
    executables: ["ab"],
    versionArguments: ["-V"],
    versionPattern: "Version (\\S+)",
    install: { apt: ["apache2-utils"], brew: ["httpd"] },
  },
  supports: {
    loops: ["closed"],
    forwardProxy: true,
    severalUrls: false,
    noKeepAlive: true,
    requestCount: true,
    tls: true,
    interruptible: true,
  },

  plan(load) {
    const { forwardProxy: proxy } = load;
    return {
      argv: [
        // Without -r it ends at the first reset, without -l replies of another length than the first count as failed.
        ...(["ab", "-q", "-r", "-l"] as const),
        // Its own header says "Keep-Alive"; mitmproxy knows the lower-case word only, and would close each connection.
        ...(load.keepAlive ? ["-k", "-H", "Connection: keep-alive"] : []),
        ...["-s", String(wholeSeconds(load.timeoutSeconds))],
        ...stop(load),
        ...(proxy ? ["-X", `${proxy.host}:${proxy.port}`] : []),
        new URL(load.urls[0]).href,
      ],
    };
  },

  parse(output) {
    // It ends with 1 when it was told to end, too.
    if (output.code !== 0 && !(output.code === 1 && output.interrupted))
      throw new LoadFailure(`ab gave no result: ${lastWords(output)}`);
    const complete = figure(output, "Complete requests");
    requireEnd(output, complete);
    const { connect, receive, length, exceptions, write, status } = faults(output);
    const completed = Math.max(0, complete - receive - length - write - status);
    // A failed receive is an exception once more.
    const dropped = Math.max(0, exceptions - receive);
    return {
      loop: "closed",
      durationSeconds: duration(output),
      completedRequests: completed,
      failedRequests: complete - completed + connect + dropped,
      failures: { connect, reset: receive, status, other: length + write + dropped },
      transferredBytes: figure(output, "Total transferred"),
      latencyMs: complete > 1 ? latencyMs(output) : {},
      latencyKind: "service",
      latencyResolutionMs: 1,
    };
  },
});

/** When it stops, and the connections. `-t` sets `-n` to 50,000, so an own `-n` has to come after it. */
function stop({ until, concurrency }: LoadSetup): string[] {
  if ("requests" in until) return ["-n", String(until.requests), "-c", String(Math.min(concurrency, until.requests))];
  const seconds = wholeSeconds(until.seconds);
  return ["-t", String(seconds), "-n", String(Math.min(most, seconds * mostPerSecond)), "-c", String(concurrency)];
}

function duration(output: LoadOutput): number {
  const seconds = figure(output, "Time taken for tests");
  if (seconds > 0) return seconds;
  throw new LoadFailure('ab ran for too short a time to measure: "Time taken for tests: 0.000 seconds"');
}

/** Refuses output that breaks off, perhaps within a number. */
function requireEnd(output: LoadOutput, complete: number): void {
  const last = ["\nHTML transferred:", "\nTotal:", "(longest request)"][Math.min(complete, 2)] ?? "";
  if (!output.stdout.includes(last)) throw new LoadFailure(`ab gave half a result: ${lastWords(output)}`);
}

/** What went wrong, by its own kinds. All but `connect` and `exceptions` are among the complete requests. */
function faults(output: LoadOutput) {
  const text = figure(output, "Failed requests") > 0 ? line(output, "   (Connect") : noFailures;
  const kinds = /Connect: (\d{1,9}), Receive: (\d{1,9}), Length: (\d{1,9}), Exceptions: (\d{1,9})\)/.exec(text);
  if (!kinds) throw unreadable(text);
  const [connect = 0, receive = 0, length = 0, exceptions = 0] = kinds.slice(1).map(Number);
  const write = optionalFigure(output, "Write errors");
  return { connect, receive, length, exceptions, write, status: optionalFigure(output, "Non-2xx responses") };
}

function latencyMs(output: LoadOutput): LatencyMs {
  const share = (percent: number) => figure(output, `${percent}%`.padStart(5));
  // The first of the two lines with this name: concurrency times duration by requests, and so with decimals.
  const mean = figure(output, "Time per request");
  return { mean, p50: share(50), p90: share(90), p95: share(95), p99: share(99), max: share(100) };
}

/** The number that follows a label at the start of a line. */
function figure(output: LoadOutput, label: string): number {
  const text = line(output, label);
  const value = Number(/^:?\s+(\d+(?:\.\d+)?)(?=\s|$)/.exec(text.slice(label.length))?.[1]);
  if (!Number.isFinite(value)) throw unreadable(text);
  return value;
}

/** The same for a line that it leaves out when the number is 0. */
function optionalFigure(output: LoadOutput, label: string): number {
  return output.stdout.includes(`\n${label}:`) ? figure(output, label) : 0;
}

function line(output: LoadOutput, label: string): string {
  const found = output.stdout.split("\n").find((text) => text.startsWith(label));
  if (found === undefined) throw new LoadFailure(`ab printed no "${label.trim()}": ${lastWords(output)}`);
  return found;
}

function unreadable(text: string): LoadFailure {
  return new LoadFailure(`ab printed a line that cannot be read: "${text.slice(0, 200)}"`);
}
