import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ERRORS } from "../../src/core/errors.ts";

it("docs/errors.md lists the very errors of the code, with exit code and meaning", () => {
  const rows = [...readFileSync("docs/errors.md", "utf8").matchAll(/^\| (LAB_\w+) \| (\d+) \| (.*) \|$/gm)];
  const listed = rows.map(([, code, exit, meaning]) => [code, { exit: Number(exit), meaning }]);
  expect(Object.fromEntries(listed)).toEqual(ERRORS);
});

it("README names only experiment files and docs that there are", () => {
  const readme = readFileSync("README.md", "utf8");
  const files = [...readme.matchAll(/(?:docs|experiments)\/[\w-]+\.\w+/g)].map(([file]) => file);
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) expect(() => readFileSync(file)).not.toThrow();
});
