import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const documents = ["docs/navigating.md", "docs/architecture.md"];

describe.each(documents)("%s", (document) => {
  const words = [...readFileSync(document, "utf8").matchAll(/`([^`\s]+)`/g)].map(([, word]) => word!);
  const paths = words.filter((word) => /^[\w*./-]+\/([\w.*-]+\.(ts|tsx|sh|md|json|yaml))?$/.test(word));

  it("names many places", () => expect(paths.length).toBeGreaterThan(3));

  it.each([...new Set(paths)])("names %s, which is there", (path) => {
    const places = [path, `src/${path}`, `src/core/${path}`];
    expect(places.some((place) => (place.includes("*") ? globSync(place).length > 0 : existsSync(place)))).toBe(true);
  });
});

it("gives every folder of core its line in the map", () => {
  const map = readFileSync("docs/navigating.md", "utf8");
  const folders = globSync("src/core/*/").map((folder) => folder.replace(/\/?$/, "/").slice("src/core/".length));
  expect(folders.length).toBeGreaterThan(10);
  for (const folder of folders) expect(map).toContain(`\n  ${folder} `);
});
