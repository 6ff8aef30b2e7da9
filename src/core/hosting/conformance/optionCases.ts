import type { OptionsSchema, PluginOption } from "../../contract/index.ts";

/** An option with a value that it takes. */
interface OptionCase {
  readonly name: string;
  readonly value: unknown;
  readonly words: string;
}

/** Values of each option to try a plugin with: those that there are, the ends of a range, or any. */
export function optionCases(schema: OptionsSchema = {}): OptionCase[] {
  return Object.entries(schema).flatMap(([name, option]) =>
    valuesOf(option).map((value) => ({ name, value, words: `${name} ${JSON.stringify(value)}` })),
  );
}

function valuesOf(option: PluginOption): unknown[] {
  switch (option.type) {
    case "boolean":
      return [true, false];
    case "choice":
      return [...option.choices];
    case "text":
      return ["text"];
    case "texts":
      return [[], ["line"]];
    default: {
      const { minimum = Math.min(1, option.maximum ?? 1), maximum = Math.max(1, minimum) } = option;
      return [...new Set([minimum, maximum])];
    }
  }
}
