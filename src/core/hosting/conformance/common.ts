import { satisfies } from "semver";
import * as v from "valibot";
import { API_VERSION, type Plugin } from "../../contract/index.ts";
import * as schemas from "../schemas.ts";
import { type Check, imaginaryHost, require } from "./check.ts";

/** Rules for every kind of plugin. */
export function commonChecks(plugin: Plugin): Check[] {
  return [
    {
      name: "has the shape of a plugin of its kind",
      run: () => schemas.requireShape(schemas.plugin, plugin),
    },
    {
      name: "is written for a contract that this lab has",
      run() {
        const fits = satisfies(API_VERSION, `^${plugin.apiVersion}`);
        require(fits, `${plugin.apiVersion} does not go with ${API_VERSION}`);
      },
    },
    { name: "detect answers on a host where nothing is installed", run: () => checkDetect(plugin, false) },
    { name: "detect answers on a host where everything is installed", run: () => checkDetect(plugin, true) },
  ];
}

async function checkDetect(plugin: Plugin, installed: boolean): Promise<void> {
  const found = await plugin.detect(imaginaryHost(installed), {});
  require(v.is(schemas.detection, found), `detect returned ${JSON.stringify(found)}`);
}
