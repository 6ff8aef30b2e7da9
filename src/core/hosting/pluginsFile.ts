import { mkdir, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import * as v from "valibot";
import type { PluginOptions } from "../contract/index.ts";
import { LabError, messageOf } from "../errors.ts";
import { replaceFile } from "../store/output.ts";
import { portable } from "./locate.ts";
import { issueTexts, pluginsFile } from "./schemas.ts";

/** An entry of plugins.json as it is written there. */
export type Item = v.InferOutput<typeof pluginsFile>["plugins"][number];

/** What an entry of plugins.json asks for. */
export interface Request {
  /** Path, package name, or `builtin:<folder>/<name>`. */
  readonly use: string;
  /** Id instead of the plugin's own, so that one plugin can be used twice with other options. */
  readonly as?: string;
  /** Absolute path of the one program that it is to use. */
  readonly executable?: string;
  readonly options: PluginOptions;
}

/** The entries of a plugins.json. Throws LAB_PLUGINS_FILE. */
export async function readItems(file: string): Promise<Item[]> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw fileError(file, [`cannot be read: ${messageOf(cause)}`]);
  });
  const parsed = v.safeParse(pluginsFile, parseJson(file, text));
  if (!parsed.success) throw fileError(file, issueTexts(parsed.issues));
  return parsed.output.plugins;
}

/**
 * Changes a list of plugins; makes the folder that the file lies in where there is none. Where it is written elsewhere than
 * it was read, its entries go on meaning the same. Throws LAB_PLUGINS_FILE.
 */
export async function changeItems(
  { file, writeTo }: { readonly file: string; readonly writeTo: string },
  change: (items: readonly Item[]) => readonly Item[],
): Promise<void> {
  const items = await readItems(file);
  const plugins = change(file === writeTo ? items : items.map((item) => moveItem(item, dirname(resolve(file)))));
  try {
    await mkdir(dirname(writeTo), { recursive: true });
    await replaceFile(writeTo, `${JSON.stringify({ plugins }, null, 2)}\n`, 0o644);
  } catch (cause) {
    throw fileError(writeTo, [`cannot be written: ${messageOf(cause)}`]);
  }
}

function moveItem(item: Item, base: string): Item {
  return typeof item === "string" ? portable(item, base) : { ...item, use: portable(item.use, base) };
}

/** The same entry for who only wants to know its plugin, whatever is wrong with its options. */
export function withoutOptions(item: Item): Item {
  if (typeof item === "string") return item;
  const { options: _, ...rest } = item;
  return rest;
}

export function requestOf(item: Item): Request {
  if (typeof item === "string") return { use: item, options: {} };
  const { use, as, executable, options = {} } = item;
  return { use, ...(as !== undefined && { as }), ...(executable !== undefined && { executable }), options };
}

/** Problems of a plugins.json, all of them, as one error. */
function fileError(file: string, problems: readonly string[]): LabError {
  const lines = problems.map((problem) => `\n  - ${problem}`).join("");
  const message = problems.length === 1 ? `${file}: ${problems[0]}` : `${file}: ${problems.length} problems${lines}`;
  return new LabError("LAB_PLUGINS_FILE", message, {
    help: "correct the file (./lab plugins remove takes an entry out), or name another one with --plugins",
  });
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fileError(file, [`is not JSON: ${messageOf(cause)}`]);
  }
}
