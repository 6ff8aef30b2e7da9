import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Host } from "../../../core/contract/index.ts";

/** Where a daemon listens, found as the Docker command line finds it. */
export interface Endpoint {
  /** Such as `unix:///var/run/docker.sock`. */
  readonly url: string;
  /** What named it: `DOCKER_HOST`, `context NAME`, `the default`. */
  readonly from: string;
  /** Present where it is to be spoken to over TLS; what of the certificates there is, as PEM. */
  readonly tls?: Tls;
}

/** Certificates of a daemon and its client. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The daemon's certificate need not be signed by anyone known. */
  readonly trustAny?: boolean;
}

type Surroundings = Pick<Host, "env" | "readText">;

const defaultUrl = "unix:///var/run/docker.sock";

/**
 * DOCKER_HOST, else the context that DOCKER_CONTEXT names, else the one that `docker context use` chose, else the default
 * socket. Throws an Error of one line for a context that cannot be read.
 */
export async function findEndpoint(host: Surroundings): Promise<Endpoint> {
  const { env } = host;
  if (env.DOCKER_HOST) return fromEnvironment(env.DOCKER_HOST, host);
  const name = env.DOCKER_CONTEXT || (await chosenContext(host));
  if (!name || name === "default") return { url: defaultUrl, from: "the default" };
  return fromContext(name, host);
}

async function fromEnvironment(url: string, host: Surroundings): Promise<Endpoint> {
  const { DOCKER_TLS, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH } = host.env;
  const endpoint = { url, from: "DOCKER_HOST" };
  if (!DOCKER_TLS && !DOCKER_TLS_VERIFY) return endpoint;
  return { ...endpoint, tls: await readTls(DOCKER_CERT_PATH || configDir(host), !DOCKER_TLS_VERIFY, host) };
}

async function chosenContext(host: Surroundings): Promise<string | undefined> {
  const file = join(configDir(host), "config.json");
  const text = await host.readText(file);
  return text === undefined ? undefined : (parse(text, file) as { currentContext?: string }).currentContext;
}

async function fromContext(name: string, host: Surroundings): Promise<Endpoint> {
  const id = createHash("sha256").update(name).digest("hex");
  const contexts = join(configDir(host), "contexts");
  const file = join(contexts, "meta", id, "meta.json");
  const text = await host.readText(file);
  if (text === undefined) throw new Error(`there is no Docker context "${name}" (docker context ls lists them)`);
  const { Endpoints } = parse(text, file) as {
    Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } };
  };
  const { Host: url, SkipTLSVerify = false } = Endpoints?.docker ?? {};
  if (!url) throw new Error(`the Docker context "${name}" names no daemon`);
  const tls = await readTls(join(contexts, "tls", id, "docker"), SkipTLSVerify, host);
  return { url, from: `context ${name}`, ...(tls.ca || tls.cert || SkipTLSVerify ? { tls } : {}) };
}

async function readTls(dir: string, trustAny: boolean, { readText }: Surroundings): Promise<Tls> {
  const [ca, cert, key] = await Promise.all(["ca.pem", "cert.pem", "key.pem"].map((name) => readText(join(dir, name))));
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), ...(trustAny && { trustAny }) };
}

function configDir({ env }: Surroundings): string {
  return env.DOCKER_CONFIG || join(env.HOME || "/root", ".docker");
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON`);
  }
}

/** The address of an endpoint on this machine: a socket file, or a TCP port. Throws an Error of one line that says why another one cannot be used. */
export function localAddress({ url, from, tls }: Endpoint) {
  const shown = `the Docker daemon of ${from} is ${url}`;
  if (url.startsWith("unix://")) return { socketPath: url.slice("unix://".length) || "/var/run/docker.sock" };
  if (url.startsWith("ssh://"))
    throw new Error(`${shown}: over ssh, on another machine, where the lab can place no proxy`);
  const tcp = /^(?:tcp|https?):\/\/(\[[0-9a-f:]+\]|[^/:]+)(?::(\d+))?\/?$/i.exec(
    url.includes("://") ? url : `tcp://${url}`,
  );
  if (!tcp) throw new Error(`${shown}, which is neither unix:///PATH nor tcp://HOST:PORT`);
  const host = tcp[1]!.replace(/^\[|\]$/g, "");
  if (!/^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host)) {
    throw new Error(`${shown}: on another machine, which shares neither loopback nor files with the lab`);
  }
  const secure = tls !== undefined || /^https:/i.test(url);
  return { host, port: Number(tcp[2] ?? (secure ? 2376 : 2375)), protocol: secure ? "https" : "http" } as const;
}
