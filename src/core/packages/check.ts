import * as v from "valibot";
import { conformanceChecks } from "../conformance/index.ts";
import type { Plugin } from "../contract/index.ts";
import { messageOf } from "../errors.ts";
import { findPlugin, importPlugin } from "../plugins/load.ts";
import type { Places } from "../plugins/locate.ts";
import { issueTexts, plugin as pluginSchema } from "../plugins/schemas.ts";

const checkTimeoutMs = 2_000;
/** The first rule of every kind; without it the others cannot be tried. */
const shapeRule = "has the shape of a plugin of its kind";

/** What became of one rule. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** Why not, in one line. */
  readonly reason?: string;
}

export interface Report {
  /** False when not even its code could be run. */
  readonly loaded: boolean;
  /** Absent where what was loaded is not a plugin. */
  readonly plugin?: Plugin;
  readonly results: readonly CheckResult[];
}

/** Loads a plugin as a plugins.json would and tries on it every rule of the contract that needs no real part. */
export async function checkPlugin(use: string, places: Places): Promise<Report> {
  const found = await attempt("is there, for a contract that this lab has", () => findPlugin(use, places));
  if (found.value === undefined) return { loaded: false, results: [found.result] };
  const path = found.value;
  const imported = await attempt("its code runs", async () => ({ plugin: await importPlugin(path) }));
  if (!imported.value) return { loaded: false, results: [found.result, imported.result] };
  const { plugin } = imported.value;
  const results = [found.result, imported.result];
  const shape = await attempt(shapeRule, () => checkShape(plugin));
  if (!shape.value) return { loaded: true, results: [...results, shape.result] };
  for (const { name, run } of conformanceChecks(shape.value)) results.push((await attempt(name, run)).result);
  return { loaded: true, plugin: shape.value, results };
}

/** The checks that failed, as lines. */
export function problemsOf({ results }: Report): string[] {
  return results.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason}`);
}

function checkShape(value: unknown): Plugin {
  const parsed = v.safeParse(pluginSchema, value);
  if (!parsed.success) throw new Error(issueTexts(parsed.issues).join("; "));
  return value as Plugin;
}

async function attempt<T>(name: string, run: () => T | Promise<T>): Promise<{ result: CheckResult; value?: T }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not settle in ${checkTimeoutMs / 1000} s`)), checkTimeoutMs);
  });
  try {
    return { result: { name, ok: true }, value: await Promise.race([run(), late]) };
  } catch (cause) {
    return { result: { name, ok: false, reason: messageOf(cause) } };
  } finally {
    clearTimeout(timer);
  }
}
