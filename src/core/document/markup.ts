/** Text of a markup language that may stand in a document as it is. */
export interface Markup<Language extends string> {
  readonly language: Language;
  readonly text: string;
}

/** What may stand in a template: markup of the same language as it is, a list part by part, all else escaped. */
export type MarkupPart<Language extends string> = string | number | Markup<Language> | readonly MarkupPart<Language>[];

/** A tag for templates that escapes everything put into them, but for markup of its own language. */
export function markup<Language extends string>(language: Language, escaped: (text: string) => string) {
  const written = (part: MarkupPart<Language>): string => {
    if (typeof part !== "object") return escaped(String(part));
    if (!("language" in part)) return part.map(written).join("");
    return part.language === language ? part.text : escaped(part.text);
  };
  return (fixed: TemplateStringsArray, ...parts: readonly MarkupPart<Language>[]): Markup<Language> => ({
    language,
    text: fixed.map((text, index) => text + (index < parts.length ? written(parts[index]!) : "")).join(""),
  });
}

/** Parts with something fixed between them, a line break unless given. */
export function separated<L extends string>(parts: readonly Markup<L>[], between = "\n"): Markup<L>[] {
  return parts.map((part, index) => (index === 0 ? part : { ...part, text: `${between}${part.text}` }));
}
