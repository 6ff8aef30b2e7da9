/**
 * The process of an arm of bench/limiters.ts: a running proxy under one limiter. Prints a line of JSON once it is ready, and one for each
 * line that it reads: a measurement by the lab's own code. Ends with its input.
 */
import { createInterface } from "node:readline";
import type { Point } from "../../src/core/domain/point.ts";
import { messageOf } from "../../src/core/errors.ts";
import { gridScenario, gridSpec } from "../../src/core/experiment/defaults.ts";
import { Lab } from "../../src/core/lab.ts";
import { placeRoles } from "../../src/core/measure/sweep/environment.ts";
import { requirePlugins } from "../../src/core/measure/sweep/requirements.ts";
import { partsOf } from "../../src/core/measure/sweep/run.ts";
import type { Load } from "../../src/core/measure/trial/loadRun.ts";
import { measureTrial } from "../../src/core/measure/trial/trial.ts";
import { threadsFor } from "../../src/core/plan/plan.ts";
import { pinSelf } from "../../src/core/process/pin.ts";
import type { ArmFigures, ArmReady, ArmSetup } from "./arm.ts";

const memoryBytes = 256 * 2 ** 20;
const { proxy, limiter, cpu, windowSeconds } = JSON.parse(process.argv[2] ?? "") as ArmSetup;
const point: Point = {
  ...{ proxy, limiter, cpu, memoryBytes, loadTool: "wrk", role: "reverse", servers: 1, concurrency: 32 },
};
const scenario = { ...gridScenario, windowSeconds, maxWindowSeconds: windowSeconds, warmupSeconds: 0 };
const levels = { proxies: [proxy], limiters: [limiter], cpu: [cpu], memoryBytes: [memoryBytes] };
const spec = { ...gridSpec, ...levels, concurrency: [point.concurrency], scenario, seed: 1 };

const { host, registry } = (await Lab.open({ store: ":memory:" })).workplace;
const { signal } = new AbortController();
const context = { host, registry, signal };
const place = placeRoles(host.platform, host.coreIds, threadsFor(cpu));
const programs = await requirePlugins(context, spec, () => {});
await pinSelf(place?.rest);
const parts = partsOf(context, { spec }, programs, place);
const origins = await parts.startOrigins(1);
try {
  const rig = await parts.startRig(point, origins);
  try {
    say<ArmReady>({ version: programs.versions(limiter)[proxy] ?? "unknown" });
    const tool = registry.get("load", point.loadTool);
    const load: Load = (wish, watch) => parts.runLoad(tool, wish, signal, watch);
    const running = { rig, origins, load, proxy: registry.get("proxy", proxy).plugin, tool: tool.plugin };
    const setup = { ...running, point, scenario, restCores: parts.restCores, onFigures() {}, onSampleFault() {} };
    for await (const _ of createInterface({ input: process.stdin })) {
      const { usage } = await measureTrial(setup);
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
