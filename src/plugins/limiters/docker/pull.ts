import type Docker from "dockerode";
import type { Preparation } from "../../../core/contract/index.ts";
import { explainPull } from "./pullFailure.ts";
import { PullProgress, type PullStatus } from "./pullProgress.ts";

/** Makes sure that the daemon has an image, which it pulls unless it has it. */
export async function ensureImage(
  docker: Docker,
  name: string,
  { onProgress, signal }: Pick<Preparation, "onProgress" | "signal">,
): Promise<void> {
  if (await hasImage(docker, name)) return;
  const progress = new PullProgress(name);
  onProgress(progress.now());
  try {
    const stream = await docker.pull(withTag(name), { abortSignal: signal });
    await follow(docker, stream, (status) => onProgress(progress.take(status)));
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(explainPull(name, (error as Error).message), { cause: error });
  }
  if (!(await hasImage(docker, name)))
    throw new Error(`the daemon did not finish to pull ${name}: is it still running?`);
}

export async function hasImage(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getImage(name).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

/** Without a tag Docker would pull all of them. */
function withTag(name: string): string {
  return /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
}

/** Resolves when the daemon has done what it writes of; rejects with what it says went wrong. */
export function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  onStatus: (status: PullStatus) => void = () => {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve()), onStatus);
  });
}
