import { Agent } from "node:http";
import { fileURLToPath } from "node:url";
import type { Address, LaunchSpec } from "../../contract/index.ts";
import { longestOriginDelayMs } from "../../domain/point.ts";
import { LabError } from "../../errors.ts";
import type { LocalHost } from "../../process/host.ts";
import { get } from "../../process/http.ts";
import { processCpuSeconds } from "../../process/kernel/cpuTime.ts";
import { type LaunchDetails, resolveLaunch } from "../../process/launcher.ts";
import { freePort, loopback, requireFree } from "../../process/ports.ts";
import type { CapturedProcess } from "../../process/start.ts";
import { nginxOrigin, nginxProgram, parseStubStatus } from "./nginx.ts";
import { type OriginCounters, type OriginSpec, type Origins, originBody, originMarker, statusPath } from "./origin.ts";

const nodeServer = fileURLToPath(new URL("./node.server.mjs", import.meta.url));
const startTimeoutMs = 10_000;

type OriginHost = Pick<LocalHost, "findProgram" | "scratchDir" | "start">;

/** The program that serves. */
interface Server {
  readonly kind: "nginx" | "node";
  readonly found: LaunchDetails["found"];
}

interface RunningOrigin {
  readonly address: Address;
  readonly child: CapturedProcess;
  readonly removeFiles: () => Promise<void>;
}

/** Starts origin servers: nginx where it is installed and no delay is wanted, else Node. */
export async function startOrigins(host: OriginHost, spec: OriginSpec): Promise<Origins> {
  const server = await serverFor(host, spec);
  const running: RunningOrigin[] = [];
  try {
    for (let index = 0; index < spec.count; index++) running.push(await startOne(host, spec, server, spec.at?.[index]));
  } catch (error) {
    await stopAll(running);
    throw error;
  }
  return describe(running, server);
}

async function serverFor(host: OriginHost, { delayMs }: OriginSpec): Promise<Server> {
  const nginx = await host.findProgram(nginxProgram);
  if (nginx.available && delayMs === 0) return { kind: "nginx", found: nginx };
  return { kind: "node", found: { available: true, executable: process.execPath, version: process.versions.node } };
}

async function startOne(
  host: OriginHost,
  spec: OriginSpec,
  { kind, found }: Server,
  at: Address | undefined,
): Promise<RunningOrigin> {
  if (at) await requireFree(at.host, at.port);
  const address = at ?? { host: loopback, port: await freePort(loopback) };
  const scratch = await host.scratchDir();
  const plan = kind === "nginx" ? nginxOrigin(address, spec.bodyBytes, scratch.path) : nodeOrigin(address, spec);
  const details = { name: "origin", found, scratchDir: scratch.path, cores: spec.cores };
  const child = host.start(await resolveLaunch(plan, details));
  const running = { address, child, removeFiles: scratch.remove };
  if (await answers(running)) return running;
  await stopAll([running]);
  throw new LabError("LAB_START", `an origin server (${plan.argv[0]}) did not start: ${child.tail() || "no output"}`);
}

function nodeOrigin(listen: Address, spec: OriginSpec): LaunchSpec {
  const config = { listen, body: originBody(spec.bodyBytes), delayMs: spec.delayMs, statusPath };
  return { argv: ["node", nodeServer, JSON.stringify(config)] };
}

async function answers({ address, child }: RunningOrigin): Promise<boolean> {
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + startTimeoutMs;
  while (!ended && Date.now() < deadline) {
    if ((await get(address, "/", longestOriginDelayMs))?.body.startsWith(originMarker)) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

function describe(running: readonly RunningOrigin[], { kind, found: { version } }: Server): Origins {
  const [first, ...others] = running.map(({ address }) => address);
  // A connection for each question would cost the lab most of what its sampling costs, and a port for a minute.
  const agent = new Agent({ keepAlive: true });
  let asked = 0;
  const counters = async () => {
    asked++;
    const all = await Promise.all(running.map(({ address }) => countersOf(address, kind, agent)));
    const known = all.flatMap((each) => each ?? []);
    if (known.length < all.length) return undefined;
    const ours = kind === "nginx" ? asked * running.length : 0;
    return {
      accepted: total(known.map((each) => each.accepted)),
      served: total(known.map((each) => each.served)) - ours,
    };
  };
  return {
    kind,
    ...(version ? { version } : {}),
    addresses: [first!, ...others],
    path: "/",
    marker: originMarker,
    counters,
    served: async () => (await counters())?.served,
    async cpuSeconds() {
      return total(running.map(({ child }) => processCpuSeconds(child.pid)));
    },
    async stop() {
      agent.destroy();
      await stopAll(running);
    },
  };
}

async function countersOf(address: Address, kind: Server["kind"], agent: Agent): Promise<OriginCounters | undefined> {
  const reply = await get(address, statusPath, 2_000, { agent });
  if (!reply) return undefined;
  return kind === "nginx" ? parseStubStatus(reply.body) : (JSON.parse(reply.body) as OriginCounters);
}

function total(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

async function stopAll(running: readonly RunningOrigin[]): Promise<void> {
  await Promise.all(running.map(({ child }) => child.stop(500)));
  await Promise.all(running.map(({ removeFiles }) => removeFiles()));
}

/** An origin that somebody else runs; the lab only sends requests to it. */
export function outsideOrigin(url: string): Origins {
  const { hostname, port, pathname, search } = new URL(url);
  return {
    kind: "outside",
    addresses: [{ host: hostname, port: Number(port || 80) }],
    path: pathname + search,
    marker: "",
    served: async () => undefined,
    counters: async () => undefined,
    cpuSeconds: async () => undefined,
    stop: async () => {},
  };
}
