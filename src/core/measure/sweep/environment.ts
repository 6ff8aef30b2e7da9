import { cpus, release } from "node:os";
import type { Host } from "../../contract/index.ts";
import type { Environment } from "../../domain/record.ts";
import { limitsAround } from "../../process/kernel/cgroup.ts";
import { kernelText } from "../../process/kernel/kernelText.ts";
import { labVersion } from "../../version.ts";

/** Cores of the proxy, and of everything else (load tool, origins, the lab itself). */
export type Placement = NonNullable<Environment["placement"]>;

/**
 * Gives the proxy cores of its own where enough are left for the rest; `undefined` where nothing should be pinned.
 * The rest gets at least one core. `cores`: ids of those that the lab may use.
 */
export function placeRoles(platform: string, cores: readonly number[], proxyThreads: number): Placement | undefined {
  if (platform !== "linux" || proxyThreads >= cores.length) return undefined;
  return { proxy: cores.slice(0, proxyThreads), rest: cores.slice(proxyThreads) };
}

/** Where the lab runs now, by the limiter that a trial runs under. `versions`: by limiter, those of plugins by id. */
export function describeEnvironment(
  host: Host,
  versions: (limiter: string) => Environment["versions"],
  placement: Placement | undefined,
): (limiter: string) => Environment {
  const shared = {
    labVersion,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    kernel: release(),
    cpuModel: cpus()[0]?.model.trim() ?? "unknown",
    cores: host.cores,
    memoryBytes: host.memoryBytes,
    ...(host.cgroupVersion ? { cgroupVersion: host.cgroupVersion } : {}),
    ...containerOf(host.memoryBytes, kernelText("/proc/self/cgroup") ?? ""),
    ...(placement ? { placement } : {}),
  };
  return (limiter) => ({ ...shared, versions: versions(limiter) });
}

/** Limits around the lab, but for a limit of memory that the machine does not have anyway. `mount`: of control groups. */
export function containerOf(
  memoryOfMachine: number,
  procCgroup: string,
  mount?: string,
): Pick<Environment, "container"> {
  const { cpu, memoryBytes = Infinity } = limitsAround(procCgroup, mount);
  const container = {
    ...(cpu === undefined ? {} : { cpu }),
    ...(memoryBytes < memoryOfMachine ? { memoryBytes } : {}),
  };
  return Object.keys(container).length > 0 ? { container } : {};
}
