/** The recording of bench/open/record.ts: open loops through each proxy at several rates, unlimited and limited. */
import { fileURLToPath } from "node:url";
import { windowAt } from "../../src/core/plan/search.ts";
import { unpackBundle } from "../../src/core/store/unpack.ts";
import { originOf } from "../rounds/recording.ts";

export const openFile = fileURLToPath(new URL("../../data/open.ndjson.gz", import.meta.url));

/** Rates of each proxy, in requests/s: about a tenth to eight tenths of what it carries on a core. */
export const ratesOf: Readonly<Record<string, readonly number[]>> = {
  haproxy: [500, 2000, 6000],
  traefik: [250, 1000, 3000],
  squid: [250, 1000, 3000],
  mitmproxy: [75, 150, 300],
};

/** A limit that stops none of them. */
export const freeCpu = 0.95;

/** CPU limits as shares of what the proxy uses at the rate when nothing stops it, each run so many times. */
export const shares = [0.75, 0.85, 0.95, 1.1, 1.3];
export const replicates = 2;

/** Length of a window in seconds: a p99 of fewer than about a thousand requests is chance. */
export function windowSeconds(rate: number): number {
  return windowAt(rate, { least: 8, most: 20, requests: 1000 });
}

/** The trials of each proxy, in order of time. Throws LAB_BUNDLE. */
export async function readOpen(file = openFile) {
  const { trials } = await unpackBundle(file, file);
  const measured = trials.filter(({ status }) => status === "completed");
  return { byProxy: Map.groupBy(measured, ({ point }) => point.proxy), origin: `${file}: ${originOf(measured)}` };
}
