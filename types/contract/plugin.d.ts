import type { Detection, Host } from "./host.ts";
import type { OptionsSchema, PluginOptions } from "./options.ts";
export type PluginKind = "proxy" | "load" | "limiter" | "model";
/** The names that plugins can have: lower-case letters, digits, dashes. */
export declare const PLUGIN_ID: RegExp;
/** What every plugin has. */
export interface PluginBase {
    readonly kind: PluginKind;
    /** Name on the command line and in records; see `PLUGIN_ID`. */
    readonly id: string;
    /** Name for people. */
    readonly title: string;
    /** Contract version it was written for. */
    readonly apiVersion: string;
    /** The options that it takes; absent: none. Of a plugin for contract 1, whose options nobody checks but itself: absent. */
    readonly options?: OptionsSchema;
    /** Finds out whether it can work on this host. Must not throw for what is merely absent. */
    detect(host: Host, options: PluginOptions): Promise<Detection>;
}
