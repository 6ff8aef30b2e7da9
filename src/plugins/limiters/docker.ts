import type Docker from "dockerode";
import { defineLimiter, type Host } from "../../core/contract/index.ts";
import { remove, startContainer } from "./docker/container.ts";
import { connect, detectDaemon } from "./docker/daemon.ts";
import { ensureHostImage, ensureImage, imageFor, imageOption } from "./docker/image.ts";
import { containerOptions, label, ownerLabel } from "./docker/options.ts";

/**
 * Runs programs in containers of a Docker daemon on this machine, with the host's network.
 * Option `imageSource`: "host" (the program installed here, in an image that has no files of its own),
 * "official" (the image that the proxy plugin names), or the name of an image that has the program.
 */
export default defineLimiter({
  id: "docker",
  title: "Docker",
  supports: { cpu: true, memory: true, liveUpdate: true, images: true, otherHosts: false },
  minimum: { cpu: 0.01, memoryBytes: 6 * 1024 * 1024 },

  detect: (host) => detectDaemon(host),

  async prepare(host, options) {
    const docker = connect(host.env);
    await removeOrphans(docker, host);
    const choice = imageOption(options) ?? "host";
    if (choice === "host") await ensureHostImage(docker, host);
    else if (choice !== "official") await ensureImage(docker, choice);
  },

  async start(launch, limits, host, options) {
    const docker = connect(host.env);
    const source = await imageFor(launch, host, options);
    if (!source.system) await ensureImage(docker, source.image);
    const owner = { name: host.uniqueName(), pid: process.pid, ...userOfThisProcess() };
    return startContainer(docker, containerOptions(launch, limits, source, owner), limits, host);
  },
});

/** Removes containers whose lab has ended: one that was created but not started when its lab died is not removed by itself. */
async function removeOrphans(docker: Docker, host: Host): Promise<void> {
  for (const { Id, Labels } of await docker.listContainers({ all: true, filters: { label: [label] } })) {
    const alive = (await host.readText(`/proc/${Labels[ownerLabel]}/stat`)) !== undefined;
    if (!alive) await remove(docker.getContainer(Id));
  }
}

function userOfThisProcess(): { user?: string } {
  const uid = process.getuid?.();
  return uid === undefined ? {} : { user: `${uid}:${process.getgid?.() ?? uid}` };
}
