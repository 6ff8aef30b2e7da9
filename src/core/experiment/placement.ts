/** Cores of the proxy, and of everything else (load tool, origins, the lab itself). */
export interface Placement {
  readonly proxy: readonly number[];
  readonly rest: readonly number[];
}

/**
 * Gives the proxy cores of its own where enough are left for the rest; `undefined` where nothing should be pinned.
 * The rest gets at least one core.
 */
export function placeRoles(platform: string, cores: number, proxyThreads: number): Placement | undefined {
  if (platform !== "linux" || proxyThreads >= cores) return undefined;
  const all = Array.from({ length: cores }, (_, core) => core);
  return { proxy: all.slice(0, proxyThreads), rest: all.slice(proxyThreads) };
}
