import { defineLimiter, type Launch, type LimiterPlugin, type Process } from "../../../contract/index.ts";
import type { Entry } from "../../registry.ts";

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
