import type { LimiterPlugin, LoadPlugin, ProxyPlugin } from "../../../contract/index.ts";
import type { Entry } from "../../registry.ts";
import type { LiveLab } from "./lab.ts";
import { limiterLive } from "./limiter.ts";
import { loadLive } from "./load.ts";
import { proxyLive } from "./proxy.ts";
import type { Steps } from "./steps.ts";

export type { LiveLab } from "./lab.ts";
export { Steps, type StepWatch } from "./steps.ts";

/**
 * Tries a plugin on its real program, step by step; what was started is ended when this resolves or rejects. A model has
 * no program: all its rules are pure. Throws LAB_INTERRUPTED when the signal of the steps is aborted.
 */
export async function liveChecks(lab: LiveLab, entry: Entry, steps: Steps): Promise<void> {
  switch (entry.plugin.kind) {
    case "proxy":
      return proxyLive(lab, entry as Entry<ProxyPlugin>, steps);
    case "load":
      return loadLive(lab, entry as Entry<LoadPlugin>, steps);
    case "limiter":
      return limiterLive(lab, entry as Entry<LimiterPlugin>, steps);
    case "model":
      return;
  }
}
