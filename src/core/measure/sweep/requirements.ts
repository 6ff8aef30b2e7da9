import type { LimiterPlugin, ProxyPlugin } from "../../contract/index.ts";
import type { Environment } from "../../domain/record.ts";
import type { SweepSpec } from "../../domain/spec.ts";
import { PluginFault } from "../../hosting/call.ts";
import { door } from "../../hosting/door.ts";
import { type Entry, requireFound } from "../../hosting/registry.ts";
import type { Found } from "../../process/launcher.ts";
import type { RunContext } from "../rig/context.ts";
import type { ProgramSource } from "../rig/rig.ts";
import { type EstimatedProgress, prepareLimiter } from "./preparing.ts";

/** The programs of a sweep, as they were found. */
export interface FoundPrograms {
  /** Versions of those that run under a limiter, by plugin id: an image may have another one than this machine. */
  versions(limiter: string): Environment["versions"];
  /** The program of a proxy as a limiter starts it; neither of them is a plugin at fault. */
  source(proxy: string, limiter: string): ProgramSource;
}

/** A proxy's program under a limiter: found on this machine, or to be found in an image. */
type WantedProgram = { readonly proxy: Entry<ProxyPlugin> } & (
  | { readonly found: Found; readonly image?: undefined }
  | { readonly found?: undefined; readonly image: string }
);

/**
 * Checks that everything a sweep needs is there before anything is started, and lets the limiters make ready what they
 * need. Throws LAB_UNAVAILABLE or LAB_INTERRUPTED. A plugin that is itself at fault is left to its trials, which fail.
 */
export async function requirePlugins(
  context: RunContext,
  spec: SweepSpec,
  onPreparing: (limiter: string, progress: EstimatedProgress) => void,
): Promise<FoundPrograms> {
  // All that can be missing on this machine is looked for before the first image is pulled.
  const { shared, wanted } = await requirePrograms(context, spec);
  const found = new Map<string, Map<string, ProgramSource>>();
  for (const { limiter, programs } of wanted) {
    const { id } = limiter.plugin;
    const images = [...new Set(programs.flatMap(({ image }) => image ?? []))];
    await eachSound(context, [limiter], (one) => prepareLimiter(context, one, images, (how) => onPreparing(id, how)));
    const sources = await eachSound(context, programs, async (program) => {
      return [program.proxy.plugin.id, await locate(context, program, limiter)] as const;
    });
    found.set(id, new Map(sources));
  }
  return {
    versions: (limiter) => ({ ...shared, ...versionsIn(found.get(limiter) ?? []) }),
    source: (proxy, limiter) => found.get(limiter)!.get(proxy)!,
  };
}

/**
 * Checks the same as far as nothing has to be made ready for it: versions of load tools and limiters, and the programs of
 * the proxies under each limiter. Throws LAB_UNAVAILABLE or LAB_INTERRUPTED.
 */
export async function requirePrograms(context: RunContext, spec: SweepSpec) {
  const { registry, host } = context;
  const proxies = spec.proxies.map((id) => registry.get("proxy", id));
  const tools = spec.loadTools.map((id) => registry.get("load", id));
  const limiters = spec.limiters.map((id) => registry.get("limiter", id));
  const others = await eachSound(context, [...tools, ...limiters], async (entry) => {
    return [entry.plugin.id, { found: await registry.require(entry, host) }] as const;
  });
  const under = async (limiter: Entry<LimiterPlugin>) => ({
    limiter,
    programs: await eachSound(context, proxies, (proxy) => wantedProgram(context, proxy, limiter)),
  });
  return { shared: versionsIn(others), wanted: await Promise.all(limiters.map(under)) };
}

function versionsIn(sources: Iterable<readonly [string, ProgramSource]>): Record<string, string> {
  return Object.fromEntries([...sources].flatMap(([id, { found }]) => (found.version ? [[id, found.version]] : [])));
}

/** The image that a limiter would start a proxy from, or the program of this machine. Throws LAB_UNAVAILABLE. */
async function wantedProgram(
  { registry, host, signal }: RunContext,
  proxy: Entry<ProxyPlugin>,
  { plugin, options }: Entry<LimiterPlugin>,
): Promise<WantedProgram> {
  if (plugin.supports.images) {
    const { available } = await registry.detect(proxy, host);
    const image = await door.imageOf(plugin, proxy.plugin.program, available, options, signal);
    if (image !== undefined) return { proxy, image };
  }
  return { proxy, found: await registry.require(proxy, host) };
}

/** Finds a program under a limiter that was prepared. Throws LAB_UNAVAILABLE where it is missing. */
async function locate(
  { registry, host }: RunContext,
  { proxy, image, found }: WantedProgram,
  limiter: Entry<LimiterPlugin>,
): Promise<ProgramSource> {
  if (found) return { found };
  return { found: requireFound(proxy, await registry.detectInImage(proxy, image, limiter, host)), image };
}

/** What `work` gives for each, one after the other; a plugin at fault is excluded, and what it was asked for left out. */
async function eachSound<T, R>(
  { registry }: RunContext,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) {
    try {
      results.push(await work(item));
    } catch (error) {
      if (!(error instanceof PluginFault)) throw error;
      registry.exclude(error);
    }
  }
  return results;
}
