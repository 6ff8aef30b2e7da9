import type { LimiterPlugin, LoadPlugin, ProxyPlugin } from "../../contract/index.ts";
import type { Environment } from "../../domain/record.ts";
import type { SweepSpec } from "../../domain/spec.ts";
import { PluginFault } from "../../hosting/call.ts";
import { door } from "../../hosting/door.ts";
import { type Entry, requireFound } from "../../hosting/registry.ts";
import type { Found } from "../../process/launcher.ts";
import type { RunContext } from "../trial/context.ts";
import type { ProgramSource } from "../trial/rig.ts";
import { type EstimatedProgress, prepareLimiter } from "./preparing.ts";

/** What looking for programs takes. */
type Looking = Pick<RunContext, "host" | "registry" | "signal">;

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
  | { readonly image: string }
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
  const versions = new Map<string, Record<string, string>>();
  const sources = new Map<string, ProgramSource>();
  for (const { limiter, programs } of wanted) {
    const { id } = limiter.plugin;
    const images = [...new Set(programs.flatMap(({ image }) => image ?? []))];
    await exceptFaults(context, () =>
      prepareLimiter(context, limiter, images, (progress) => onPreparing(id, progress)),
    );
    const own = { ...shared };
    for (const program of programs) {
      const source = await exceptFaults(context, () => locate(context, program, limiter));
      if (!source) continue;
      sources.set(keyOf(program.proxy.plugin.id, id), source);
      if (source.found.version) own[program.proxy.plugin.id] = source.found.version;
    }
    versions.set(id, own);
  }
  return {
    versions: (limiter) => versions.get(limiter) ?? shared,
    source: (proxy, limiter) => sources.get(keyOf(proxy, limiter))!,
  };
}

function keyOf(proxy: string, limiter: string): string {
  return `${limiter} ${proxy}`;
}

/**
 * Checks the same as far as nothing has to be made ready for it: versions of load tools and limiters, and the programs of
 * the proxies under each limiter. Throws LAB_UNAVAILABLE or LAB_INTERRUPTED.
 */
export async function requirePrograms(context: Looking, spec: SweepSpec) {
  const { registry } = context;
  const proxies = spec.proxies.map((id) => registry.get("proxy", id));
  const tools = spec.loadTools.map((id) => registry.get("load", id));
  const limiters = spec.limiters.map((id) => registry.get("limiter", id));
  const shared = await versionsOf(context, [...tools, ...limiters]);
  const wanted = await Promise.all(
    limiters.map(async (limiter) => ({ limiter, programs: await programsUnder(context, proxies, limiter) })),
  );
  return { shared, wanted };
}

async function versionsOf(
  context: Looking,
  entries: readonly Entry<LoadPlugin | LimiterPlugin>[],
): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const entry of entries) {
    const found = await exceptFaults(context, () => context.registry.require(entry, context.host));
    if (found?.version) versions[entry.plugin.id] = found.version;
  }
  return versions;
}

async function programsUnder(
  context: Looking,
  proxies: readonly Entry<ProxyPlugin>[],
  limiter: Entry<LimiterPlugin>,
): Promise<WantedProgram[]> {
  const programs: WantedProgram[] = [];
  for (const proxy of proxies) {
    const program = await exceptFaults(context, async () => {
      const image = await imageUnder(context, proxy, limiter);
      return image === undefined
        ? { proxy, found: await context.registry.require(proxy, context.host) }
        : { proxy, image };
    });
    if (program) programs.push(program);
  }
  return programs;
}

/** The image that a limiter would start a proxy from; `undefined` where it starts the program of this machine. */
async function imageUnder(
  { registry, host, signal }: Looking,
  proxy: Entry<ProxyPlugin>,
  { plugin, options }: Entry<LimiterPlugin>,
): Promise<string | undefined> {
  if (!plugin.supports.images) return undefined;
  const { available } = await registry.detect(proxy, host);
  return await door.imageOf(plugin, proxy.plugin.program, available, options, signal);
}

/** Finds a program under a limiter that was prepared. Throws LAB_UNAVAILABLE where it is missing. */
async function locate(
  { registry, host }: Looking,
  program: WantedProgram,
  limiter: Entry<LimiterPlugin>,
): Promise<ProgramSource> {
  if (program.image === undefined) return { found: program.found };
  const { proxy, image } = program;
  return { found: requireFound(proxy, await registry.detectInImage(proxy, image, limiter, host)), image };
}

async function exceptFaults<T>({ registry }: Looking, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PluginFault)) throw error;
    registry.exclude(error);
    return undefined;
  }
}
