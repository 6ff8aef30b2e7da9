import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Lab } from "../../src/core/lab.ts";
import { startProbe } from "../../src/core/measure/speed/probe.ts";

/** What wrk said by hand, and the speed probe beside it. */
export interface HandReading {
  readonly requestsPerSecond: number;
  /** Absent where no probe could be started. */
  readonly probeMicros?: number;
}

export interface Hand {
  measure(): Promise<HandReading>;
  close(): Promise<void>;
}

/** The core that bench/parts.sh runs the proxy on. */
const proxyCore = 0;

/** Starts HAProxy as one would by hand, by bench/by-hand.sh, and keeps it. `measure` rejects where the script has ended. */
export async function openHand(cpu: number, memoryBytes: number, seconds: number): Promise<Hand> {
  const { host } = (await Lab.open({ store: ":memory:" })).workplace;
  const child = spawn("bench/by-hand.sh", [cpu, memoryBytes, seconds].map(String), {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("bench/by-hand.sh has ended");
    return value;
  };
  await next();
  return {
    async measure() {
      // Only now: in the lab's turns there is the lab's own.
      const probe = await startProbe(host, [proxyCore]);
      try {
        const from = performance.now() / 1000;
        child.stdin.write("\n");
        const requestsPerSecond = Number(await next());
        const reading = probe?.between(from, performance.now() / 1000);
        return { requestsPerSecond, ...(reading && { probeMicros: reading.probeMicros }) };
      } finally {
        await probe?.stop();
      }
    },
    close() {
      child.stdin.end();
      return ended;
    },
  };
}
