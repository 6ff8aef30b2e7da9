import { setTimeout as sleep } from "node:timers/promises";
import type { Limits } from "../../../core/contract/index.ts";

const defaultPeriodSeconds = 0.1;
/** What the kernel takes as quota, at least, and systemd as period, at most. */
const minimumQuotaSeconds = 0.001;
const maximumPeriodSeconds = 1;
/** CPUQuota= is in hundredths of a percent of a core. */
const cpuStep = 0.0001;
const largestPage = 65_536;
const waitMs = 2_000;
const pollMs = 5;

/** Limits as systemd's settings: all of them, so that an absent one is lifted. */
export function properties({ cpu, memoryBytes, periodSeconds = defaultPeriodSeconds }: Limits): string[] {
  if (periodSeconds > maximumPeriodSeconds) {
    throw new Error(`a period of ${periodSeconds} s is too long: systemd takes ${maximumPeriodSeconds} s at most`);
  }
  if (cpu !== undefined && cpu * periodSeconds < minimumQuotaSeconds) {
    throw new Error(
      `${cpu} CPU is ${Math.round(cpu * periodSeconds * 1e6)} us in each period of ${Math.round(periodSeconds * 1e6)} us; the kernel takes no quota under ${minimumQuotaSeconds * 1e6} us`,
    );
  }
  return [
    `CPUQuotaPeriodSec=${Math.round(periodSeconds * 1e6)}us`,
    `CPUQuota=${cpu === undefined ? "" : `${Math.round(cpu / cpuStep) / 100}%`}`,
    `MemoryMax=${memoryBytes ?? "infinity"}`,
    `MemorySwapMax=${memoryBytes === undefined ? "infinity" : 0}`,
  ];
}

/** systemd answers before it has written a limit, and only logs what the kernel refuses: what the kernel has counts. */
export async function untilInForce(wanted: Limits, kernel: () => Promise<Limits>): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const wrong = difference(wanted, await kernel());
    if (wrong === undefined) return;
    if (Date.now() > deadline) throw new Error(`systemd took the limits, but the kernel has in force ${wrong}`);
    await sleep(pollMs);
  }
}

/** What of `wanted` the kernel does not have, in words; `undefined` when it has all. */
function difference(wanted: Limits, kernel: Limits): string | undefined {
  const { periodSeconds = defaultPeriodSeconds } = wanted;
  const rounding = cpuStep + 1e-6 / periodSeconds;
  if (!near(wanted.cpu, kernel.cpu, rounding))
    return `${kernel.cpu ?? "no limit on"} CPU instead of ${wanted.cpu ?? "none"}`;
  if (wanted.cpu !== undefined && !near(periodSeconds, kernel.periodSeconds, 1e-6)) {
    return `a period of ${kernel.periodSeconds} s instead of ${periodSeconds} s`;
  }
  if (near(wanted.memoryBytes, kernel.memoryBytes, largestPage)) return undefined;
  return `a memory limit of ${kernel.memoryBytes ?? "no"} bytes instead of ${wanted.memoryBytes ?? "none"}`;
}

function near(wanted: number | undefined, actual: number | undefined, tolerance: number): boolean {
  if (wanted === undefined || actual === undefined) return wanted === actual;
  return Math.abs(wanted - actual) <= tolerance;
}
