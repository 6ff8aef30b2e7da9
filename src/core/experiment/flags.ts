import { parse, stringify } from "yaml";
import type { Role } from "../contract/index.ts";
import {
  parseChoice,
  parseCount,
  parseCountLevels,
  parseCpuLevels,
  parseMemoryLevels,
  parseNames,
  parseRate,
  parseSeconds,
  parseSecondsOrNone,
  parseShare,
  parseSize,
} from "../domain/levels.ts";
import { PLANS, type SweepSpec } from "../domain/spec.ts";
import { LabError } from "../errors.ts";
import type { Registry } from "../hosting/registry.ts";
import type { SweepFlags } from "./arguments.ts";
import { defaultSpec } from "./defaults.ts";
import { parseExperiment, readExperiment, type SweepWish, toSpec } from "./file.ts";

/** Flags, over an experiment file if there is one, over defaults. Throws LAB_USAGE or LAB_EXPERIMENT_FILE. */
export async function specFrom(flags: SweepFlags, file: string | undefined, registry: Registry): Promise<SweepSpec> {
  if (flags.quick && !file) throw new LabError("LAB_USAGE", "--quick is for experiment files", { help: "name one" });
  const fromFile = file ? await readExperiment(file, { quick: flags.quick }) : {};
  const wish = { ...fromFile, ...defined(wishFrom(flags)) };
  if (wish.origin !== undefined) checkUrl(wish.origin);
  const proxies = proxiesOf(registry, wish.role ?? defaultSpec.role);
  return toSpec(wish, defaultSpec, { proxies, seed: Math.floor(Math.random() * 1_000_000) + 1 });
}

/** Without --proxy: all that can be measured side by side, the built-in one aside. */
function proxiesOf(registry: Registry, role: Role): string[] {
  return registry
    .list("proxy")
    .filter(({ plugin }) => plugin.supports.roles.includes(role) && plugin.id !== "builtin")
    .map(({ plugin }) => plugin.id);
}

function wishFrom(flags: SweepFlags): SweepWish {
  return {
    proxy: given(flags.proxy, (text) => parseNames(text, "--proxy")),
    load: given(flags.load, (text) => parseNames(text, "--load")),
    limiter: given(flags.limiter, (text) => parseNames(text, "--limiter")),
    role: given(flags.role, (text) => parseChoice(text, ["reverse", "forward"] as const, "--role")),
    cpu: given(flags.cpu, (text) => parseCpuLevels(text, "--cpu")),
    memory: given(flags.memory, (text) => parseMemoryLevels(text, "--memory")),
    servers: given(flags.servers, (text) => parseCountLevels(text, "--servers")),
    concurrency: given(flags.concurrency, (text) => parseCountLevels(text, "--concurrency")),
    replicates: given(flags.replicates, (text) => parseCount(text, "--replicates")),
    plan: given(flags.plan, (text) => parseChoice(text, PLANS, "--plan")),
    trials: given(flags.trials, (text) => parseCount(text, "--trials")),
    until: given(flags.until, (text) => parseShare(text, "--until")),
    budget: given(flags.budget, (text) => parseSeconds(text, "--budget")),
    seed: given(flags.seed, (text) => parseCount(text, "--seed")),
    profile: given(flags.profile, (text) => parseChoice(text, ["fair", "as-shipped"] as const, "--profile")),
    keepAlive: flags.keepAlive === false ? false : undefined,
    maxWindow: given(flags.maxWindow, (text) => parseSeconds(text, "--max-window")),
    rate: given(flags.rate, (text) => parseRate(text, "--rate")),
    anchors: given(flags.anchors, (text) => (text === "0" ? 0 : parseCount(text, "--anchors"))),
    window: given(flags.window, (text) => parseSeconds(text, "--window")),
    warmup: given(flags.warmup, (text) => parseSecondsOrNone(text, "--warmup")),
    body: given(flags.body, (text) => parseSize(text, "--body")),
    originDelay: given(flags.originDelay, (text) => parseSecondsOrNone(text, "--origin-delay")),
    origin: flags.origin,
    fresh: flags.fresh,
  };
}

function given<T>(text: string | undefined, parse: (text: string) => T): T | undefined {
  return text === undefined ? undefined : parse(text);
}

function checkUrl(text: string): void {
  if (URL.canParse(text) && new URL(text).protocol === "http:") return;
  throw new LabError("LAB_USAGE", `--origin: "${text}" is not an http:// URL`);
}

function defined(wish: SweepWish): SweepWish {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}

/** Options whose value is a number in an experiment file. */
const numbers: ReadonlySet<string> = new Set(["replicates", "trials", "seed", "anchors"]);

/** Flags as the text of an experiment file. */
export function experimentText(flags: SweepFlags): string {
  const entries = Object.entries(flags).filter(([, value]) => value !== undefined);
  return stringify(
    Object.fromEntries(entries.map(([name, value]) => [name, numbers.has(name) ? Number(value) : value])),
  );
}

/** The flags that say the same as an experiment file; its title, and its quick variant, are none. Throws LAB_EXPERIMENT_FILE. */
export function flagsFromExperiment(text: string, file: string): { title?: string; flags: SweepFlags } {
  parseExperiment(text, file);
  const { title, quick: _, ...rest } = (parse(text) ?? {}) as Record<string, unknown>;
  const flags = Object.entries(rest).map(([name, value]) => [name, typeof value === "boolean" ? value : String(value)]);
  return { ...(title === undefined ? {} : { title: String(title) }), flags: Object.fromEntries(flags) };
}
