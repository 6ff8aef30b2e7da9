import { defineLimiter } from "../../core/contract/index.ts";
import { makeGroup } from "./cgroup/group.ts";
import { confinedIn } from "./shared/confined.ts";
import { noControlGroups, unavailable } from "./shared/unavailable.ts";

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
    const made = await makeGroup(host);
    try {
      await made.update(limits);
      return confinedIn(made, await host.launch(launch, { cgroups: made.dirs }));
    } catch (error) {
      await made.remove();
      throw error;
    }
  },
});
