import { formatBytes } from "../../domain/format.ts";
import { asRoot, type Check } from "./check.ts";
import type { MachineFacts } from "./machine.ts";

const littleMemory = 512 * 1024 ** 2;
/** In cores. */
const muchSteal = 0.02;

/** Cores: with one, everything shares it. */
export function coresCheck({ cores, allCores }: MachineFacts): Check {
  const usable = cores === allCores ? `${cores}` : `${cores} usable of ${allCores}`;
  const common = { id: "cores", title: "cores", value: usable };
  if (cores > 1) return { ...common, state: "ok" };
  const advice = "use a machine with 2 or more: on one core the proxy and the load tool take CPU from each other";
  return { ...common, state: "warning", advice };
}

/** Memory that is left. */
export function memoryCheck({ memoryBytes, availableMemoryBytes: available }: MachineFacts): Check {
  const value = `${formatBytes(memoryBytes)}${available === undefined ? "" : `, ${formatBytes(available)} available`}`;
  const common = { id: "memory", title: "memory", value };
  if (available === undefined || available >= littleMemory) return { ...common, state: "ok" };
  return {
    ...common,
    state: "warning",
    advice: "end other programs: what is killed for want of memory is not measured",
  };
}

/** The clock's governor, where it is one that lets the clock vary. */
export function governorCheck(facts: MachineFacts): Check | undefined {
  const { governor } = facts;
  if (governor === undefined || governor === "performance") return undefined;
  const advice = `${asRoot("cpupower frequency-set --governor performance", facts)}   # else the clock varies`;
  return { id: "governor", title: "CPU governor", value: governor, state: "warning", advice };
}

/** CPU time that went to other machines, where it is worth saying. */
export function stealCheck({ stealCores }: MachineFacts): Check | undefined {
  if (stealCores === undefined || stealCores < muchSteal) return undefined;
  return {
    id: "steal",
    title: "stolen CPU",
    value: `the hypervisor gave ${stealCores.toFixed(2)} cores to other machines just now`,
    state: "warning",
    advice: "measure when the other machines are quiet, or on a machine of your own",
  };
}
