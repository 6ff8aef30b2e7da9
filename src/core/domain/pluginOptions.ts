import type { PluginOptions } from "../contract/index.ts";
import type { Point } from "./point.ts";

/** Options that differ from the defaults, of the plugins that a trial was made with; what has none of them is absent. */
export interface TrialOptions {
  readonly proxy?: PluginOptions;
  readonly loadTool?: PluginOptions;
  readonly limiter?: PluginOptions;
}

const ROLES = ["proxy", "loadTool", "limiter"] as const;

/** The name of an option among those of several plugins: `haproxy.accessLog`. */
export function dottedName(plugin: string, option: string): string {
  return `${plugin}.${option}`;
}

/** Of options by dotted names those of one plugin, by their own. */
export function optionsAmong(all: PluginOptions, plugin: string): PluginOptions {
  const beginning = dottedName(plugin, "");
  const own = Object.entries(all).filter(([name]) => name.startsWith(beginning));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(beginning.length), value]));
}

/** What the plugins of a point were given, of options by dotted names; `undefined` where that is nothing. */
export function optionsAt(all: PluginOptions, point: Point): TrialOptions | undefined {
  const own = ROLES.map((role) => [role, optionsAmong(all, point[role])] as const);
  const given = own.filter(([, options]) => Object.keys(options).length > 0);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

/** The same by dotted names again. */
export function dottedOptions(options: TrialOptions, point: Point): PluginOptions {
  const named = ROLES.flatMap((role) =>
    Object.entries(options[role] ?? {}).map(([name, value]) => [dottedName(point[role], name), value]),
  );
  return Object.fromEntries(named);
}

/** The same for the same options. */
export function optionsKey(options: TrialOptions = {}, roles: readonly (keyof TrialOptions)[] = ROLES): string {
  return roles.map((role) => optionsText(options[role]) ?? "").join(" ");
}

/** Options in one line, the same for the same: `accessLog=on, threads=2`; `undefined` where there are none. */
export function optionsText(options: PluginOptions = {}): string | undefined {
  const texts = Object.keys(options)
    .sort()
    .map((name) => `${name}=${valueText(options[name])}`);
  return texts.length > 0 ? texts.join(", ") : undefined;
}

function valueText(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "string" ? value : JSON.stringify(value);
}
