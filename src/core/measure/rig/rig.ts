import type {
  Address,
  ControlGroup,
  LimiterPlugin,
  Limits,
  Profile,
  ProxyPlugin,
  ProxySetup,
} from "../../contract/index.ts";
import type { Point } from "../../domain/point.ts";
import type { Configuration } from "../../domain/record.ts";
import { LabError } from "../../errors.ts";
import { door, type Held } from "../../hosting/door.ts";
import { HIDDEN, secretTexts } from "../../hosting/options.ts";
import type { Entry } from "../../hosting/registry.ts";
import { threadsFor } from "../../plan/plan.ts";
import type { ScratchDir } from "../../process/host.ts";
import { type Found, openFiles, resolveLaunch } from "../../process/launcher.ts";
import { freePort, loopback, requireFree } from "../../process/ports.ts";
import type { Origins } from "../origin/origin.ts";
import { serverTls, type TlsWish, tlsFiles } from "./certificate.ts";
import type { RunContext } from "./context.ts";
import { type Entrance, entranceAt } from "./entrance.ts";
import { requireHandshake, type WantedTls } from "./handshake.ts";
import type { OwnConfiguration } from "./ownConfiguration.ts";
import { type OwnPlan, planOwn } from "./ownPlan.ts";
import { untilReady } from "./ready.ts";

/** How a proxy is started. */
export interface PlannedStart {
  readonly deviations: readonly string[];
  readonly configuration: Configuration;
}

/** A running proxy under its limiter, ready to be loaded. */
export interface Rig extends PlannedStart {
  readonly entrance: Entrance;
  readonly control: ControlGroup;
  /** False once the proxy has ended by itself. */
  alive(): boolean;
  /** False for a CPU limit that its limiter cannot put into force on the running proxy. */
  fits(point: Point): boolean;
  /** Puts a CPU limit into force. Throws LAB_LIMIT where the kernel has another one. */
  limit(point: Point): Promise<void>;
  tail(): Promise<string>;
  close(): Promise<void>;
}

/** A proxy's program as a limiter starts it: with an image, the one in that image, else the one of this machine. */
export interface ProgramSource {
  readonly found: Found;
  readonly image?: string | undefined;
}

/** What a proxy is started with. */
export interface RigSetup {
  readonly proxy: Entry<ProxyPlugin>;
  readonly limiter: Entry<LimiterPlugin>;
  readonly source: ProgramSource;
  readonly point: Point;
  readonly profile: Profile;
  /** A configuration of the user's own, and what is requested of it; absent: the plugin makes one. */
  readonly own?: { readonly configuration: OwnConfiguration; readonly url?: string | undefined } | undefined;
  /** TLS between clients and proxy, by a certificate of the lab's making; absent: none. */
  readonly tls?: TlsWish | undefined;
  /** Clients speak HTTP/2. */
  readonly http2?: boolean;
  readonly origins: Origins;
  /** Client connections to be ready for: the most that any trial on it will make. */
  readonly connections: number;
  /** Port to listen on; absent means a free one. */
  readonly port?: number | undefined;
  readonly cores?: readonly number[] | undefined;
  /** How long it may take to answer; some 20 s unless given. */
  readonly readyWithinMs?: number;
  /** Called before the proxy is started: a start that fails is to be understood, too. */
  readonly onPlan?: ((planned: PlannedStart) => void) | undefined;
}

/**
 * Starts the proxy of a point, memory limited from the start, CPU only once it answers: some proxies would need half
 * a minute to start under a small CPU limit, and starting is not what is measured.
 */
export async function openRig({ host, signal }: Pick<RunContext, "host" | "signal">, setup: RigSetup): Promise<Rig> {
  const { proxy, limiter, point, origins, source, cores } = setup;
  const scratch = await host.scratchDir();
  let confined: Held | undefined;
  try {
    const entrance = await entranceOf(setup);
    const wanted = proxySetup(setup, entrance.listen, scratch);
    const { own } = setup;
    const plan: OwnPlan = own
      ? await planOwn(proxy.plugin, own.configuration, wanted, signal)
      : await door.planProxy(proxy.plugin, wanted, signal);
    const secrets = secretTexts(proxy.schema, proxy.options);
    const kept = (text: string) =>
      secrets
        .reduce((shorter, secret) => shorter.replaceAll(secret, HIDDEN), text.replaceAll(scratch.path, "."))
        .replaceAll(privateKey, HIDDEN);
    const planned = { deviations: (plan.deviations ?? []).map(kept), configuration: configurationOf(plan, kept) };
    setup.onPlan?.(planned);
    const { found, image = proxy.plugin.program.image } = source;
    // Not a part of what is kept: a certificate of the lab's making tells nothing of the proxy.
    const files = { ...plan.files, ...(setup.tls && (await tlsFiles(setup.tls))) };
    const details = { name: point.proxy, found, scratchDir: scratch.path, cores, image };
    const launch = await resolveLaunch({ ...plan, files }, details);
    const held = await door.start(limiter, launch, startLimits(limiter.plugin, point), host, signal);
    confined = held;
    const { exited } = held;
    const tail = async () => kept(await held.tail());
    await untilReady({ name: point.proxy, entrance, exited, tail }, origins, signal, setup.readyWithinMs);
    if (entrance.secure) await requireHandshake(point.proxy, entrance.listen, wantedTls(setup));
    return rigOf(held, setup, { ...planned, entrance, scratch });
  } catch (error) {
    await confined?.stop().catch(() => {}); // the first error is the one to tell
    await scratch.remove();
    throw error;
  }
}

