import { satisfies } from "semver";
import * as v from "valibot";
import { API_VERSION, type Plugin } from "../../contract/index.ts";
import * as schemas from "../schemas.ts";
import { type Check, imaginaryHost, namedChecks, require } from "./check.ts";
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
  const common = namedChecks({
    "has the shape of a plugin of its kind": () => schemas.requireShape(schemas.plugin, plugin),
    "is written for a contract that this lab has"() {
      const fits = satisfies(API_VERSION, `^${plugin.apiVersion}`);
      require(fits, `${plugin.apiVersion} does not go with ${API_VERSION}`);
    },
    "detect answers on a host where nothing is installed": () => checkDetect(plugin, false),
    "detect answers on a host where everything is installed": () => checkDetect(plugin, true),
  });
  return [...common, ...checksOfKind(plugin)];
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

async function checkDetect(plugin: Plugin, installed: boolean): Promise<void> {
  const found = await plugin.detect(imaginaryHost(installed), {});
  require(v.is(schemas.detection, found), `detect returned ${JSON.stringify(found)}`);
}
