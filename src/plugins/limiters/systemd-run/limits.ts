import { setTimeout as sleep } from "node:timers/promises";
import type { Limits } from "../../../core/contract/index.ts";
import { bandwidth, defaultPeriodSeconds, difference } from "../shared/limits.ts";

/** What systemd takes as period, at most. */
const maximumPeriodSeconds = 1;
/** CPUQuota= is in hundredths of a percent of a core. */
const cpuStep = 0.0001;
const waitMs = 2_000;
const pollMs = 5;

/** Limits as systemd's settings: all of them, so that an absent one is lifted. */
export function properties(limits: Limits): string[] {
  const { cpu, memoryBytes, periodSeconds = defaultPeriodSeconds } = limits;
  if (periodSeconds > maximumPeriodSeconds) {
    throw new Error(`a period of ${periodSeconds} s is too long: systemd takes ${maximumPeriodSeconds} s at most`);
  }
  return [
    `CPUQuotaPeriodSec=${bandwidth(limits).period}us`,
    `CPUQuota=${cpu === undefined ? "" : `${Math.round(cpu / cpuStep) / 100}%`}`,
    `MemoryMax=${memoryBytes ?? "infinity"}`,
    `MemorySwapMax=${memoryBytes === undefined ? "infinity" : 0}`,
  ];
}

/** systemd answers before it has written a limit, and only logs what the kernel refuses: what the kernel has counts. */
export async function untilInForce(wanted: Limits, kernel: () => Promise<Limits>): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const wrong = difference(wanted, await kernel(), cpuStep);
    if (wrong === undefined) return;
    if (Date.now() > deadline) throw new Error(`systemd took the limits, but the kernel has in force ${wrong}`);
    await sleep(pollMs);
  }
}
