import type { LimiterPlugin, ProxyPlugin } from "../../contract/index.ts";
import { door } from "../../hosting/door.ts";
import { type Entry, type Found, requireFound } from "../../hosting/registry.ts";
import type { Bench, Looking } from "./bench.ts";

/** A proxy's program as a limiter starts it: with an image, the one in that image, else the one of this machine. */
export interface ProgramSource {
  readonly found: Found;
  readonly image?: string;
}

/** The image that a limiter would start a proxy from; `undefined` where it starts the program of this machine. */
export async function imageFor(
  { registry, host, signal }: Looking,
  proxy: Entry<ProxyPlugin>,
  limiter: Entry<LimiterPlugin>,
): Promise<string | undefined> {
  if (!limiter.plugin.supports.images) return undefined;
  const { available } = await registry.detect(proxy, host);
  return await door.imageOf(limiter.plugin, proxy.plugin.program, available, limiter.options, signal);
}

/** Finds a proxy's program for a limiter that was prepared. Throws LAB_UNAVAILABLE where it is missing. */
export async function locateProgram(
  bench: Bench,
  proxy: Entry<ProxyPlugin>,
  limiter: Entry<LimiterPlugin>,
): Promise<ProgramSource> {
  const { registry, host } = bench;
  const image = await imageFor(bench, proxy, limiter);
  if (image === undefined) return { found: await registry.require(proxy, host) };
  return { found: requireFound(proxy, await registry.detectInImage(proxy, image, limiter, host)), image };
}
