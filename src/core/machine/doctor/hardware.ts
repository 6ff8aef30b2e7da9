import { formatBytes } from "../../domain/format.ts";
import { byHand, runAsRoot } from "../advice.ts";
import type { MachineFacts } from "./machine.ts";
import { type MachineCheck, warnIf } from "./machineCheck.ts";

const littleMemory = 512 * 1024 ** 2;
/** In cores. */
const muchSteal = 0.02;

/** Cores: with one, everything shares it. */
export function coresCheck({ cores, allCores }: MachineFacts): MachineCheck {
  const value = cores === allCores ? `${cores}` : `${cores} usable of ${allCores}`;
  const more = byHand("use a machine with 2 or more: on one core the proxy and the load tool take CPU from each other");
  return warnIf({ id: "cores", title: "cores", value }, cores > 1 ? undefined : more);
}

/** Memory that is left. */
export function memoryCheck({ memoryBytes, availableMemoryBytes: available = Infinity }: MachineFacts): MachineCheck {
  const value = `${formatBytes(memoryBytes)}${available === Infinity ? "" : `, ${formatBytes(available)} available`}`;
  const less = byHand("end other programs: a process killed for lack of memory yields no result");
  return warnIf({ id: "memory", title: "memory", value }, available < littleMemory ? less : undefined);
}

/** The clock's governor, if it is one that lets the clock vary. */
export function governorCheck(facts: MachineFacts): MachineCheck | undefined {
  const { governor } = facts;
  if (governor === undefined || governor === "performance") return undefined;
  const fix = runAsRoot("cpupower frequency-set --governor performance", facts, "else the clock varies");
  return warnIf({ id: "governor", title: "CPU governor", value: governor }, fix);
}

/** CPU time that went to other machines, if it is worth saying. */
export function stealCheck({ stealCores }: MachineFacts): MachineCheck | undefined {
  if (stealCores === undefined || stealCores < muchSteal) return undefined;
  const value = `the hypervisor gave ${stealCores.toFixed(2)} cores to other machines just now`;
  const elsewhere = byHand("measure when the other machines are quiet, or on a machine of your own");
  return warnIf({ id: "steal", title: "stolen CPU", value }, elsewhere);
}
