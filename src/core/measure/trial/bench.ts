import type { Limits } from "../../contract/index.ts";
import type { LabEventBody } from "../../domain/events.ts";
import type { Registry } from "../../hosting/registry.ts";
import type { LocalHost } from "../../process/host.ts";

/** What running trials needs from the outside. */
export interface Bench {
  readonly host: LocalHost;
  readonly registry: Registry;
  readonly signal: AbortSignal;
  emit(event: LabEventBody): void;
  /** Port for the proxy to listen on; absent means that the lab finds one. */
  readonly proxyPort?: number;
}

/** What looking for programs takes. */
export type Looking = Pick<Bench, "host" | "registry" | "signal">;

/** Limits of a point with or without its CPU limit. */
export function limitsOf(point: { cpu: number; memoryBytes?: number }, withCpu: boolean): Limits {
  return {
    ...(withCpu ? { cpu: point.cpu } : {}),
    ...(point.memoryBytes === undefined ? {} : { memoryBytes: point.memoryBytes }),
  };
}
