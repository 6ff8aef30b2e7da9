import { defineLimiter } from "../../core/contract/index.ts";
import { countersOption, imageOf, imageSourceFor } from "./docker/choice.ts";
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
 * Option `imageSource`: "host" (the program installed here, in an image that has no files of its own), "official" (the
 * image that the proxy plugin names, pulled on first use), or the name of an image that has the program; unless given, "host"
 * for programs that are installed here and "official" for others.
 * Option `counters`: "kernel" (the files of the control group) or "api" (the figures of the daemon); unless given, the
 * kernel's where they can be read.
 */
export default defineLimiter({
  id: "docker",
  title: "Docker",
  supports: { cpu: true, memory: true, liveUpdate: true, images: true, otherHosts: false },
  minimum: { cpu: 0.01, memoryBytes: 6 * 1024 * 1024 },

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
    return startContainer(docker, container, limits, host, countersOption(options));
  },
});
