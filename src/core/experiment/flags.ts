import { parse, stringify } from "yaml";
import type { Role } from "../contract/index.ts";
import { withoutAbsent } from "../domain/absent.ts";
import {
  flagOf,
  isFileKey,
  isOn,
  SWEEP_OPTIONS,
  type SweepFlags,
  type SweepOption,
  type SweepOptions,
  type SweepWish,
  textsOf,
} from "../domain/options.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { LabError } from "../errors.ts";
import type { Registry } from "../hosting/registry.ts";
import { defaultSpec, toSpec } from "./defaults.ts";
import { parseExperiment, readExperiment } from "./file.ts";
import { parseOptions } from "./pluginOptions.ts";

/**
 * Flags, over an experiment file if there is one, over defaults. Throws LAB_USAGE, LAB_UNKNOWN_PLUGIN or
 * LAB_EXPERIMENT_FILE.
 */
export async function specFrom(flags: SweepFlags, file: string | undefined, registry: Registry): Promise<SweepSpec> {
  if (flags.quick && !file) throw new LabError("LAB_USAGE", "--quick is for experiment files", { help: "name one" });
  const fromFile = file ? await readExperiment(file, { quick: flags.quick }) : {};
  const wish = { ...fromFile, ...wishFrom(flags) };
  const proxies = proxiesOf(registry, wish.role ?? defaultSpec.role);
  const spec = toSpec(wish, { proxies, seed: Math.floor(Math.random() * 1_000_000) + 1 });
  return wish.option ? { ...spec, options: parseOptions(wish.option, spec, registry) } : spec;
}

/** Without --proxy: all that can be measured side by side, the built-in one aside. */
function proxiesOf(registry: Registry, role: Role): string[] {
  return registry
    .list("proxy")
    .filter(({ plugin }) => plugin.supports.roles.includes(role) && plugin.id !== "builtin")
    .map(({ plugin }) => plugin.id);
}

/** What flags say; a switch that stands as by default says nothing. Throws LAB_USAGE. */
export function wishFrom(flags: SweepFlags, options: SweepOptions = SWEEP_OPTIONS): SweepWish {
  const said = Object.entries<string | boolean>(withoutAbsent(flags)).flatMap(([id, value]) => {
    const option = options[id];
    if (!option || !isFileKey(option) || value === isOn(option)) return [];
    return [[id, typeof value === "boolean" ? value : option.value.parse(value, flagOf(id, option))]];
  });
  return Object.fromEntries(said);
}

/** Flags as the text of an experiment file. */
export function experimentText(flags: SweepFlags, options: SweepOptions = SWEEP_OPTIONS): string {
  const entries = Object.entries<string | boolean>(withoutAbsent(flags)).flatMap(([id, value]) => {
    const option = options[id];
    if (!option || !isFileKey(option)) return [];
    return [[id, inFile(option, value)]];
  });
  return stringify(Object.fromEntries(entries));
}

function inFile(option: SweepOption, value: string | boolean): unknown {
  if (typeof value === "boolean" || option.value.written === "text") return value;
  if (option.value.written === "number") return Number(value);
  return option.value.written === "lines" ? textsOf(option, value) : value;
}

/** The flags that say the same as an experiment file; its title, and its quick variant, are none. Throws LAB_EXPERIMENT_FILE. */
export function flagsFromExperiment(
  text: string,
  file: string,
  options: SweepOptions = SWEEP_OPTIONS,
): { title?: string; flags: SweepFlags } {
  parseExperiment(text, file, { options });
  const { title, quick: _, ...rest } = (parse(text) ?? {}) as Record<string, unknown>;
  const flags = Object.entries(rest).map(([id, value]) => {
    if (typeof value === "boolean") return [id, value];
    return [id, [value].flat().join(options[id]?.value.written === "lines" ? "\n" : ",")];
  });
  return { ...(title === undefined ? {} : { title: String(title) }), flags: Object.fromEntries(flags) };
}
