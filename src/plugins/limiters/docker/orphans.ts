import type Docker from "dockerode";
import type { Host } from "../../../core/contract/index.ts";
import { remove } from "./container.ts";

/** Label of every container of the lab. */
const label = "proxy-lab";
/** Label with the pid of the lab process that made a container. */
const ownerLabel = "proxy-lab.owner";
/** Label that says in which boot of a machine, and among which processes, that pid means something. */
const placeLabel = "proxy-lab.place";

/** The labels of a container that this process makes. */
export async function labels(name: string, host: Host): Promise<Record<string, string>> {
  return { [label]: name, [ownerLabel]: String(process.pid), [placeLabel]: await placeOf(host) };
}

/**
 * Removes containers whose lab has ended without removing them. Those of a lab whose processes cannot be seen from here
 * are left alone, unless they do not run.
 */
export async function removeOrphans(docker: Docker, host: Host): Promise<void> {
  const here = await placeOf(host);
  for (const { Id, Labels, State } of await docker.listContainers({ all: true, filters: { label: [label] } })) {
    const visible = (Labels[placeLabel] ?? here) === here;
    const ended = visible ? !(await isAlive(Labels[ownerLabel], host)) : State === "exited" || State === "dead";
    if (ended) await remove(docker.getContainer(Id));
  }
}

async function isAlive(pid: string | undefined, host: Host): Promise<boolean> {
  return (await host.readText(`/proc/${pid}/stat`)) !== undefined;
}

async function placeOf(host: Host): Promise<string> {
  const boot = (await host.readText("/proc/sys/kernel/random/boot_id"))?.trim() ?? "unknown";
  const processes = (await host.probe(["readlink", "/proc/self/ns/pid"]))?.stdout.trim() || "unknown";
  return `${boot} ${processes}`;
}
