import type { Plugin } from "../../contract/index.ts";
import { LocalHost } from "../../process/host.ts";
import { Ledger } from "../../process/ledger.ts";
import { attempt, type CheckResult } from "../conformance/attempt.ts";
import { liveChecks, Steps, type StepWatch } from "../conformance/live/index.ts";
import { ruleNames, tryRule } from "../conformance/rules.ts";
import { door } from "../door.ts";
import { threadOf } from "../isolated.ts";
import { findPlugin, importPlugin } from "../load.ts";
import type { Places } from "../locate.ts";
import { plugin as pluginSchema, requireShape } from "../schemas.ts";

const ruleTimeoutMs = 2_000;
const loadTimeoutMs = 5_000;
const rulesUrl = new URL("../conformance/rules.ts", import.meta.url).href;
/** The first rule of every kind; without it the others cannot be tried. */
const shapeRule = "has the shape of a plugin of its kind";

export interface Report {
  /** False when not even its code could be run. */
  readonly loaded: boolean;
  /** Absent where what was loaded is not a plugin. */
  readonly plugin?: Plugin;
  readonly results: readonly CheckResult[];
  /** Why the live part was left out, where it was asked for. */
  readonly liveSkipped?: string;
  /** The user wanted no more before all was tried. */
  readonly interrupted?: true;
}

export interface CheckOptions extends StepWatch {
  /** Tries the plugin on its real program too; ends that when the signal is aborted. */
  readonly live?: {
    /** Folder with the programs that the lab installed. */
    readonly dataDir?: string;
    readonly signal: AbortSignal;
  };
}

/**
 * Loads a plugin as a plugins.json would and tries on it every rule of the contract that needs no real part; with `live`
 * then also those that do, where its program is on this machine.
 */
export async function checkPlugin(use: string, places: Places, options: CheckOptions = {}): Promise<Report> {
  const tell = <R extends { readonly result: CheckResult }>(attempted: R): R => {
    options.onResult?.(attempted.result);
    results.push(attempted.result);
    return attempted;
  };
  const results: CheckResult[] = [];
  const bounds = { timeoutMs: loadTimeoutMs };
  const found = tell(
    await attempt("is there, for a contract that this lab has", () => findPlugin(use, places), bounds),
  );
  if (found.value === undefined) return { loaded: false, results };
  const path = found.value;
  const imported = tell(
    await attempt("its code runs", async () => ({ plugin: await importPlugin(path, loadTimeoutMs) }), bounds),
  );
  if (!imported.value) return { loaded: false, results };
  const unknown = imported.value.plugin;
  const shape = await attempt(shapeRule, () => checkShape(unknown), bounds);
  const plugin = shape.value;
  if (!plugin) {
    tell(shape);
    return { loaded: true, results };
  }
  const names = await attempt(shapeRule, () => ruleNamesOf(plugin), bounds);
  if (!names.value) tell(names);
  for (const name of names.value ?? []) tell(await tryOne(plugin, name));
  return { loaded: true, plugin, results, ...(await liveReport(plugin, use, results, options)) };
}

/** The checks that failed, as lines. */
export function problemsOf({ results }: Report): string[] {
  return results.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason}`);
}

function checkShape(value: unknown): Plugin {
  requireShape(pluginSchema, value);
  return value as Plugin;
}

async function ruleNamesOf(plugin: Plugin): Promise<string[]> {
  const thread = threadOf(plugin);
  return thread ? ((await thread.use(rulesUrl, "ruleNames")) as string[]) : ruleNames(plugin);
}

/** A rule is run where the plugin is. One that does not end takes the thread with it; the next one has a new thread. */
async function tryOne(plugin: Plugin, name: string) {
  const thread = threadOf(plugin);
  const run = async () => void (await (thread ? thread.use(rulesUrl, "tryRule", name) : tryRule(plugin, name)));
  const attempted = await attempt(name, run, { timeoutMs: ruleTimeoutMs });
  if (attempted.hangs) await thread?.end("it did not answer");
  return attempted;
}

/** The live part, where all rules before it hold and the plugin finds what it needs. */
async function liveReport(
  plugin: Plugin,
  use: string,
  results: CheckResult[],
  { live, onBegin, onResult }: CheckOptions,
): Promise<Partial<Report>> {
  if (!live || plugin.kind === "model") return {};
  if (results.some(({ ok }) => !ok)) return { liveSkipped: "the rules above come first" };
  const { signal, dataDir } = live;
  const tellAndKeep = (result: CheckResult) => {
    results.push(result);
    onResult?.(result);
  };
  const ledger = new Ledger();
  const host = await LocalHost.open(ledger, dataDir);
  const steps = new Steps(signal, { ...(onBegin ? { onBegin } : {}), onResult: tellAndKeep });
  try {
    const found = await door.detect(plugin, host, {}, signal);
    if (!found.available) return { liveSkipped: found.reason };
    await liveChecks({ host, owned: () => ledger.owned.length }, { plugin, options: {}, source: use }, steps);
    return {};
  } catch (error) {
    if (signal.aborted) return { interrupted: true };
    throw error;
  }
}
