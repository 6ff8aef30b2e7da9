import { defineLimiter, type Launch, type LimiterPlugin, type Process } from "../../../contract/index.ts";
import type { RunContext } from "../../../measure/rig/context.ts";
import type { LocalHost } from "../../../process/host.ts";
import { type Entry, Registry } from "../../registry.ts";

/** What live rules are tried with. */
export interface LiveLab {
  readonly host: LocalHost;
  /** Everything on the clean-up list now, for what must be off it again. */
  owned(): number;
}

/** What the pieces of an experiment run in, with the plugin under test. */
export function contextOf({ host }: LiveLab, signal: AbortSignal, entry: Entry): RunContext {
  return { host, registry: new Registry([entry]), signal };
}

/** A program that was started without limits. */
export interface Started {
  readonly launch: Launch;
  readonly process: Process;
}

/** A limiter that sets no limits and needs no rights, for programs whose speed does not matter. */
export function unconfined(): { readonly entry: Entry<LimiterPlugin>; last(): Started | undefined } {
  let last: Started | undefined;
  const plugin = defineLimiter({
    id: "unconfined",
    title: "no limits",
    supports: { cpu: false, memory: false, liveUpdate: false, images: false, otherHosts: false },
    minimum: { cpu: 0, memoryBytes: 0 },
    detect: async () => ({ available: true }),
    async start(launch, _limits, host) {
      const child = await host.launch(launch);
      last = { launch, process: child };
      return { ...child, update: async () => {}, usage: async () => ({}), limits: async () => ({}) };
    },
  });
  return { entry: { plugin, options: {}, source: "the lab" }, last: () => last };
}
