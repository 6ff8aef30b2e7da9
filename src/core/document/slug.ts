import type { ReportDocument } from "./document.ts";

const LONGEST = 80;

/** A text as an id and the name of a file: ASCII letters, digits and hyphens, at least one. */
export function slug(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .replace(/[^A-Za-z0-9]+/g, "-");
  return plain.slice(0, LONGEST).replace(/^-|-$/g, "") || "x";
}

/** The same report with ids that are slugs, each different from all others, also for file systems that ignore case. */
export function withSlugs(report: ReportDocument): ReportDocument {
  const taken = new Set<string>();
  const own = (id: string): string => {
    const wanted = slug(id);
    for (let place = 1; ; place++) {
      const found = place === 1 ? wanted : `${wanted}-${place}`;
      // A drawing also names its title and description.
      const names = [found, `${found}-title`, `${found}-desc`].map((name) => name.toLowerCase());
      if (names.some((name) => taken.has(name))) continue;
      for (const name of names) taken.add(name);
      return found;
    }
  };
  const sections = report.sections.map(({ id, title, blocks }) => ({
    id: own(id),
    title,
    blocks: blocks.map((block) => ("id" in block ? { ...block, id: own(block.id) } : block)),
  }));
  return { ...report, sections };
}
