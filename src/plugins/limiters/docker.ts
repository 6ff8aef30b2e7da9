import { defineLimiter } from "../../core/contract/index.ts";
import { type DockerOptions, dockerOptions, imageOf, imageSourceFor } from "./docker/choice.ts";
import { startContainer } from "./docker/container.ts";
import { connect, detectDaemon } from "./docker/daemon.ts";
import { ensureHostImage } from "./docker/hostImage.ts";
import { findInImage } from "./docker/inImage.ts";
import { containerOptions } from "./docker/options.ts";
import { labels, removeOrphans } from "./docker/orphans.ts";
import { ensureImage } from "./docker/pull.ts";

/**
 * Runs programs in containers of a Docker daemon on this machine, with the host's network. The daemon is the one that the
 * Docker command line would use.
 */
export default defineLimiter({
  id: "docker",
  title: "Docker",
  supports: { cpu: true, memory: true, liveUpdate: true, images: true, otherHosts: false },
  minimum: { cpu: 0.01, memoryBytes: 6 * 1024 * 1024 },
  options: dockerOptions,

  detect: detectDaemon,
  imageOf,

  async prepare(host, _options, { images, ...preparation }) {
    const docker = await connect(host);
    await removeOrphans(docker, host);
    if (host.platform === "linux") await ensureHostImage(docker, host);
    for (const image of images) await ensureImage(docker, image, preparation);
  },

  async detectInImage(program, image, host) {
    return findInImage(await connect(host), program, image, host);
  },

  async start(launch, limits, host, options) {
    const docker = await connect(host);
    const source = await imageSourceFor(launch, host, options);
    const uid = process.getuid?.();
    const user = uid === undefined ? {} : { user: `${uid}:${process.getgid?.() ?? uid}` };
    const owner = { name: host.uniqueName(), labels: await labels(launch.name, host), ...user };
    const container = containerOptions(launch, limits, source, owner);
    return startContainer(docker, container, limits, host, (options as DockerOptions).counters);
  },
});
