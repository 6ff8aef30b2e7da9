import type { LoadReport } from "../../../contract/index.ts";
import type { LoadWish } from "../../../measure/trial/loadRun.ts";
import { measured, require } from "../check.ts";
import { answeredBy, type TargetServer } from "./target.ts";

/** What a tool reported of a run, and what its target knows of it. */
export interface LoadTrial {
  readonly report: LoadReport;
  readonly target: Pick<TargetServer, "answered" | "connections" | "resumed" | "overHttp2">;
  readonly wish: LoadWish;
  /** From the start of the tool's process to its report. */
  readonly wallSeconds: number;
}

/** Throws unless the report and the target agree within 1 %, or within what may be on its way when the time is up. */
export function countsAnswers({ report, target, wish }: LoadTrial): string {
  const answered = answeredBy([target]);
  const { completedRequests: completed, failedRequests: failed } = report;
  require(answered > wish.concurrency, `only ${answered} requests came`);
  const slack = Math.max(answered * 0.01, wish.concurrency);
  const words = measured(Math.abs(completed - answered) <= slack, `reported ${completed}, answered ${answered}`);
  require(failed <= slack, `reported ${failed} failed requests, though all were answered`);
  return words;
}

/** Throws unless the tool's window is about as long as was asked, and its start and end take no more than 5 s. */
export function takesItsTime({ report, wish, wallSeconds }: LoadTrial): string {
  const wanted = "seconds" in wish.until ? wish.until.seconds : 0;
  const { durationSeconds } = report;
  const near = durationSeconds > wanted * 0.8 && durationSeconds < wanted * 1.6;
  const words = `asked for ${wanted} s, reported ${durationSeconds.toFixed(2)} s, took ${wallSeconds.toFixed(2)} s`;
  return measured(near && durationSeconds < wallSeconds && wallSeconds < wanted + 5, words);
}

/** Throws unless the middle of the latencies is the target's pause, on a machine that may have more to do. */
export function measuresDelay({ report, wish }: LoadTrial, delayMs: number): string {
  const { mean, p50, p90, p95, p99, p999, max } = report.latencyMs;
  const middle = p50 ?? mean;
  if (middle === undefined) return "it reports no latency";
  require(middle > delayMs * 0.9 && middle < delayMs * 4, `it reports ${middle} ms (${report.latencyKind})`);
  if (wish.loop === "closed") requireCycle(mean ?? middle, report, wish);
  const rising = [p50, p90, p95, p99, p999, max].filter((value) => value !== undefined);
  const sorted = rising.every((value, index) => index === 0 || value >= rising[index - 1]!);
  require(sorted, `its percentiles do not rise: ${rising.join(", ")}`);
  return `${middle.toFixed(1)} ms (${report.latencyKind})`;
}

/**
 * By Little's law a connection of a closed loop takes concurrency / rate from one answer to the next, on a slow machine too.
 * Throws for a latency that is not about that: one in another unit, or counted twice.
 */
function requireCycle(latencyMs: number, { completedRequests, durationSeconds }: LoadReport, wish: LoadWish): void {
  const cycleMs = (1000 * durationSeconds * wish.concurrency) / completedRequests;
  const near = latencyMs > cycleMs / 1.5 && latencyMs < cycleMs * 1.5;
  require(near, `it reports ${latencyMs.toFixed(1)} ms, but at its rate each takes ${cycleMs.toFixed(1)} ms`);
}

/**
 * Throws when latencies of an open loop leave out the time for which requests had to wait for a connection. The target takes
 * so long for each that the connections fall behind the rate more and more.
 */
export function countsFromDue({ report }: LoadTrial, delayMs: number): string {
  const { mean, p50, p90, p95, p99, p999, max } = report.latencyMs;
  require(report.latencyKind !==
    "service", 'its latencyKind is "service": from the sending, not from the intended start');
  const longest = max ?? p999 ?? p99 ?? p95 ?? p90 ?? p50 ?? mean;
  if (longest === undefined) return "it reports no latency";
  return measured(longest > 2 * delayMs, `it reports ${longest.toFixed(0)} ms at most (${report.latencyKind})`);
}

