import * as v from "valibot";
import type { ValueKind } from "../domain/levels.ts";
import { fullHelp, isFileKey, SWEEP_OPTIONS, type SweepOptions, type SweepWish } from "../domain/options.ts";
import { messageOf } from "../errors.ts";

const scalar = v.union([v.string(), v.number()], "must be one word or number");
const listOrOne = v.union([scalar, v.pipe(v.array(scalar), v.minLength(1, "must not be empty"))]);

const textsOrOne = v.union([v.string(), v.array(v.string())], "must be text, or a list of texts");

/** A value as it is written, and what it means. */
function valueSchema({ written, choices, least = 0, parse }: ValueKind): v.GenericSchema {
  if (written === "boolean") return v.boolean("must be true or false");
  if (written === "number") {
    const atLeast = least === 0 ? "must be 0 or more" : `must be at least ${least}`;
    return v.pipe(v.number("must be a number"), v.integer("must be a whole number"), v.minValue(least, atLeast));
  }
  if (choices) return choiceSchema(choices);
  const schema = { list: listOrOne, word: scalar, text: v.string("must be text"), lines: textsOrOne }[written];
  // What the parser throws becomes the issue.
  const parsed = v.rawTransform<string | number | (string | number)[], unknown>(({ dataset, addIssue, NEVER }) => {
    try {
      return parse([dataset.value].flat().join(written === "lines" ? "\n" : ","));
    } catch (error) {
      addIssue({ message: messageOf(error) });
      return NEVER;
    }
  });
  return v.pipe(schema, parsed);
}

/** Some words; those that are numbers may be written as such. */
function choiceSchema(choices: readonly string[]): v.GenericSchema {
  const numbers = choices.map(Number).filter((number) => !Number.isNaN(number));
  const schema = v.picklist<readonly (string | number)[], string>(
    [...choices, ...numbers],
    `must be ${choices.join(" or ")}`,
  );
  return numbers.length === 0 ? schema : v.pipe(schema, v.transform(String));
}

/** An optional key, and what an editor shows for it. */
function key<const S extends v.GenericSchema>(schema: S, help: string) {
  return v.pipe(v.optional(schema), v.description(`${help.charAt(0).toUpperCase()}${help.slice(1)}.`));
}

/** An experiment file as it is written, and what it means: keys are named as the flags of `lab sweep` are. */
export function fileSchema(options: SweepOptions = SWEEP_OPTIONS) {
  const keys = Object.fromEntries(
    Object.entries(options)
      .filter(([, option]) => isFileKey(option))
      .map(([id, option]) => [id, key(valueSchema(option.value), fullHelp(option))]),
  );
  const quick = key(v.strictObject(keys), "what is different with --quick");
  return v.strictObject({ ...keys, quick }) as v.GenericSchema<unknown, SweepWish & { readonly quick?: SweepWish }>;
}
