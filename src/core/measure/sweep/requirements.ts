import type { LimiterPlugin, ProxyPlugin } from "../../contract/index.ts";
import type { SweepSpec } from "../../domain/spec.ts";
import { LabError } from "../../errors.ts";
import { PluginFault } from "../../hosting/call.ts";
import { door } from "../../hosting/door.ts";
import type { Entry } from "../../hosting/registry.ts";
import type { Bench, Looking } from "../trial/bench.ts";
import { imageFor, locateProgram } from "../trial/programs.ts";
import { preparationProgress } from "./preparing.ts";

/** Versions of the programs that run under a limiter, by plugin id: an image may have another one than this machine. */
export type VersionsUnder = (limiter: string) => Readonly<Record<string, string>>;

/**
 * Checks that everything a sweep needs is there before anything is started, and lets the limiters make ready what they
 * need. Throws LAB_UNAVAILABLE or LAB_INTERRUPTED. A plugin that is itself at fault is left to its trials, which fail.
 */
export async function requirePlugins(bench: Bench, sweepId: string, spec: SweepSpec): Promise<VersionsUnder> {
  // All that can be missing on this machine is looked for before the first image is pulled.
  const { proxies, limiters, shared, images } = await requirePrograms(bench, spec);
  const found = new Map<string, Record<string, string>>();
  for (const [index, limiter] of limiters.entries()) {
    await exceptFaults(bench, () => prepare(bench, sweepId, limiter, images[index]!));
    found.set(limiter.plugin.id, { ...shared, ...(await proxyVersions(bench, proxies, limiter)) });
  }
  return (limiter) => found.get(limiter) ?? shared;
}

/** Checks the same as far as nothing has to be made ready for it. Throws LAB_UNAVAILABLE or LAB_INTERRUPTED. */
export async function requirePrograms(bench: Looking, spec: SweepSpec) {
  const { registry } = bench;
  const proxies = spec.proxies.map((id) => registry.get("proxy", id));
  const tools = spec.loadTools.map((id) => registry.get("load", id));
  const limiters = spec.limiters.map((id) => registry.get("limiter", id));
  const shared = await versionsOf(bench, [...tools, ...limiters]);
  const images = await Promise.all(limiters.map((limiter) => imagesUnder(bench, proxies, limiter)));
  return { proxies, limiters, shared, images };
}

async function versionsOf(bench: Looking, entries: readonly Entry[]): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const entry of entries) {
    const found = await exceptFaults(bench, () => bench.registry.require(entry, bench.host));
    if (found?.version) versions[entry.plugin.id] = found.version;
  }
  return versions;
}

async function imagesUnder(
  bench: Looking,
  proxies: readonly Entry<ProxyPlugin>[],
  limiter: Entry<LimiterPlugin>,
): Promise<string[]> {
  const images = new Set<string>();
  for (const proxy of proxies) {
    await exceptFaults(bench, async () => {
      const image = await imageFor(bench, proxy, limiter);
      if (image === undefined) await bench.registry.require(proxy, bench.host);
      else images.add(image);
    });
  }
  return [...images];
}

async function prepare(
  bench: Bench,
  sweepId: string,
  { plugin, options }: Entry<LimiterPlugin>,
  images: readonly string[],
): Promise<void> {
  const { signal, host } = bench;
  const tell = preparationProgress((progress) =>
    bench.emit({ type: "preparing", sweepId, limiter: plugin.id, ...progress }),
  );
  try {
    signal.throwIfAborted();
    await door.prepare(plugin, host, options, { images, onProgress: tell, signal });
    signal.throwIfAborted();
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new LabError("LAB_INTERRUPTED", `interrupted while ${plugin.id} was made ready`, { cause: error });
  }
}

async function proxyVersions(
  bench: Bench,
  proxies: readonly Entry<ProxyPlugin>[],
  limiter: Entry<LimiterPlugin>,
): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const proxy of proxies) {
    const source = await exceptFaults(bench, () => locateProgram(bench, proxy, limiter));
    if (source?.found.version) versions[proxy.plugin.id] = source.found.version;
  }
  return versions;
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
