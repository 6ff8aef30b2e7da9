import type Docker from "dockerode";
import type { Confined, ControlGroup, LimiterHost, Limits } from "../../../core/contract/index.ts";
import { isLate } from "../shared/late.ts";
import { difference } from "../shared/limits.ts";
import type { DockerOptions } from "./choice.ts";
import { seenFromLab } from "./counters.ts";
import { dockerLimits } from "./limits.ts";
import { attach, type Output, type Watch, watch } from "./watch.ts";

const defaultGraceMs = 2_000;
const outputWaitMs = 500;
const endWaitMs = 5_000;
const removalWaitMs = 10_000;

/** A container that has been started, with what is known of it. */
interface Running {
  readonly container: Docker.Container;
  readonly watched: Watch;
  readonly output: Output;
}

/** Creates and starts a container, and checks that the kernel has its limits in force. */
export async function startContainer(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
  limits: Limits,
  host: LimiterHost,
  counters: DockerOptions["counters"],
): Promise<Confined> {
  const container = await create(docker, options);
  let watched: Watch | undefined;
  try {
    watched = await watch(docker, container.id);
    const output = await attach(docker, container);
    await container.start();
    return await confine({ container, watched, output }, limits, host, counters);
  } catch (error) {
    await remove(container);
    if (watched) await isLate(watched.gone, removalWaitMs);
    watched?.close();
    throw error;
  }
}

async function create(docker: Docker, options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  try {
    return await docker.createContainer(options);
  } catch (error) {
    if (!/bind source path does not exist/.test((error as Error).message)) throw error;
    throw new Error(
      `the Docker daemon does not see the folder ${options.WorkingDir} of this machine: it runs elsewhere`,
    );
  }
}

async function confine(
  running: Running,
  initial: Limits,
  host: LimiterHost,
  counters: DockerOptions["counters"],
): Promise<Confined> {
  const { container, watched, output } = running;
  const found = await seenFromLab(container, host, counters);
  const unreadable = "the control group of the container cannot be read here: leave the option counters out";
  if (!found) throw await endedOr(running, unreadable);
  const { pid, group, visible } = found;
  // A pid of another machine must never be ended here.
  const disown = visible ? host.own({ kind: "process", pid }) : () => {};
  let stopped = false;
  let unexplained = false;
  const exited = watched.exited.then(async (exit) => {
    unexplained = exit.signal === "SIGKILL" && !stopped;
    if (exit.code !== undefined || exit.signal !== undefined) disown(); // else it may still run
    await isLate(output.complete, outputWaitMs);
    return exit;
  });
  await verify(running, group, initial);
  return {
    pid,
    exited,
    tail: output.tail,
    stop(graceMs = defaultGraceMs) {
      stopped = true;
      return stop(running, graceMs);
    },
    limits: () => group.limits(),
    // The group goes with the container; the kills are known from the daemon's events even then, but for the first
    // process: of its kill the daemon often tells nothing.
    async usage() {
      const { oomKills: counted = 0, ...counters } = await group.usage();
      const oomKills = Math.max(counted, watched.oomKills());
      return oomKills === 0 && unexplained ? counters : { ...counters, oomKills };
    },
    async update(limits) {
      await container.update(dockerLimits(limits));
      await verify(running, group, limits);
    },
  };
}

/** Docker once accepted updates that never reached the kernel: what the kernel says counts, where it can be read. */
async function verify(running: Running, group: ControlGroup, limits: Limits): Promise<void> {
  const wrong = difference(limits, await group.limits());
  if (wrong) throw await endedOr(running, `Docker took the limits, but in force is ${wrong}`);
}

/** The error to throw: that the program has ended if it has, which explains any other. */
async function endedOr({ watched, output }: Running, otherwise: string): Promise<Error> {
  if (await isLate(watched.exited, endWaitMs)) return new Error(otherwise);
  await isLate(output.complete, outputWaitMs);
  const { code, signal } = await watched.exited;
  const how = signal ?? (code === undefined ? "for an unknown reason" : `exit code ${code}`);
  const why = watched.oomKills() > 0 ? ", out of memory" : "";
  return new Error(`the program ended at once (${how}${why}): ${output.tail()}`);
}

async function stop({ container, watched }: Running, graceMs: number): Promise<void> {
  const kill = (signal: string) => unlessGone(container.kill({ signal }));
  await kill("SIGTERM");
  if (await isLate(watched.exited, graceMs)) await kill("SIGKILL");
  if (await isLate(watched.gone, removalWaitMs)) await remove(container);
  watched.close();
}

/** Removes a container, running or not. */
export async function remove(container: Docker.Container): Promise<void> {
  await unlessGone(container.remove({ force: true }));
}

/** Docker answers 404 for a container that is not there and 409 for one that has ended or is being removed. */
async function unlessGone(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw error;
  }
}
