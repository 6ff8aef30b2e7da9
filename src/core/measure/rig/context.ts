import type { LimiterHost } from "../../contract/index.ts";
import type { Registry } from "../../hosting/registry.ts";
import type { LocalHost } from "../../process/host.ts";

/** What running proxies and load tools takes: a machine, the plugins, and the signal that ends the work. */
export interface RunContext {
  readonly host: LimiterHost & Pick<LocalHost, "start" | "scratchDir" | "coreIds">;
  readonly registry: Registry;
  readonly signal: AbortSignal;
}
