import type { Detection, LimiterPlugin, PluginKind, ProxyPlugin } from "../../contract/index.ts";
import { door } from "../../hosting/door.ts";
import type { Entry, Registry } from "../../hosting/registry.ts";
import { nginxProgram } from "../../measure/origin/nginx.ts";
import type { Machine } from "../provision/setup.ts";

/** A plugin, or another program that the lab uses, and what was found of it. */
export interface Part {
  readonly kind: PluginKind | "origin";
  readonly id: string;
  readonly title: string;
  readonly detection: Detection;
  /** A limiter that would bring the program, and the container image it would take: for a proxy that is not found. */
  readonly image?: { readonly limiter: string; readonly name: string };
}

const kinds: readonly PluginKind[] = ["proxy", "load", "limiter", "model"];

/** Asks every plugin what it finds on this machine, and looks for nginx. A plugin at fault counts as not found. */
export async function findParts({ registry, host }: Machine): Promise<Part[]> {
  const entries = kinds.flatMap((kind) => registry.list(kind) as Entry[]);
  const plugins = entries.map(async (entry): Promise<Part> => {
    const { kind, id, title } = entry.plugin;
    const detection = await registry.detectAnyhow(entry, host);
    return { kind, id, title, detection };
  });
  const nginx = host.findProgram(nginxProgram);
  const found = await Promise.all(plugins);
  const title = "origin server (Node without it)";
  const parts = await Promise.all(found.map((part) => withImage(part, found, registry)));
  return [...parts, { kind: "origin", id: "nginx", title, detection: await nginx }];
}

async function withImage(part: Part, all: readonly Part[], registry: Registry): Promise<Part> {
  if (part.kind !== "proxy" || part.detection.available) return part;
  const { plugin: proxy } = registry.list("proxy").find(({ plugin }) => plugin.id === part.id)!;
  for (const limiter of registry.list("limiter")) {
    const own = all.find(({ kind, id }) => kind === "limiter" && id === limiter.plugin.id);
    const name = own?.detection.available ? await imageUnder(limiter, proxy) : undefined;
    if (name !== undefined) return { ...part, image: { limiter: limiter.plugin.id, name } };
  }
  return part;
}

async function imageUnder({ plugin, options }: Entry<LimiterPlugin>, proxy: ProxyPlugin): Promise<string | undefined> {
  if (!plugin.supports.images) return undefined;
  return door.imageOf(plugin, proxy.program, false, options).catch(() => undefined);
}
