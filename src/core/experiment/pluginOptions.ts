import type { PluginOptions } from "../contract/index.ts";
import { dottedName, optionsAmong } from "../domain/pluginOptions.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { LabError, messageOf } from "../errors.ts";
import { nearestName } from "../hosting/nearest.ts";
import { HIDDEN, optionFaults, optionNamed, parseOption, toldOptions, withDefaults } from "../hosting/options.ts";
import type { Entry, Registry } from "../hosting/registry.ts";

type Plugins = Pick<SweepSpec, "proxies" | "loadTools" | "limiters">;

/** Values of options as they are written, by dotted names; of one that takes several lines a text for each. */
export type WrittenOptions = Readonly<Record<string, readonly string[]>>;

/** What written options of a sweep's plugins mean. Throws LAB_USAGE. */
export function parseOptions(written: WrittenOptions, plugins: Plugins, registry: Registry): PluginOptions {
  const entries = entriesOf(plugins, registry);
  const options = Object.entries(written).map(([dotted, texts]) => [dotted, optionValue(dotted, texts, entries)]);
  return Object.fromEntries(options);
}

function optionValue(dotted: string, texts: readonly string[], entries: readonly Entry[]): unknown {
  const [id, name] = [dotted.slice(0, dotted.indexOf(".")), dotted.slice(dotted.indexOf(".") + 1)];
  const entry = entries.find(({ plugin }) => plugin.id === id);
  if (!entry) throw notInSweep(id, entries);
  const { schema } = entry;
  if (!schema)
    throw usage(`${dotted}: ${id} does not declare its options`, "set it in plugins.json; its author can declare it");
  const [missing] = optionFaults(schema, optionNamed(schema, name) ? {} : { [name]: texts });
  if (missing !== undefined) throw usage(`${id}, ${missing}`, `./lab plugins show ${id} lists its options`);
  try {
    return parseOption(dotted, optionNamed(schema, name)!, texts);
  } catch (cause) {
    throw usage(messageOf(cause), `./lab plugins show ${id} tells what it takes`);
  }
}

function notInSweep(id: string, entries: readonly Entry[]): LabError {
  const ids = entries.map(({ plugin }) => plugin.id);
  const nearest = nearestName(id, ids);
  const meant = nearest === undefined ? `it takes options of ${ids.join(", ")}` : `did you mean ${nearest}?`;
  return usage(`"${id}" is no plugin of this sweep`, meant);
}

/**
 * The plugins with the options of a sweep over those of plugins.json. `only`: instead of those of plugins.json, which
 * keep the values of secret options alone.
 */
export function withOptionsOf({ options = {} }: SweepSpec, registry: Registry, only = false): Registry {
  return registry.withOptions(({ plugin, schema, options: own }) => {
    const isSecret = (name: string) => schema !== undefined && optionNamed(schema, name)?.secret === true;
    const set = Object.entries(optionsAmong(options, plugin.id)).filter(([, value]) => value !== HIDDEN);
    const secrets = Object.entries(own).filter(([name]) => isSecret(name));
    return withDefaults(schema ?? {}, { ...(only ? Object.fromEntries(secrets) : own), ...Object.fromEntries(set) });
  });
}

/** A sweep as it is kept: with all options of its plugins that differ from the defaults, secret ones without their value. */
export function withTheirOptions(spec: SweepSpec, registry: Registry): SweepSpec {
  const { options: _, ...rest } = spec;
  const options = optionsInForce(spec, registry);
  return Object.keys(options).length > 0 ? { ...rest, options } : rest;
}

/**
 * Throws LAB_USAGE where a sweep that is to go on was not begun with an option that plugins.json sets now, or with a
 * secret one that it sets no longer.
 */
export function requireSameOptions(spec: SweepSpec, registry: Registry): void {
  const { options: begun = {} } = spec;
  const now = optionsInForce(spec, registry);
  const text = (value: unknown) => JSON.stringify(value);
  const other = Object.keys(now).find((name) => text(now[name]) !== text(begun[name]));
  if (other !== undefined) {
    const before = other in begun ? text(begun[other]) : "its default";
    throw usage(
      `the sweep was begun with ${before} for ${other}, and plugins.json has ${text(now[other])} now`,
      "set it as it was, or begin another sweep",
    );
  }
  const secret = Object.keys(begun).find((name) => begun[name] === HIDDEN && !(name in now));
  if (secret !== undefined)
    throw usage(`the sweep was begun with a secret ${secret}, which is not kept`, "set it in plugins.json");
}

function optionsInForce(plugins: Plugins, registry: Registry): PluginOptions {
  const named = entriesOf(plugins, registry).flatMap(({ plugin, schema, options }) =>
    Object.entries(toldOptions(schema, options)).map(([name, value]) => [dottedName(plugin.id, name), value]),
  );
  return Object.fromEntries(named);
}

function entriesOf({ proxies, loadTools, limiters }: Plugins, registry: Registry): Entry[] {
  return [
    ...proxies.map((id) => registry.get("proxy", id)),
    ...loadTools.map((id) => registry.get("load", id)),
    ...limiters.map((id) => registry.get("limiter", id)),
  ];
}

function usage(message: string, help: string): LabError {
  return new LabError("LAB_USAGE", message, { help });
}
