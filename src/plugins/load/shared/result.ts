import {
  type FailureCounts,
  type LatencyMs,
  LoadFailure,
  type LoadOutput,
  type LoadReport,
  lastWords,
} from "../../../core/contract/index.ts";

/** Begins the line with the result of a run, which a driver or script of the lab prints as JSON. */
export const mark = "LAB_RESULT ";

/** What the books of a driver say of a run; see tally.mjs. */
export interface Books {
  /** Length of the window. */
  readonly seconds: number;
  readonly completed: number;
  /** Received; absent where the driver does not know. */
  readonly bytes?: number;
  readonly failures: FailureCounts;
  readonly latencyMs: LatencyMs;
  /** HDR, V2, compressed, base64; absent where no reply came. */
  readonly histogram?: string;
}

/** The result of a run. Throws a LoadFailure where there is none, or none that is sound. */
export function resultOf<R extends object>(
  tool: string,
  output: LoadOutput,
  isSound: (result: Partial<R>) => boolean,
): R {
  const line = output.stdout.split("\n").find((text) => text.startsWith(mark));
  if (line === undefined || output.code !== 0) throw new LoadFailure(`${tool} gave no result: ${lastWords(output)}`);
  const result = parseJson(line.slice(mark.length)) as Partial<R> | undefined;
  if (result && isSound(result)) return result as R;
  throw new LoadFailure(`${tool} printed a result that cannot be read: ${line.slice(0, 300)}`);
}

/** Whether all figures can be, and every request that was sent is completed, failed or unanswered at the end. */
export function addUp(books: Partial<Books>, sent: unknown, unanswered: unknown): boolean {
  const { seconds, completed, bytes = 0, failures, latencyMs } = books;
  if (!failures || !latencyMs || !seconds) return false;
  const counts = Object.values(failures);
  const failed = counts.reduce((sum, count) => sum + count, 0);
  const figures = [seconds, sent, completed, bytes, unanswered, ...counts, ...Object.values(latencyMs)];
  return figures.every(isCount) && sent === Number(completed) + Number(unanswered) + failed;
}

/** What all drivers report alike. */
export function reportOf(books: Books, failedRequests: number) {
  const { seconds, completed, bytes, failures, latencyMs, histogram } = books;
  return {
    durationSeconds: seconds,
    completedRequests: completed,
    failedRequests,
    failures,
    ...(bytes === undefined ? {} : { transferredBytes: bytes }),
    latencyMs,
    ...(histogram ? { latencyHistogram: histogram } : {}),
  } satisfies Partial<LoadReport>;
}

/** Whether a value is a number that can count or measure something: finite and not negative. */
export function isCount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}

/** `undefined` where the text is no JSON, or `null`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/** For tools that take no fractions of a second. */
export function wholeSeconds(seconds: number): number {
  return Math.max(1, Math.ceil(seconds));
}