/** Throws when there were many more connections than were asked for; some tools try the target first. */
export function keepsConnections({ target, wish }: LoadTrial): string {
  const made = target.connections();
  const enough = wish.loop === "open" || made >= wish.concurrency;
  return measured(enough && made <= wish.concurrency * 1.5, `${made} connections, ${wish.concurrency} were asked for`);
}

/** Throws when there were fewer connections than requests. */
export function opensConnections({ target, wish }: LoadTrial): string {
  const [made, answered] = [target.connections(), answeredBy([target])];
  return measured(made >= answered * 0.99 - wish.concurrency, `${made} connections for ${answered} requests`);
}

/** Throws unless the rate was that of the open loop, within 10 %. */
export function keepsRate({ report, wish }: LoadTrial): string {
  const wanted = wish.requestsPerSecond ?? 0;
  const rate = report.completedRequests / report.durationSeconds;
  const words = `${Math.round(rate)} requests/s`;
  require(Math.abs(rate / wanted - 1) <= 0.1, `${words}, ${wanted} were asked for`);
  return words;
}

/** Throws when the target was asked for anything but the URLs of the load, in absolute form. */
export function namesServers({ target, wish }: LoadTrial): string {
  const wanted = wish.urls.map((url) => new URL(url).href);
  const other = [...target.answered.keys()].find((asked) => !wanted.includes(asked));
  require(other === undefined, `it asked for "${other}" instead of ${wanted[0]}`);
  return "";
}

/** Throws unless each URL got its share, within 20 %. */
export function sharesOut({ target, wish }: LoadTrial): string {
  const counts = wish.urls.map((url) => target.answered.get(new URL(url).href) ?? 0);
  const share = answeredBy([target]) / wish.urls.length;
  const fair = counts.every((count) => Math.abs(count - share) <= Math.max(share * 0.2, wish.concurrency));
  require(fair, `they were asked for ${counts.join(", ")} times`);
  return counts.join(", ");
}

/** Throws unless just the wanted number of requests was sent and reported. */
export function sendsNumber({ report, target, wish }: LoadTrial): string {
  const wanted = "requests" in wish.until ? wish.until.requests : 0;
  const [reported, answered] = [report.completedRequests, answeredBy([target])];
  const words = `reported ${reported}, answered ${answered}, asked for ${wanted}`;
  return measured(reported === wanted && answered === wanted, words);
}

/** Throws unless all that the target answered is reported as failed. */
export function tellsFailures({ report, target, wish }: LoadTrial): string {
  const { completedRequests, failedRequests } = report;
  const answered = answeredBy([target]);
  const alike = Math.abs(failedRequests - answered) <= Math.max(answered * 0.01, wish.concurrency);
  const words = `reported ${completedRequests} completed and ${failedRequests} failed, answered ${answered}`;
  return measured(completedRequests === 0 && alike, words);
}

/** Throws unless connections resumed the TLS session of an earlier one, but for those that were the first. */
export function resumesSessions({ target, wish }: LoadTrial): string {
  const [made, resumed] = [target.connections(), target.resumed()];
  return measured(resumed >= 0.9 * made - wish.concurrency, `${resumed} of ${made} connections`);
}

/** Throws where the tool resumes sessions as reliably as if it had said so. */
export function handshakesFully({ target, wish }: LoadTrial): string {
  const [made, resumed] = [target.connections(), target.resumed()];
  return measured(resumed < 0.9 * made - wish.concurrency, `${resumed} of ${made} connections resumed`);
}

/** Throws unless all requests came over HTTP/2. */
export function speaksHttp2({ target }: LoadTrial): string {
  const answered = answeredBy([target]);
  return measured(target.overHttp2() >= answered, `${target.overHttp2()} of ${answered} requests`);
}
