import { defineLimiter, type LimiterHost, type Limits } from "../../core/contract/index.ts";
import { byController, inOneTree } from "./cgroup/place.ts";
import { confinedIn } from "./shared/confined.ts";
import { removeGroup, succeeds } from "./shared/groups.ts";
import { noControlGroups, unavailable } from "./shared/unavailable.ts";

const removeWaitMs = 1_000;

/** Writes limits into the kernel's control groups, version 1 or 2; needs root. */
export default defineLimiter({
  id: "cgroup",
  title: "control groups of the kernel",
  supports: { cpu: true, memory: true, liveUpdate: true, images: false, otherHosts: false },
  // The kernel takes no quota under 1 ms.
  minimum: { cpu: 0.01, memoryBytes: 1024 * 1024 },

  async detect(host) {
    if (host.cgroupVersion === undefined) return noControlGroups;
    if (!host.root) return unavailable("writing control groups needs root", "run the lab as root: sudo ./lab ...");
    return { available: true, version: host.cgroupVersion };
  },

  async start(launch, limits, host) {
    const name = host.uniqueName();
    const { path, dirs, folders, make, settings } = host.cgroupVersion === "v2" ? inOneTree(name) : byController(name);
    const disowners = folders.map((folder) => host.own({ kind: "cgroup", path: folder }));
    const kill = () => killAll(dirs[0]!, host);
    const update = async (wanted: Limits) => {
      for (const { file, value, optional } of settings(wanted)) {
        if (!optional || (await host.readText(file)) !== undefined) await host.writeText(file, String(value));
      }
    };
    const remove = async () => {
      const deadline = Date.now() + removeWaitMs;
      for (const [index, folder] of folders.entries()) {
        if (await removeGroup(folder, host, deadline, () => killAll(folder, host))) disowners[index]!();
      }
    };
    try {
      await make(host);
      const group = await host.controlGroup(path);
      await update(limits);
      return confinedIn({ group, update, kill, remove }, await host.launch(launch, { cgroups: dirs }));
    } catch (error) {
      await remove();
      throw error;
    }
  },
});

async function killAll(dir: string, host: LimiterHost): Promise<void> {
  const killed = await succeeds(host.writeText(`${dir}/cgroup.kill`, "1"));
  if (killed) return;
  // Version 1, and version 2 before Linux 5.14.
  const pids = ((await host.readText(`${dir}/cgroup.procs`)) ?? "").split("\n").filter((pid) => Number(pid) > 1);
  if (pids.length > 0) await host.probe(["sh", "-c", 'kill -KILL "$@"', "sh", ...pids]);
}
