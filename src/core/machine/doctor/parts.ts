import type { Detection, Host, PluginKind, Program } from "../../contract/index.ts";
import { door } from "../../hosting/door.ts";
import { type Entry, PLUGIN_KINDS, type Registry } from "../../hosting/registry.ts";
import { nginxProgram } from "../../measure/origin/nginx.ts";
import type { Machine } from "../provision/setup.ts";

/** A plugin, or another program that the lab uses, and what was found of it. */
export interface Part {
  readonly kind: PluginKind | "origin";
  readonly id: string;
  readonly title: string;
  readonly detection: Detection;
  /** What a proxy can speak with clients, or a load tool with servers, beside plain HTTP/1.1: `TLS`, `HTTP/2`. */
  readonly speaks?: readonly string[];
  /** A limiter that would bring the program, and the container image it would take: for a proxy that is not found. */
  readonly image?: { readonly limiter: string; readonly name: string };
}

/** Asks every plugin what it finds on this machine, and looks for nginx. A plugin at fault counts as not found. */
export async function findParts({ registry, host }: Machine): Promise<Part[]> {
  const nginx = host.findProgram(nginxProgram);
  const entries = PLUGIN_KINDS.flatMap((kind) => registry.list(kind) as Entry[]);
  const parts = entries.map(async (entry): Promise<Part> => {
    const { plugin } = entry;
    const detection = await registry.detectAnyhow(entry, host);
    const part = { kind: plugin.kind, id: plugin.id, title: plugin.title, detection, ...speaking(plugin) };
    if (plugin.kind !== "proxy" || detection.available) return part;
    const image = await imageOf(plugin.program, registry, host);
    return image ? { ...part, image } : part;
  });
  const title = "origin server (Node without it)";
  return [...(await Promise.all(parts)), { kind: "origin", id: "nginx", title, detection: await nginx }];
}

function speaking(plugin: Entry["plugin"]): Pick<Part, "speaks"> {
  if (plugin.kind !== "proxy" && plugin.kind !== "load") return {};
  const { tls, tlsResumption, http2 } = plugin.supports;
  return {
    speaks: [
      ...(tls ? [tlsResumption ? `TLS (${tlsResumption.join(" and ")} resumed)` : "TLS"] : []),
      ...(http2 ? ["HTTP/2"] : []),
    ],
  };
}

/** The image that the first limiter which works here would take for a program. */
async function imageOf(program: Program, registry: Registry, host: Host): Promise<Part["image"]> {
  for (const entry of registry.list("limiter")) {
    const { plugin, options } = entry;
    if (!plugin.supports.images || !(await registry.detectAnyhow(entry, host)).available) continue;
    const name = await door.imageOf(plugin, program, false, options).catch(() => undefined);
    if (name !== undefined) return { limiter: plugin.id, name };
  }
  return undefined;
}
