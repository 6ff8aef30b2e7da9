/** Cores of the proxy, and of everything else (load tool, origins, the lab itself). */
export interface Placement {
  readonly proxy: readonly number[];
  readonly rest: readonly number[];
}

/**
 * Gives the proxy cores of its own where enough are left for the rest; `undefined` where nothing should be pinned.
 * The rest gets at least one core. `cores`: ids of those that the lab may use.
 */
export function placeRoles(platform: string, cores: readonly number[], proxyThreads: number): Placement | undefined {
  if (platform !== "linux" || proxyThreads >= cores.length) return undefined;
  return { proxy: cores.slice(0, proxyThreads), rest: cores.slice(proxyThreads) };
}
