import { parentPort, workerData } from "node:worker_threads";
import { asProblem } from "../../core/errors.ts";
import type { Named } from "../../core/places.ts";
import type { Call } from "./client.ts";
import { labWork } from "./work.ts";

// The thread in which the work of the console is done, so that keys are answered meanwhile.

const work = labWork(workerData as Named) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;

parentPort?.on("message", async ({ id, method, args }: Call) => {
  try {
    parentPort?.postMessage({ id, value: await work[method]!(...args) });
  } catch (thrown) {
    parentPort?.postMessage({ id, problem: asProblem(thrown) });
  }
});
