import { randomUUID } from "node:crypto";
import { Agent } from "node:http";
import { basename } from "node:path";
import type { Address, Role } from "../../../contract/index.ts";
import { originMarker } from "../../../measure/origin/origin.ts";
import { exchange, type HttpReply } from "../../../process/http.ts";
import { measured, require } from "../check.ts";
import type { Started } from "./lab.ts";
import { filesWrittenBy, leavesNoProcess, processesOf } from "./processes.ts";
import { answeredBy, bytesOf, type TargetServer } from "./target.ts";

const answerTimeoutMs = 5_000;

/** An HTTP client that keeps its connections open, as many as are given at most. */
export class Client {
  readonly #at: Address;
  readonly #agent: Agent;

  constructor(at: Address, connections: number) {
    this.#at = at;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** One request; see `exchange`. An absolute URL, for a forward proxy, names the host. */
  ask(path: string, body?: Buffer): Promise<HttpReply> {
    const host = path.startsWith("http:") ? { host: new URL(path).host } : {};
    return exchange(this.#at, path, answerTimeoutMs, { ...host, agent: this.#agent, body });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A way to send requests through a proxy to targets. */
export interface Traffic {
  readonly role: Role;
  readonly targets: readonly TargetServer[];
  readonly client: Client;
  /** `index`: the target that a forward proxy is asked for; a reverse proxy chooses itself. A POST where there is a body. */
  ask(path: string, index: number, body?: Buffer): Promise<HttpReply>;
}

const sizes = [0, 1_000, 200_000];

/** Throws unless bodies of several sizes arrive byte by byte, both ways, and a status other than 200 as it is. */
export async function leavesContentAlone({ ask }: Traffic): Promise<void> {
  for (const size of sizes) expectBody(await ask(`/bytes/${size}`, 0), bytesOf(size), `of ${size} bytes`);
  expectBody(await ask("/chunked/50000", 0), bytesOf(50_000), "of unsaid length");
  expectBody(await ask("/echo", 0, bytesOf(10_000)), bytesOf(10_000), "of a POST, sent back");
  for (const wanted of [404, 500]) {
    const { status } = await ask(`/status/${wanted}`, 0);
    require(status === wanted, `an answer with status ${wanted} came with status ${status}`);
  }
}

function expectBody({ status, body }: HttpReply, wanted: Buffer, what: string): void {
  require(status === 200, `the answer ${what} came with status ${status}`);
  require(body.equals(wanted), `a body ${what} came changed, with ${body.length} bytes`);
}

/** Enough that a choice by chance is told from one in turn. */
const rounds = 20;

/**
 * How many requests each target got. Throws unless all got the same number, a few more or less since a proxy of several
 * threads may take turns in each.
 */
export async function reachesAll({ targets, ask }: Traffic): Promise<number[]> {
  const own = `?${randomUUID()}-`;
  for (let index = 0; index < rounds * targets.length; index++) {
    const { status } = await ask(`/${own}${index}`, index);
    require(status === 200, `a request was answered with status ${status}`);
  }
  const counts = targets.map((target) => answeredBy([target], own));
  const fair = counts.every((count) => Math.abs(count - rounds) <= rounds / 4);
  require(fair, `of ${rounds * targets.length} requests the origins got ${counts.join(", ")}`);
  return counts;
}

/**
 * How many of the requests for each target it got: all for one, then all for the next, since a proxy that takes turns of its
 * own would look right if the requests did. Throws unless each got all of its own.
 */
export async function reachesTheNamed({ targets, ask }: Traffic): Promise<number[]> {
  const own = `?${randomUUID()}-`;
  for (const index of targets.keys()) {
    for (let round = 0; round < rounds; round++) {
      const { status } = await ask(`/${own}${index}-`, index);
      require(status === 200, `a request was answered with status ${status}`);
    }
  }
  const counts = targets.map((target, index) => answeredBy([target], `${own}${index}-`));
  const all = counts.every((count) => count === rounds);
  require(all, `of ${rounds} requests for each of ${targets.length} servers these got ${counts.join(", ")} of their own`);
  return counts;
}

/** Throws unless requests one after the other go over one connection of the client. */
export async function keepsConnection({ ask }: Traffic): Promise<void> {
  await ask("/", 0);
  for (let index = 1; index < 10; index++) {
    const { reused } = await ask("/", 0);
    require(reused, `the connection was closed after ${index} request(s)`);
  }
}

/** Throws when most of the requests one after the other open a connection to an origin. */
export async function keepsOriginConnections({ targets, ask }: Traffic): Promise<string> {
  const made = () => targets.reduce((sum, { connections }) => sum + connections(), 0);
  const send = async (requests: number) => {
    for (let index = 0; index < requests; index++) await ask("/", index);
    return made();
  };
  const before = await send(targets.length);
  const requests = rounds * targets.length;
  const opened = (await send(requests)) - before;
  return measured(opened <= requests / 2, `${opened} new connections to the origins for ${requests} requests`);
}

/** Throws unless as many requests at once, each on a connection of its own, are all answered by an origin. */
export async function answersAllAtOnce({ ask }: Traffic, clients: number): Promise<void> {
  const answers = await Promise.all(Array.from({ length: clients }, (_, index) => ask("/slow", index)));
  const good = answers.filter(({ status, body }) => status === 200 && body.toString("latin1").startsWith(originMarker));
  require(good.length === clients, `${good.length} of ${clients} were answered`);
}

/** Throws when a process of the proxy has a file open for writing that the lab will not remove. */
export async function writesOnlyInItsFolder({ launch, process: child }: Started): Promise<void> {
  const { scratchDir } = launch;
  // As the lab names it after the folder; see `instance` of a ProxySetup.
  const sharedMemory = `/dev/shm/lab${basename(scratchDir).replace(/^.*-/, "")}`;
  const pids = await processesOf(scratchDir, child.pid);
  const files = (await Promise.all(pids.map(filesWrittenBy))).flat();
  const foreign = files.find((path) => !path.startsWith(`${scratchDir}/`) && !path.startsWith(sharedMemory));
  require(foreign === undefined, `it has ${foreign} open for writing`);
}

/** Some proxies look whether they are to end once a second only. */
export const graceMs = 3_000;

/** The time from SIGTERM to the end, in seconds. Throws when it had to be killed, or when a process of it is left. */
export async function endsInOrder({ launch, process: child }: Started, withinMs = graceMs): Promise<number> {
  const begun = performance.now();
  await child.stop(withinMs);
  const seconds = (performance.now() - begun) / 1000;
  const { signal } = await child.exited;
  require(signal !== "SIGKILL", `it was still running ${withinMs / 1000} s after SIGTERM`);
  await leavesNoProcess(launch.scratchDir, child.pid);
  return seconds;
}
