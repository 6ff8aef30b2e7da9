import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OptionsSchema, PluginOption } from "../../../src/core/contract/index.ts";
import {
  HIDDEN,
  optionFaults,
  parseOption,
  secretTexts,
  toldOptions,
  valueFault,
  withDefaults,
} from "../../../src/core/hosting/options.ts";

const schema = {
  log: { type: "boolean", meaning: "log" },
  threads: { type: "integer", minimum: 1, maximum: 8, default: 2, meaning: "threads" },
  ratio: { type: "number", unit: "s", meaning: "ratio" },
  image: { type: "text", meaning: "image" },
  mode: { type: "choice", choices: ["fast", "slow"], default: "fast", meaning: "mode" },
  lines: {
    type: "texts",
    meaning: "lines",
    reserved: { "no log": "is the option log", "--entry": "is set by the lab" },
  },
  token: { type: "text", secret: true, meaning: "token" },
} as const satisfies OptionsSchema;

const sound = {
  log: false,
  threads: 8,
  ratio: -0.5,
  image: "a b",
  mode: "slow",
  lines: ["log on", "no logs"],
  token: "t",
};

describe("options that are set", () => {
  it("are taken as they are declared", () => expect(optionFaults(schema, sound)).toEqual([]));

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["a mistyped name", { thread: 1 }, /^option thread: .*\bthreads\?$/],
    ["a name that nothing is like", { zzz: 1 }, /^option zzz: .*\blog, threads\b/],
    ["a name of every object", { constructor: 1 }, /^option constructor: /],
    ["text for a switch", { log: "on" }, /^option log: "on" .*true or false/],
    ["a fraction for a whole number", { threads: 1.5 }, /^option threads: 1\.5 /],
    ["a number under the range", { threads: 0 }, /^option threads: 0 .*from 1 to 8$/],
    ["a number over the range", { threads: 9 }, /^option threads: 9 /],
    ["no number", { ratio: "1" }, /^option ratio: "1" .*number of s$/],
    ["empty text", { image: "" }, /^option image: "" /],
    ["text of two lines", { image: "a\nb" }, /^option image: "a\\nb" /],
    ["a word that is no choice", { mode: "medium" }, /^option mode: "medium" .*fast, slow$/],
    ["one line for a list", { lines: "log" }, /^option lines: "log" .*list/],
    ["a line that begins with what is reserved", { lines: ["ok", "  NO  log x"] }, /no log is the option log$/],
    ["what lies below it by dots", { lines: ["--ENTRY.web=1"] }, /--entry is set by the lab$/],
    ["a secret that is wrong, unseen", { token: 5 }, /^option token: its value\b(?!.*5)/],
  ])("are refused by name: %s", (_, set, reason) => {
    expect(optionFaults(schema, set)).toEqual([expect.stringMatching(reason)]);
  });

  it("are refused all together", () => expect(optionFaults(schema, { a: 1, log: 1, mode: "slow" })).toHaveLength(2));

  it("stand over the defaults", () => {
    expect(withDefaults(schema, { log: true, threads: 3 })).toEqual({ log: true, threads: 3, mode: "fast" });
  });
});

describe("what is told of options", () => {
  it("is what differs from the defaults, in one order, without secrets", () => {
    const options = { token: "s3cret", threads: 2, mode: "slow", lines: ["a"] };
    expect(toldOptions(schema, options)).toEqual({ lines: ["a"], mode: "slow", token: HIDDEN });
    expect(Object.keys(toldOptions(schema, options))).toEqual(["lines", "mode", "token"]);
    expect(secretTexts(schema, options)).toEqual(["s3cret"]);
  });

  it("is nothing where all stand as by default, and all where nobody knows the defaults", () => {
    expect(toldOptions(schema, withDefaults(schema, {}))).toEqual({});
    expect(toldOptions(undefined, { depth: [1] })).toEqual({ depth: [1] });
  });
});

describe("an option on the command line", () => {
  it.each<[PluginOption, string[], unknown]>([
    [schema.log, ["on"], true],
    [schema.log, ["false"], false],
    [schema.threads, ["4"], 4],
    [schema.ratio, ["-0.25"], -0.25],
    [schema.image, ["a,b"], "a,b"],
    [schema.mode, ["slow"], "slow"],
    [schema.lines, ["a, b", "c"], ["a, b", "c"]],
  ])("%j is read from %j", (option, texts, value) => expect(parseOption("p.x", option, texts)).toEqual(value));

  it.each<[string, PluginOption, string[], RegExp]>([
    ["no switch", schema.log, ["maybe"], /"maybe" .*true or false/],
    ["no number", schema.threads, ["many"], /"many" .*whole number/],
    ["nothing", schema.ratio, [" "], /" " /],
    ["a value out of range", schema.threads, ["99"], /99 .*from 1 to 8/],
    ["several values", schema.log, ["on,off"], /"on,off".*several.*"as"/],
    ["two values", schema.log, ["on", "off"], /twice/],
    ["a reserved line", schema.lines, ["no log"], /option log/],
  ])("is refused with its name: %s", (_, option, texts, reason) => {
    expect(() => parseOption("p.x", option, texts)).toThrow(reason);
    expect(() => parseOption("p.x", option, texts)).toThrow(/^p\.x: /);
  });

  it("never becomes a value that the plugin does not take", () => {
    const options = fc.constantFrom<PluginOption>(...Object.values(schema));
    fc.assert(
      fc.property(options, fc.array(fc.string(), { minLength: 1, maxLength: 3 }), (option, texts) => {
        let value: unknown;
        try {
          value = parseOption("p.x", option, texts);
        } catch (error) {
          expect((error as Error).message).toMatch(/^p\.x: /);
          return;
        }
        expect(valueFault(option, value)).toBeUndefined();
      }),
    );
  });
});
