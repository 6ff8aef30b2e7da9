import type { ControlGroup, LimiterHost, Limits, Process } from "./host.ts";
import type { Launch } from "./launch.ts";
import type { PluginBase, PluginOptions } from "./plugin.ts";

/** A process under limits. */
export interface Confined extends Process, ControlGroup {
  /** Changes the limits of the running process. */
  update(limits: Limits): Promise<void>;
}

export interface LimiterPlugin extends PluginBase {
  readonly kind: "limiter";
  readonly supports: {
    readonly cpu: boolean;
    readonly memory: boolean;
    /** `update` works on a running process. */
    readonly liveUpdate: boolean;
    /** Brings the program itself (a container image), so the host need not have it. */
    readonly images: boolean;
    /** Can place a process on another host. */
    readonly otherHosts: boolean;
  };
  /** Smallest values it takes. */
  readonly minimum: { readonly cpu: number; readonly memoryBytes: number };
  /** Starts a process under limits. */
  start(launch: Launch, limits: Limits, host: LimiterHost, options: PluginOptions): Promise<Confined>;
  /** Makes ready what many starts share (an image, say); called once before the first start. */
  prepare?(host: LimiterHost, options: PluginOptions): Promise<void>;
}
