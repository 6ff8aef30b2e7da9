import type { Plugin } from "../../contract/index.ts";
import type { Check } from "./check.ts";
import { commonChecks } from "./common.ts";
import { limiterChecks } from "./limiter.ts";
import { loadChecks } from "./load.ts";
import { modelChecks } from "./model.ts";
import { proxyChecks } from "./proxy.ts";

export type { Check } from "./check.ts";

/**
 * The rules that a plugin must keep, as checks for any test runner:
 * `for (const check of conformanceChecks(plugin)) test(check.name, check.run)`.
 */
export function conformanceChecks(plugin: Plugin): Check[] {
  return [...commonChecks(plugin), ...checksOfKind(plugin)];
}

function checksOfKind(plugin: Plugin): Check[] {
  switch (plugin.kind) {
    case "proxy":
      return proxyChecks(plugin);
    case "load":
      return loadChecks(plugin);
    case "model":
      return modelChecks(plugin);
    case "limiter":
      return limiterChecks(plugin);
  }
}
