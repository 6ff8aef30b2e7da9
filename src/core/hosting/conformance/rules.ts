import type { Plugin, PluginOptions } from "../../contract/index.ts";
import { conformanceChecks } from "./index.ts";

/** Names of the rules for a plugin, in order; for who runs them one by one where the plugin is, in a thread of its own. */
export function ruleNames(plugin: Plugin, set: PluginOptions = {}): string[] {
  return conformanceChecks(plugin, set).map(({ name }) => name);
}

/** Runs the rule of a name; throws where the plugin breaks it. */
export async function tryRule(plugin: Plugin, name: string, set: PluginOptions = {}): Promise<void> {
  await conformanceChecks(plugin, set)
    .find((rule) => rule.name === name)
    ?.run();
}
