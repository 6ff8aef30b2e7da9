import { type Confined, defineLimiter, type Process, type UsageCounters } from "../../core/contract/index.ts";
import { type Group, makeGroup } from "./cgroup/group.ts";
import { isLate } from "./shared/late.ts";

const defaultGraceMs = 2_000;
const strayWaitMs = 500;

/** Writes limits into the kernel's control groups, version 1 or 2; needs root. */
export default defineLimiter({
  id: "cgroup",
  title: "control groups of the kernel",
  supports: { cpu: true, memory: true, liveUpdate: true, images: false, otherHosts: false },
  // The kernel takes no quota under 1 ms.
  minimum: { cpu: 0.01, memoryBytes: 1024 * 1024 },

  async detect(host) {
    if (host.cgroupVersion === undefined) {
      return { available: false, reason: "this machine has no control groups with a cpu controller" };
    }
    if (!host.root) {
      return {
        available: false,
        reason: "writing control groups needs root",
        help: "run the lab as root: sudo ./lab ...",
      };
    }
    return { available: true, version: host.cgroupVersion };
  },

  async start(launch, limits, host) {
    const group = await makeGroup(host);
    try {
      await group.set(limits);
      return confine(await host.launch(launch, { cgroups: group.dirs }), group);
    } catch (error) {
      await group.remove();
      throw error;
    }
  },
});

function confine(child: Process, group: Group): Confined {
  let last: UsageCounters | undefined;
  const exited = child.exited.then(async (exit) => {
    last = await group.control.usage(); // an OOM kill would otherwise be gone with the group
    await group.remove();
    return exit;
  });
  return {
    ...child,
    exited,
    usage: async () => last ?? (await group.control.usage()),
    limits: () => group.control.limits(),
    update: (changed) => group.set(changed),
    async stop(graceMs = defaultGraceMs) {
      // What left the process group can hold the program's output open, and the program is then not seen to end.
      if (await isLate(child.stop(graceMs), graceMs + strayWaitMs)) await group.kill();
      await exited;
    },
  };
}