/** What is to be made sure of; of a proxy that never resumes sessions nobody expects it. */
function wantedTls({ tls, http2 = false, proxy }: RigSetup): WantedTls {
  if (tls === undefined) return { http2 };
  const { version, resumption } = tls;
  return {
    version,
    resumption: proxy.plugin.supports.tlsResumption?.includes(version) ? resumption : undefined,
    http2,
  };
}

/** Where the proxy is to listen. Throws LAB_PORT_IN_USE. */
async function entranceOf({ own, tls, port, point }: RigSetup): Promise<Entrance> {
  const listen = { host: loopback, port: port ?? (await freePort(loopback)) };
  const entrance = tls ? { listen, role: point.role, secure: true } : entranceAt(listen, point.role, own?.url);
  const wanted = entrance.listen;
  if (port !== undefined || wanted.port !== listen.port) await requireFree(wanted.host, wanted.port);
  return entrance;
}

/** Of a configuration of the user's own; it is nobody's business, and no record's. */
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----/gs;

/** Limits that the proxy of a point is started under. */
export function startLimits({ supports }: LimiterPlugin, point: Point): Limits {
  return limitsAt(point, !supports.liveUpdate);
}

function limitsAt({ cpu, memoryBytes }: Point, withCpu: boolean): Limits {
  return { ...(withCpu ? { cpu } : {}), ...(memoryBytes === undefined ? {} : { memoryBytes }) };
}

function proxySetup(setup: RigSetup, listen: Address, scratch: ScratchDir): ProxySetup {
  const { proxy, source, point, profile, origins, connections, tls, http2 } = setup;
  return {
    role: point.role,
    listen,
    ...(tls && { tls: serverTls(scratch.path, tls) }),
    ...(http2 && { http2 }),
    origins: origins.addresses,
    threads: Math.min(threadsFor(point.cpu), proxy.plugin.supports.maxThreads ?? Number.POSITIVE_INFINITY),
    openFiles,
    connections,
    ...limitsAt(point, false),
    scratchDir: scratch.path,
    instance: scratch.instance,
    profile,
    ...(source.found.version ? { version: source.found.version } : {}),
    options: proxy.options,
  };
}

function rigOf(
  held: Held,
  { limiter: { plugin: limiter }, point: startedAt }: RigSetup,
  { scratch, ...started }: PlannedStart & Pick<Rig, "entrance"> & { readonly scratch: ScratchDir },
): Rig {
  let ended = false;
  void held.exited.then(() => {
    ended = true;
  });
  return {
    ...started,
    control: held,
    alive: () => !ended,
    fits: ({ cpu }) => limiter.supports.liveUpdate || cpu === startedAt.cpu,
    async limit(point) {
      if (limiter.supports.liveUpdate) await held.update(limitsAt(point, true));
      await checkInForce(held, point);
    },
    tail: () => held.tail(),
    async close() {
      try {
        await held.stop(1_000);
      } finally {
        await scratch.remove();
      }
    },
  };
}

/** `kept`: a text as it is kept. */
function configurationOf({ argv, env, files = {}, replaced }: OwnPlan, kept: (text: string) => string): Configuration {
  const all = (texts: object) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, kept(text)]));
  return {
    argv: argv.map(kept),
    ...(env && Object.keys(env).length > 0 ? { env: all(env) } : {}),
    files: all(files),
    ...(replaced && { replaced: all(replaced) }),
  };
}

/** A limit that the kernel does not have in force would make every figure a lie. */
async function checkInForce(control: ControlGroup, point: Point): Promise<void> {
  const { cpu } = await control.limits();
  if (cpu !== undefined && Math.abs(cpu - point.cpu) < 0.005) return;
  throw new LabError("LAB_LIMIT", `asked for ${point.cpu} cpu, but the kernel has ${cpu ?? "no limit"} in force`);
}
