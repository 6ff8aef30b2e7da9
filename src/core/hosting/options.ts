import { isDeepStrictEqual } from "node:util";
import type { OptionsSchema, PluginOption, PluginOptions } from "../contract/index.ts";
import { nearestName } from "./nearest.ts";

/** Stands for the value of a secret option in what is kept and shown. */
export const HIDDEN = "(secret)";

/** What is wrong with the options that are set, a line for each; none where a plugin of this schema can be given them. */
export function optionFaults(schema: OptionsSchema, set: PluginOptions): string[] {
  return Object.entries(set).flatMap(([name, value]) => {
    const option = optionNamed(schema, name);
    const fault = option ? valueFault(option, value) : `there is none; ${otherwise(schema, name)}`;
    return fault === undefined ? [] : [`option ${name}: ${fault}`];
  });
}

/** The option of a name; `undefined` where there is none. */
export function optionNamed(schema: OptionsSchema, name: string): PluginOption | undefined {
  return Object.hasOwn(schema, name) ? schema[name] : undefined;
}

/** What is wrong with a value; `undefined` where nothing is. */
export function valueFault(option: PluginOption, value: unknown): string | undefined {
  if (!fits(option, value)) return `${option.secret ? "its value" : JSON.stringify(value)} is not ${wantedBy(option)}`;
  if (option.type !== "texts") return undefined;
  const reserved = Object.entries(option.reserved ?? {});
  for (const line of value as readonly string[]) {
    const found = reserved.find(([word]) => beginsWith(line, word));
    if (found) return `"${line}" is not for it: ${found[0]} ${found[1]}`;
  }
  return undefined;
}

/** What kind of value an option takes, in words: `a whole number from 1`. */
export function wantedBy(option: PluginOption): string {
  switch (option.type) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number${rangeOf(option)}`;
    case "number":
      return `a number${rangeOf(option)}`;
    case "text":
      return "text of one line";
    case "texts":
      return "a list of lines";
    case "choice":
      return option.choices.length > 1 ? `one of ${option.choices.join(", ")}` : option.choices[0];
  }
}

/** All options that a plugin gets: what is set, and the defaults of the rest. */
export function withDefaults(schema: OptionsSchema, set: PluginOptions): PluginOptions {
  const standard = Object.entries(schema).flatMap(([name, option]) =>
    option.default === undefined ? [] : [[name, option.default]],
  );
  return { ...Object.fromEntries(standard), ...set };
}

/** Those that differ from the defaults, in order of their names, secret ones without their value. For what is kept. */
export function toldOptions(schema: OptionsSchema | undefined, options: PluginOptions): PluginOptions {
  const option = (name: string) => schema && optionNamed(schema, name);
  const told = Object.entries(options)
    .filter(([name, value]) => value !== undefined && !isDeepStrictEqual(value, option(name)?.default))
    .map(([name, value]): [string, unknown] => [name, option(name)?.secret ? HIDDEN : value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(told);
}

/** Texts that secret options stand for, to be left out of what is kept. */
export function secretTexts(schema: OptionsSchema = {}, options: PluginOptions): string[] {
  const secrets = Object.entries(options).filter(([name]) => optionNamed(schema, name)?.secret);
  return secrets.flatMap(([, value]) => value).flatMap((value) => (value === undefined ? [] : [String(value)]));
}

/** The value that the texts of a command line stand for, one after the other. Throws an Error of one line, which begins with the name. */
export function parseOption(name: string, option: PluginOption, texts: readonly string[]): unknown {
  const value = option.type === "texts" ? texts : parseOne(name, option, texts);
  const fault = valueFault(option, value);
  if (fault === undefined) return value;
  throw new Error(`${name}: ${fault}`);
}

const switches: Readonly<Record<string, boolean>> = {
  on: true,
  true: true,
  yes: true,
  off: false,
  false: false,
  no: false,
};

function parseOne(name: string, option: PluginOption, [text = "", ...more]: readonly string[]): unknown {
  if (more.length > 0) throw new Error(`${name}: it is set twice`);
  if (option.type === "text") return text;
  if (text.includes(","))
    throw new Error(`${name}: "${text}" are several values; to compare them, list the plugin twice, with "as"`);
  if (option.type === "boolean") return switches[text] ?? text;
  if (option.type === "choice") return text;
  return text.trim() === "" ? text : (finite(Number(text)) ?? text);
}

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}

function fits(option: PluginOption, value: unknown): boolean {
  switch (option.type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isSafeInteger(value) && isWithin(option, value as number);
    case "number":
      return Number.isFinite(value) && isWithin(option, value as number);
    case "text":
      return isLine(value);
    case "texts":
      return Array.isArray(value) && value.every(isLine);
    case "choice":
      return option.choices.some((choice) => choice === value);
  }
}

type Range = Pick<Extract<PluginOption, { readonly type: "integer" }>, "minimum" | "maximum" | "unit">;

function isWithin({ minimum = -Infinity, maximum = Infinity }: Range, value: number): boolean {
  return value >= minimum && value <= maximum;
}

function rangeOf({ minimum, maximum, unit }: Range): string {
  const words = [
    ...(unit === undefined ? [] : [`of ${unit}`]),
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
  ];
  return words.map((word) => ` ${word}`).join("");
}

function isLine(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !/[\n\r\0]/.test(value);
}

/** Whether a line begins with words, whatever the case of their letters; what is below them by dots begins with them, too. */
function beginsWith(line: string, words: string): boolean {
  const text = line.trim().replaceAll(/\s+/g, " ").toLowerCase();
  return text.startsWith(words.toLowerCase()) && !/[\w-]/.test(text.charAt(words.length));
}

function otherwise(schema: OptionsSchema, name: string): string {
  const names = Object.keys(schema);
  const nearest = nearestName(name, names);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  return names.length > 0 ? `it takes ${names.join(", ")}` : "it takes no options";
}
