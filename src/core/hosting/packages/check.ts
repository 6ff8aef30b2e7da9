import type { LimiterPlugin, LoadPlugin, Plugin, PluginOptions, ProxyPlugin } from "../../contract/index.ts";
import { LocalHost } from "../../process/host.ts";
import { Ledger } from "../../process/ledger.ts";
import { attempt, type CheckResult } from "../conformance/attempt.ts";
import type { LiveLab } from "../conformance/live/lab.ts";
import { limiterLive } from "../conformance/live/limiter.ts";
import { loadLive } from "../conformance/live/load.ts";
import { proxyLive } from "../conformance/live/proxy.ts";
import { Steps, type StepWatch } from "../conformance/live/steps.ts";
import { tellsVersion } from "../conformance/live/version.ts";
import { ruleNames, tryRule } from "../conformance/rules.ts";
import { door } from "../door.ts";
import { threadOf } from "../isolated.ts";
import { asPlugin, findPlugin, importPlugin } from "../load.ts";
import type { Places } from "../locate.ts";
import { withDefaults } from "../options.ts";
import type { Entry } from "../registry.ts";

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

interface LiveOptions {
  /** Folder with the programs that the lab installed. */
  readonly dataDir?: string;
  readonly signal: AbortSignal;
}

export interface CheckOptions extends StepWatch {
  /** Tries the plugin on its real program too; ends that when the signal is aborted. */
  readonly live?: LiveOptions;
  /** Options to try it with, over its defaults; none unless given. */
  readonly set?: PluginOptions;
}

/**
 * Loads a plugin as a plugins.json would and tries on it every rule of the contract that needs no real part; with `live`
 * then also those that do, where its program is on this machine.
 */
export async function checkPlugin(use: string, places: Places, options: CheckOptions = {}): Promise<Report> {
  const results: CheckResult[] = [];
  const tell = (result: CheckResult) => {
    results.push(result);
    options.onResult?.(result);
  };
  /** What a rule gives; `undefined` if it is broken. `quiet`: reported only then, since it is among the rules that follow. */
  const tried = async <T>(name: string, run: () => T | Promise<T>, quiet = false): Promise<T | undefined> => {
    const { result, value } = await attempt(name, run, { timeoutMs: loadTimeoutMs });
    if (!quiet || !result.ok) tell(result);
    return value;
  };
  const found = await tried("is there, for a contract that this lab has", () => findPlugin(use, places));
  if (!found) return { loaded: false, results };
  const imported = await tried("its code runs", async () => ({ value: await importPlugin(found.path, loadTimeoutMs) }));
  if (!imported) return { loaded: false, results };
  const plugin = await tried(shapeRule, () => asPlugin(imported.value, found.path), true);
  if (!plugin) return { loaded: true, results };
  const { set = {} } = options;
  const names = await tried(shapeRule, () => ruleNamesOf(plugin, set), true);
  for (const name of names ?? []) tell(await tryOne(plugin, name, set));
  const report = { loaded: true, plugin, results };
  if (!options.live || plugin.kind === "model") return report;
  if (problemsOf(report).length > 0) return { ...report, liveSkipped: "the rules above come first" };
  const watch = { ...options, onResult: tell };
  return {
    ...report,
    ...(await liveReport(
      { plugin, options: withDefaults(plugin.options ?? {}, set), source: use },
      options.live,
      watch,
    )),
  };
}

/** The checks that failed, as lines. */
export function problemsOf({ results }: Report): string[] {
  return results.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason}`);
}

async function ruleNamesOf(plugin: Plugin, set: PluginOptions): Promise<string[]> {
  const thread = threadOf(plugin);
  return thread ? ((await thread.use(rulesUrl, "ruleNames", set)) as string[]) : ruleNames(plugin, set);
}

/** A rule is run where the plugin is. One that does not end takes the thread with it; the next one has a new thread. */
async function tryOne(plugin: Plugin, name: string, set: PluginOptions): Promise<CheckResult> {
  const thread = threadOf(plugin);
  const run = async () =>
    void (await (thread ? thread.use(rulesUrl, "tryRule", name, set) : tryRule(plugin, name, set)));
  const { result, hangs } = await attempt(name, run, { timeoutMs: ruleTimeoutMs });
  if (hangs) await thread?.end("it did not answer");
  return result;
}

/** The live part, if the plugin finds what it needs. */
async function liveReport(entry: Entry, { signal, dataDir }: LiveOptions, watch: StepWatch): Promise<Partial<Report>> {
  const ledger = new Ledger();
  const host = await LocalHost.open(ledger, dataDir);
  try {
    const found = await door.detect(entry.plugin, host, entry.options, signal);
    if (!found.available) return { liveSkipped: found.reason };
    const steps = new Steps(signal, watch);
    const { plugin } = entry;
    if (plugin.kind === "proxy" || plugin.kind === "load")
      await steps.try("tells its version", () => tellsVersion(plugin, found, host));
    await liveChecks({ host, owned: () => ledger.owned.length }, entry, steps);
    return {};
  } catch (error) {
    if (signal.aborted) return { interrupted: true };
    throw error;
  }
}

/**
 * Tries a plugin on its real program, step by step; what was started is ended when this resolves or rejects. A model has
 * no program: all its rules are pure. Throws LAB_INTERRUPTED when the signal of the steps is aborted.
 */
async function liveChecks(lab: LiveLab, entry: Entry, steps: Steps): Promise<void> {
  const { kind } = entry.plugin;
  if (kind === "proxy") await proxyLive(lab, entry as Entry<ProxyPlugin>, steps);
  if (kind === "load") await loadLive(lab, entry as Entry<LoadPlugin>, steps);
  if (kind === "limiter") await limiterLive(lab, entry as Entry<LimiterPlugin>, steps);
}
