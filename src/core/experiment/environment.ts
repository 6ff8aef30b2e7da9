import { readFile } from "node:fs/promises";
import { cpus, release } from "node:os";
import type { LocalHost } from "../process/host.ts";
import type { Environment } from "../records/record.ts";
import type { Placement } from "./placement.ts";
import type { VersionsUnder } from "./requirements.ts";

const packageFile = new URL("../../../package.json", import.meta.url);

/** Where the trials under a limiter run. */
export type EnvironmentUnder = (limiter: string) => Environment;

/** Where the lab runs now. */
export async function describeEnvironment(
  host: LocalHost,
  versions: VersionsUnder,
  placement?: Placement,
): Promise<EnvironmentUnder> {
  const { version } = JSON.parse(await readFile(packageFile, "utf8")) as { version: string };
  const shared = {
    labVersion: version,
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
