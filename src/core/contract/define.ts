import type { Detection, Host } from "./host.ts";
import type { LimiterPlugin } from "./limiter.ts";
import type { LoadPlugin } from "./load.ts";
import type { ModelPlugin } from "./model.ts";
import type { ProxyPlugin } from "./proxy.ts";
import { API_VERSION } from "./version.ts";

type Detect = { detect?: ProxyPlugin["detect"] };
type Described<P extends ProxyPlugin | LoadPlugin> = Omit<P, "kind" | "apiVersion" | "detect"> & Detect;

/** A proxy plugin; `detect` looks for its program unless given. */
export function defineProxy(plugin: Described<ProxyPlugin>): ProxyPlugin {
  return { detect: detectProgram, ...plugin, kind: "proxy", apiVersion: API_VERSION };
}

/** A load-tool plugin; `detect` looks for its program unless given. */
export function defineLoad(plugin: Described<LoadPlugin>): LoadPlugin {
  return { detect: detectProgram, ...plugin, kind: "load", apiVersion: API_VERSION };
}

/** A limiter plugin. */
export function defineLimiter(plugin: Omit<LimiterPlugin, "kind" | "apiVersion">): LimiterPlugin {
  return { ...plugin, kind: "limiter", apiVersion: API_VERSION };
}

/** A model plugin; available everywhere unless its own `detect` says otherwise. */
export function defineModel(plugin: Omit<ModelPlugin, "kind" | "apiVersion" | "detect"> & Detect): ModelPlugin {
  return { detect: async () => ({ available: true }), ...plugin, kind: "model", apiVersion: API_VERSION };
}

function detectProgram(this: ProxyPlugin | LoadPlugin, host: Host): Promise<Detection> {
  return host.findProgram(this.program);
}
