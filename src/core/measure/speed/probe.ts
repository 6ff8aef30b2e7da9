import { fileURLToPath } from "node:url";
import type { SpeedReading } from "../../domain/record.ts";
import type { LocalHost } from "../../process/host.ts";
import { resolveLaunch } from "../../process/launcher.ts";
import { type ProbeSample, readingOf } from "./reading.ts";

const worker = fileURLToPath(new URL("./probe.worker.mjs", import.meta.url));
/**
 * Under half a millisecond of work 40 times a second: enough pieces in half a second for a mean, and under 3 % of a core,
 * with what the process itself takes. About two thirds of a piece's time are round trips, one third is memory: the mix
 * that followed four proxies best. The work is the same everywhere and always, so that readings of other hours and
 * machines can be compared.
 */
const work = {
  warmUpTrips: 5,
  roundTrips: 17,
  memoryBytes: 2 ** 22,
  memoryReads: 550,
  intervalMs: 25,
  mostCpu: 0.02,
};
/** Readings are taken right after a window; older pieces are not asked for any more. */
const mostPieces = 5_000;
const startTimeoutMs = 5_000;

/** A process that does fixed work on some cores, and tells how long it takes there. */
export interface SpeedProbe {
  /** Between two moments, in seconds of `performance.now()`; `undefined` where too little was done in between. */
  between(fromSeconds: number, toSeconds: number): SpeedReading | undefined;
  stop(): Promise<void>;
}

/** Starts a probe on the cores of the proxy; `undefined` where it does not begin to work. */
export async function startProbe(
  host: Pick<LocalHost, "scratchDir" | "start">,
  cores: readonly number[],
): Promise<SpeedProbe | undefined> {
  const scratch = await host.scratchDir();
  const found = { available: true, executable: process.execPath } as const;
  const spec = { argv: ["node", worker, JSON.stringify(work)] as const };
  const launch = await resolveLaunch(spec, { name: "speed probe", found, scratchDir: scratch.path, cores });
  const pieces: ProbeSample[] = [];
  const started = Promise.withResolvers<void>();
  // Both clocks are the monotonic one of the machine; that of this process counts from its start.
  const zeroSeconds = Number(process.hrtime.bigint()) / 1e9 - performance.now() / 1000;
  const child = host.start(launch, {
    onLine(line) {
      const [micros = Number.NaN, pieceMicros = Number.NaN, cpuMicros = Number.NaN] = line.split(" ").map(Number);
      if (!(micros > 0 && pieceMicros > 0 && cpuMicros > 0)) return;
      pieces.push({ atSeconds: micros / 1e6 - zeroSeconds, pieceMicros, cpuSeconds: cpuMicros / 1e6 });
      if (pieces.length > mostPieces) pieces.splice(0, mostPieces / 2);
      started.resolve();
    },
  });
  const stop = async () => {
    await child.stop(500);
    await scratch.remove();
  };
  const timer = setTimeout(started.reject, startTimeoutMs, new Error("silent"));
  void child.exited.then(started.reject);
  try {
    await started.promise;
  } catch {
    await stop();
    return undefined;
  } finally {
    clearTimeout(timer);
  }
  return { between: (from, to) => readingOf(pieces, from, to), stop };
}
