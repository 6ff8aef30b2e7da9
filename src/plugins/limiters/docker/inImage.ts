import type Docker from "dockerode";
import type { Detection, LimiterHost, Program } from "../../../core/contract/index.ts";
import { isLate } from "../shared/late.ts";
import { unavailable } from "../shared/unavailable.ts";
import { remove } from "./container.ts";
import { labels } from "./orphans.ts";
import { attach } from "./watch.ts";

const versionWaitMs = 30_000;
const outputWaitMs = 2_000;

/** Looks for a program in an image that the daemon has, by its description: runs it there for its version. */
export async function findInImage(
  docker: Docker,
  program: Program,
  image: string,
  host: LimiterHost,
): Promise<Detection> {
  for (const name of program.executables) {
    const printed = await run(docker, image, [name, ...program.versionArguments], host);
    if (printed === undefined) continue;
    const version = new RegExp(program.versionPattern).exec(printed)?.[1];
    return { available: true, ...(version ? { version } : {}) };
  }
  return unavailable(
    `the image ${image} has no ${program.executables.join(" or ")}`,
    "name an image that has it as imageSource in plugins.json, or install it here",
  );
}

/** What a program of an image prints, without network; `undefined` where the image does not have it. */
async function run(docker: Docker, image: string, argv: readonly string[], host: LimiterHost) {
  const container = await docker.createContainer({
    name: host.uniqueName(),
    Image: image,
    Entrypoint: [...argv],
    Cmd: [],
    Labels: await labels("version", host),
    AttachStdout: true,
    AttachStderr: true,
    NetworkDisabled: true,
    Healthcheck: { Test: ["NONE"] },
    HostConfig: { NetworkMode: "none", LogConfig: { Type: "none", Config: {} }, SecurityOpt: ["no-new-privileges"] },
  });
  try {
    const output = await attach(docker, container);
    await container.start();
    if (await isLate(container.wait(), versionWaitMs)) {
      throw new Error(`${argv.join(" ")} did not end in ${versionWaitMs / 1000} s in the image ${image}`);
    }
    await isLate(output.complete, outputWaitMs);
    return output.tail();
  } catch (error) {
    if (/executable file not found|no such file or directory|not a directory/i.test((error as Error).message))
      return undefined;
    throw error;
  } finally {
    await remove(container);
  }
}
