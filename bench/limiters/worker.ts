/**
 * The process of an arm of bench/limiters.ts: a running proxy under one limiter. Prints a line of JSON once it is ready, and one for each
 * line that it reads: a measurement by the lab's own code. Ends with its input.
 */
import { createInterface } from "node:readline";
import type { Point } from "../../src/core/domain/point.ts";
import { Engine } from "../../src/core/engine.ts";
import { messageOf } from "../../src/core/errors.ts";
import { defaultScenario, defaultSpec } from "../../src/core/experiment/defaults.ts";
import { startOrigins } from "../../src/core/measure/origin/start.ts";
import { requirePlugins } from "../../src/core/measure/sweep/requirements.ts";
import type { Bench } from "../../src/core/measure/trial/bench.ts";
import { placeRoles } from "../../src/core/measure/trial/placement.ts";
import { openRig } from "../../src/core/measure/trial/rig.ts";
import { measure } from "../../src/core/measure/trial/trial.ts";
import { dataDir, findPluginsFile } from "../../src/core/places.ts";
import { threadsFor } from "../../src/core/plan/plan.ts";
import { pinSelf } from "../../src/core/process/pin.ts";
import type { ArmFigures, ArmReady, ArmSetup } from "./arm.ts";

const memoryBytes = 256 * 2 ** 20;
const { proxy, limiter, cpu, windowSeconds } = JSON.parse(process.argv[2] ?? "") as ArmSetup;
const point: Point = {
  ...{ proxy, limiter, cpu, memoryBytes, loadTool: "wrk", role: "reverse", servers: 1, concurrency: 32 },
};
const scenario = { ...defaultScenario, windowSeconds, maxWindowSeconds: windowSeconds, warmupSeconds: 0 };
const spec = { ...defaultSpec, proxies: [proxy], limiters: [limiter], cpu: [cpu], memoryBytes: [memoryBytes], seed: 1 };

const engine = await Engine.open({ pluginsFile: findPluginsFile(undefined), storeFile: ":memory:", dataDir });
const { host, registry } = engine;
const bench: Bench = { host, registry, signal: new AbortController().signal, emit: () => {} };
const place = placeRoles(host.platform, host.coreIds, threadsFor(cpu));
const versionsUnder = await requirePlugins(bench, "bench", { ...spec, scenario });
await pinSelf(place?.rest);
const { bodyBytes, originDelayMs: delayMs } = scenario;
const origins = await startOrigins(host, { count: 1, bodyBytes, delayMs, ...(place ? { cores: place.rest } : {}) });
try {
  const rig = await openRig(bench, point, scenario, origins, point.concurrency, place);
  try {
    say<ArmReady>({ version: versionsUnder(limiter)[proxy] ?? "unknown" });
    const context = { bench, scenario, origins, ...(place ? { place } : {}), onFigures() {}, onSampleFault() {} };
    for await (const _ of createInterface({ input: process.stdin })) {
      const { usage } = await measure(context, rig, point);
      say<ArmFigures>({ requestsPerCpuSecond: 1e6 / usage!.cpuMicrosPerRequest! });
    }
  } catch (error) {
    const state = rig.alive() ? "still runs" : "has ended";
    console.error(`${proxy} ${state}; its last words: ${(await rig.tail()) || "none"}`);
    throw error;
  } finally {
    await rig.close();
  }
} catch (error) {
  console.error(`${proxy} under ${limiter}: ${messageOf(error)}`);
  process.exitCode = 1;
} finally {
  await origins.stop();
}

function say<T>(what: T): void {
  console.log(JSON.stringify(what));
}
