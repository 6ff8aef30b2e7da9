import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";

const longestMicros = 120_000_000;

/** The books of one run. */
export class Tally {
  sent = 0;
  completed = 0;
  failed = 0;
  #bytes = 0;
  #failures = { connect: 0, reset: 0, timeout: 0, http4xx: 0, http5xx: 0, lost: 0, other: 0 };
  #latenciesMs = [];

  /** Requests that have an outcome. */
  get settled() {
    return this.completed + this.failed;
  }

  /** Without a latency it only counts. */
  answered(status, bytes, latencyMs) {
    if (latencyMs !== undefined) this.#latenciesMs.push(latencyMs);
    this.#bytes += bytes;
    if (status < 400) this.completed++;
    else this.fail(status < 500 ? "http4xx" : "http5xx");
  }

  fail(kind) {
    this.failed++;
    this.#failures[kind]++;
  }

  /** One of the lost requests turns out to have timed out. */
  explainLost() {
    this.#failures.lost--;
    this.#failures.timeout++;
  }

  result(seconds, inFlight) {
    const { sent, completed } = this;
    return {
      seconds,
      sent,
      completed,
      inFlight,
      bytes: this.#bytes,
      failures: this.#failures,
      latencyMs: this.#latency(),
      ...(this.#latenciesMs.length > 0 && { histogram: this.#histogram() }),
    };
  }

  /** In microseconds. */
  #histogram() {
    const histogram = build({ highestTrackableValue: longestMicros, numberOfSignificantValueDigits: 3 });
    for (const ms of this.#latenciesMs) histogram.recordValue(Math.min(longestMicros, Math.round(ms * 1000)));
    return encodeIntoCompressedBase64(histogram);
  }

  #latency() {
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    if (sorted.length === 0) return {};
    const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length;
    const at = (share) => rounded(percentile(sorted, share));
    const percentiles = { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), p999: at(0.999) };
    return { mean: rounded(mean), ...percentiles, max: at(1) };
  }
}

/** The least value that so large a share of some, in rising order, does not exceed. */
export function percentile(sorted, share) {
  return sorted[Math.ceil(share * sorted.length) - 1];
}

/** To microseconds. */
function rounded(ms) {
  return Math.round(ms * 1000) / 1000;
}
