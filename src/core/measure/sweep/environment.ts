import { cpus, release } from "node:os";
import type { Environment } from "../../domain/record.ts";
import type { LocalHost } from "../../process/host.ts";
import { labVersion } from "../../version.ts";
import type { Placement } from "../trial/placement.ts";
import type { VersionsUnder } from "./requirements.ts";

/** Where the trials under a limiter run. */
export type EnvironmentUnder = (limiter: string) => Environment;

/** Where the lab runs now. */
export function describeEnvironment(host: LocalHost, versions: VersionsUnder, placement?: Placement): EnvironmentUnder {
  const shared = {
    labVersion,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    kernel: release(),
    cpuModel: cpus()[0]?.model.trim() ?? "unknown",
    cores: host.cores,
    memoryBytes: host.memoryBytes,
    ...(host.cgroupVersion ? { cgroupVersion: host.cgroupVersion } : {}),
    ...(placement ? { placement } : {}),
  };
  return (limiter) => ({ ...shared, versions: versions(limiter) });
}
