export * from "./define.ts";
export type * from "./host.ts";
export type * from "./launch.ts";
export type * from "./limiter.ts";
export type * from "./load.ts";
export type * from "./model.ts";
export type * from "./options.ts";
export * from "./output.ts";
export type * from "./plugin.ts";
export type * from "./proxy.ts";
export { API_VERSION, API_VERSIONS } from "./version.ts";

import type { LimiterPlugin } from "./limiter.ts";
import type { LoadPlugin } from "./load.ts";
import type { ModelPlugin } from "./model.ts";
import type { ProxyPlugin } from "./proxy.ts";

export type Plugin = ProxyPlugin | LoadPlugin | LimiterPlugin | ModelPlugin;
