import { readFile } from "node:fs/promises";
import { cpus, release } from "node:os";
import type { LocalHost } from "../process/host.ts";
import type { Environment } from "../records/record.ts";
import type { Placement } from "./placement.ts";

const packageFile = new URL("../../../package.json", import.meta.url);

/** Where the lab runs now. `versions`: plugin id -> version of the program that it found. */
export async function describeEnvironment(
  host: LocalHost,
  versions: Readonly<Record<string, string>>,
  placement?: Placement,
): Promise<Environment> {
  const { version } = JSON.parse(await readFile(packageFile, "utf8")) as { version: string };
  return {
    labVersion: version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    kernel: release(),
    cpuModel: cpus()[0]?.model.trim() ?? "unknown",
    cores: host.cores,
    memoryBytes: host.memoryBytes,
    ...(host.cgroupVersion ? { cgroupVersion: host.cgroupVersion } : {}),
    versions,
    ...(placement ? { placement } : {}),
  };
}
