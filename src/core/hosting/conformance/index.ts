import * as v from "valibot";
import type { Plugin, PluginOptions } from "../../contract/index.ts";
import { contractOf } from "../manifest.ts";
import { optionFaults, withDefaults } from "../options.ts";
import * as schemas from "../schemas.ts";
import { type Check, imaginaryHost, namedChecks, require } from "./check.ts";
import { limiterChecks } from "./limiter.ts";
import { loadChecks } from "./load.ts";
import { modelChecks } from "./model.ts";
import { proxyChecks } from "./proxy.ts";

export type { Check } from "./check.ts";

/**
 * The rules that a plugin must keep, as checks for any test runner:
 * `for (const check of conformanceChecks(plugin)) test(check.name, check.run)`. `set`: options to try it with, over its
 * defaults.
 */
export function conformanceChecks(plugin: Plugin, set: PluginOptions = {}): Check[] {
  const options = withDefaults(plugin.options ?? {}, set);
  const common = namedChecks({
    "has the shape of a plugin of its kind": () => schemas.requireShape(schemas.plugin, plugin),
    "is written for a contract that this lab has": () => void contractOf(plugin.apiVersion),
    ...(Object.keys(set).length > 0 && { "takes the options that it is tried with": () => checkOptions(plugin, set) }),
    "detect answers on a host where nothing is installed": () => checkDetect(plugin, options, false),
    "detect answers on a host where everything is installed": () => checkDetect(plugin, options, true),
  });
  return [...common, ...checksOfKind(plugin, options)];
}

function checksOfKind(plugin: Plugin, options: PluginOptions): Check[] {
  switch (plugin.kind) {
    case "proxy":
      return proxyChecks(plugin, options);
    case "load":
      return loadChecks(plugin, options);
    case "model":
      return modelChecks(plugin);
    case "limiter":
      return limiterChecks(plugin, options);
  }
}

/** A plugin that declares none, maybe of contract 1, gets what it is given. */
function checkOptions({ options: schema }: Plugin, set: PluginOptions): void {
  const faults = schema ? optionFaults(schema, set) : [];
  require(faults.length === 0, faults.join("; "));
}

async function checkDetect(plugin: Plugin, options: PluginOptions, installed: boolean): Promise<void> {
  const found = await plugin.detect(imaginaryHost(installed), options);
  require(v.is(schemas.detection, found), `detect returned ${JSON.stringify(found)}`);
}
