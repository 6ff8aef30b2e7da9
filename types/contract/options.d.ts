/** Options of a plugin as it gets them: checked, with defaults, where it declares them; else as plugins.json has them. */
export type PluginOptions = Readonly<Record<string, unknown>>;
interface OptionOf<Type extends string, Value> {
    readonly type: Type;
    /** What it does, in one line without a capital and a full stop. */
    readonly meaning: string;
    /** The value where none is set; absent: the plugin decides, as a rule by the profile. */
    readonly default?: Value;
    /** Keep the value out of records, exports and messages. */
    readonly secret?: true;
}
interface NumberOption<Type extends "integer" | "number"> extends OptionOf<Type, number> {
    readonly minimum?: number;
    readonly maximum?: number;
    /** Such as `bytes` or `s`. */
    readonly unit?: string;
}
/** Beginnings that a line must not have, since the plugin sets these itself, each with the rest of a sentence: `is set by the lab`. */
type Reserved = Readonly<Record<string, string>>;
/** One option that a plugin takes. Text and lines are never empty and have no line break. */
export type PluginOption = OptionOf<"boolean", boolean> | NumberOption<"integer"> | NumberOption<"number"> | OptionOf<"text", string> | (OptionOf<"texts", readonly string[]> & {
    readonly reserved?: Reserved;
}) | (OptionOf<"choice", string> & {
    readonly choices: readonly [string, ...string[]];
});
/** The options that a plugin takes, by name: letters and digits, beginning with a letter. Plain data. */
export type OptionsSchema = Readonly<Record<string, PluginOption>>;
interface ValueOf {
    readonly boolean: boolean;
    readonly integer: number;
    readonly number: number;
    readonly text: string;
    readonly texts: readonly string[];
    readonly choice: string;
}
/** Options as a schema that is declared `as const satisfies OptionsSchema` lets a plugin have them. */
export type OptionsOf<S extends OptionsSchema> = {
    readonly [K in keyof S as S[K] extends {
        readonly default: unknown;
    } ? K : never]: Value<S[K]>;
} & {
    readonly [K in keyof S as S[K] extends {
        readonly default: unknown;
    } ? never : K]?: Value<S[K]>;
};
type Value<O extends PluginOption> = O extends {
    readonly choices: readonly (infer C)[];
} ? C : ValueOf[O["type"]];
export {};
