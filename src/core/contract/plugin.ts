import type { Detection, Host } from "./host.ts";

export type PluginKind = "proxy" | "load" | "limiter" | "model";

/** Options of a plugin as written in plugins.json. */
export type PluginOptions = Readonly<Record<string, unknown>>;

/** The names that plugins can have: lower-case letters, digits, dashes. */
export const PLUGIN_ID = /^[a-z][a-z0-9-]*$/;

/** What every plugin has. */
export interface PluginBase {
  readonly kind: PluginKind;
  /** Name on the command line and in records; see `PLUGIN_ID`. */
  readonly id: string;
  /** Name for people. */
  readonly title: string;
  /** Contract version it was written for. */
  readonly apiVersion: string;
  /** Finds out whether it can work on this host. Must not throw for what is merely absent. */
  detect(host: Host, options: PluginOptions): Promise<Detection>;
}
