import type { Address, ControlGroup, LimiterPlugin, Limits, ProxyPlan, ProxyPlugin } from "../../contract/index.ts";
import type { Point, Scenario } from "../../domain/point.ts";
import type { Configuration } from "../../domain/record.ts";
import { LabError } from "../../errors.ts";
import { door, type Held } from "../../hosting/door.ts";
import type { Entry } from "../../hosting/registry.ts";
import { threadsFor } from "../../plan/plan.ts";
import { openFiles, resolveLaunch } from "../../process/launcher.ts";
import { freePort, loopback, requireFree } from "../../process/ports.ts";
import type { Origins } from "../origin/origin.ts";
import { type Bench, limitsOf } from "./bench.ts";
import type { Placement } from "./placement.ts";
import { locateProgram } from "./programs.ts";
import { untilReady } from "./ready.ts";

/** A running proxy under its limiter, ready to be loaded. */
export interface Rig {
  readonly listen: Address;
  readonly deviations: readonly string[];
  readonly configuration: Configuration;
  readonly control: ControlGroup;
  /** False once the proxy has ended by itself. */
  alive(): boolean;
  /** False for a CPU limit that its limiter cannot put into force on the running proxy. */
  fits(point: Point): boolean;
  /** Puts a CPU limit into force. */
  limit(point: Point): Promise<void>;
  tail(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts the proxy of a point, memory limited from the start, CPU only once it answers: some proxies would need half
 * a minute to start under a small CPU limit, and starting is not what is measured. `connections`: the most that any
 * trial on it will make.
 */
export async function openRig(
  bench: Bench,
  point: Point,
  scenario: Scenario,
  origins: Origins,
  connections: number,
  place?: Placement,
): Promise<Rig> {
  const proxy = bench.registry.get("proxy", point.proxy);
  const limiter = bench.registry.get("limiter", point.limiter);
  const scratch = await bench.host.scratchDir();
  let confined: Held | undefined;
  try {
    const listen = { host: loopback, port: await proxyPort(bench) };
    const setup = {
      role: point.role,
      listen,
      origins: origins.addresses,
      threads: threadsOf(proxy.plugin, point),
      openFiles,
      connections,
      ...limitsOf(point, false),
      scratchDir: scratch.path,
      instance: scratch.instance,
      profile: scenario.profile,
      options: proxy.options,
    };
    const plan = await door.planProxy(proxy.plugin, setup, bench.signal);
    const { found, image = proxy.plugin.program.image } = await locateProgram(bench, proxy, limiter);
    const launch = await resolveLaunch(plan, {
      name: point.proxy,
      found,
      scratchDir: scratch.path,
      ...(place ? { cores: place.proxy } : {}),
      ...(image ? { image } : {}),
    });
    confined = await door.start(limiter, launch, startLimits(bench, point), bench.host, bench.signal);
    await untilReady(
      { name: point.proxy, exited: confined.exited, tail: async () => confined?.tail() ?? "" },
      listen,
      origins,
      point.role === "forward",
      bench.signal,
    );
    const started = {
      deviations: plan.deviations ?? [],
      configuration: configurationOf(plan, scratch.path),
      fits: ({ cpu }: Point) => limiter.plugin.supports.liveUpdate || cpu === point.cpu,
    };
    return describe(confined, limiter, listen, started, scratch.remove);
  } catch (error) {
    await confined?.stop().catch(() => {}); // the first error is the one to tell
    await scratch.remove();
    throw error;
  }
}

function configurationOf({ argv, env, files = {} }: ProxyPlan, scratchDir: string): Configuration {
  const short = (text: string) => text.replaceAll(scratchDir, ".");
  const all = (texts: object) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, short(text)]));
  return { argv: argv.map(short), ...(env && Object.keys(env).length > 0 ? { env: all(env) } : {}), files: all(files) };
}

/** Limits that the proxy of a point is started under. */
export function startLimits({ registry }: Bench, point: Point): Limits {
  return limitsOf(point, !registry.get("limiter", point.limiter).plugin.supports.liveUpdate);
}

function threadsOf(plugin: ProxyPlugin, point: Point): number {
  return Math.min(threadsFor(point.cpu), plugin.supports.maxThreads ?? Number.POSITIVE_INFINITY);
}

async function proxyPort(bench: Bench): Promise<number> {
  if (bench.proxyPort === undefined) return freePort(loopback);
  await requireFree(loopback, bench.proxyPort);
  return bench.proxyPort;
}

function describe(
  confined: Held,
  limiter: Entry<LimiterPlugin>,
  listen: Address,
  started: Pick<Rig, "deviations" | "configuration" | "fits">,
  removeFiles: () => Promise<void>,
): Rig {
  let ended = false;
  void confined.exited.then(() => {
    ended = true;
  });
  return {
    listen,
    ...started,
    control: confined,
    alive: () => !ended,
    async limit(point) {
      if (limiter.plugin.supports.liveUpdate) await confined.update(limitsOf(point, true));
      await checkInForce(confined, point);
    },
    tail: () => confined.tail(),
    async close() {
      try {
        await confined.stop(1_000);
      } finally {
        await removeFiles();
      }
    },
  };
}

/** A limit that the kernel does not have in force would make every figure a lie. */
async function checkInForce(control: ControlGroup, point: Point): Promise<void> {
  const { cpu } = await control.limits();
  if (cpu !== undefined && Math.abs(cpu - point.cpu) < 0.005) return;
  throw new LabError("LAB_LIMIT", `asked for ${point.cpu} cpu, but the kernel has ${cpu ?? "no limit"} in force`);
}
