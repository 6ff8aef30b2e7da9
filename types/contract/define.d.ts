import type { LimiterPlugin } from "./limiter.ts";
import type { LoadPlugin } from "./load.ts";
import type { ModelPlugin } from "./model.ts";
import type { ProxyPlugin } from "./proxy.ts";
type Detect = {
    detect?: ProxyPlugin["detect"];
};
type Described<P extends ProxyPlugin | LoadPlugin> = Omit<P, "kind" | "apiVersion" | "detect"> & Detect;
/** A proxy plugin; `detect` looks for its program unless given. */
export declare function defineProxy(plugin: Described<ProxyPlugin>): ProxyPlugin;
/** A load-tool plugin; `detect` looks for its program unless given. */
export declare function defineLoad(plugin: Described<LoadPlugin>): LoadPlugin;
/** A limiter plugin. */
export declare function defineLimiter(plugin: Omit<LimiterPlugin, "kind" | "apiVersion">): LimiterPlugin;
/** A model plugin; available everywhere unless its own `detect` says otherwise. */
export declare function defineModel(plugin: Omit<ModelPlugin, "kind" | "apiVersion" | "detect"> & Detect): ModelPlugin;
export {};
