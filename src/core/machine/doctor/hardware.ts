import { formatBytes } from "../../domain/format.ts";
import { byHand, rightsOfRoot } from "../advice.ts";
import type { MachineFacts } from "./machine.ts";
import type { MachineCheck } from "./machineCheck.ts";

const littleMemory = 512 * 1024 ** 2;
/** In cores. */
const muchSteal = 0.02;

/** Cores: with one, everything shares it. */
export function coresCheck({ cores, allCores }: MachineFacts): MachineCheck {
  const value = cores === allCores ? `${cores}` : `${cores} usable of ${allCores}`;
  const found = { id: "cores", title: "cores", value };
  if (cores > 1) return { ...found, state: "ok" };
  const advice = byHand(
    "use a machine with 2 or more: on one core the proxy and the load tool take CPU from each other",
  );
  return { ...found, state: "warning", advice };
}

/** Memory that is left. */
export function memoryCheck({ memoryBytes, availableMemoryBytes: available }: MachineFacts): MachineCheck {
  const value = `${formatBytes(memoryBytes)}${available === undefined ? "" : `, ${formatBytes(available)} available`}`;
  const found = { id: "memory", title: "memory", value };
  if (available === undefined || available >= littleMemory) return { ...found, state: "ok" };
  const advice = byHand("end other programs: a process killed for lack of memory yields no result");
  return { ...found, state: "warning", advice };
}

/** The clock's governor, if it is one that lets the clock vary. */
export function governorCheck(facts: MachineFacts): MachineCheck | undefined {
  const { governor } = facts;
  if (governor === undefined || governor === "performance") return undefined;
  const command = "cpupower frequency-set --governor performance";
  const advice = { do: "run", command, ...rightsOfRoot(facts), remark: "else the clock varies" } as const;
  return { id: "governor", title: "CPU governor", value: governor, state: "warning", advice };
}

/** CPU time that went to other machines, if it is worth saying. */
export function stealCheck({ stealCores }: MachineFacts): MachineCheck | undefined {
  if (stealCores === undefined || stealCores < muchSteal) return undefined;
  return {
    id: "steal",
    title: "stolen CPU",
    value: `the hypervisor gave ${stealCores.toFixed(2)} cores to other machines just now`,
    state: "warning",
    advice: byHand("measure when the other machines are quiet, or on a machine of your own"),
  };
}
