import { type Markup, markup } from "../markup.ts";

export type Html = Markup<"html">;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HTML or SVG. Whatever is put in is escaped, also inside attributes in quotes, unless it is `Html` itself. */
export const html = markup("html", (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!));

/** Text that is HTML already: a style of our own, a drawing of Vega's. */
export function safeHtml(text: string): Html {
  return { language: "html", text };
}
