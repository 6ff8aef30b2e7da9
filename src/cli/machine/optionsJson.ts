import type { PluginOptions } from "../../core/contract/index.ts";
import { LabError } from "../../core/errors.ts";

/** Options of a plugin from the JSON of `--options`. Throws LAB_USAGE. */
export function optionsFromJson(text: string): PluginOptions {
  try {
    const set: unknown = JSON.parse(text);
    if (typeof set === "object" && set !== null && !Array.isArray(set)) return set as PluginOptions;
  } catch {}
  throw new LabError("LAB_USAGE", `--options: ${text} is no JSON object`, { help: "such as '{ \"cache\": true }'" });
}
