import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  defaultInWords,
  defaultText,
  isFileKey,
  SWEEP_OPTIONS,
  type SweepOption,
} from "../../src/core/domain/options.ts";
import { ERRORS } from "../../src/core/errors.ts";

it("docs/errors.md lists the very errors of the code, with exit code and meaning", () => {
  const rows = [...readFileSync("docs/errors.md", "utf8").matchAll(/^\| (LAB_\w+) \| (\d+) \| (.*) \|$/gm)];
  const listed = rows.map(([, code, exit, meaning]) => [code, { exit: Number(exit), meaning }]);
  expect(Object.fromEntries(listed)).toEqual(ERRORS);
});

it("docs/experiments.md lists the very keys of experiment files, with their defaults", () => {
  const rows = [...readFileSync("docs/experiments.md", "utf8").matchAll(/^\| `(\w+)` \| .+ \| (.*?) ?\|$/gm)];
  const keys = Object.entries<SweepOption>(SWEEP_OPTIONS).filter(([, option]) => isFileKey(option));
  const wanted = keys.map(([id, option]) => [id, defaultInWords(option) ?? defaultText(option) ?? ""]);
  expect(rows.map(([, key, standard]) => [key, standard])).toEqual([...wanted, ["quick", ""]]);
});

it("README names only experiment files and docs that there are", () => {
  const readme = readFileSync("README.md", "utf8");
  const files = [...readme.matchAll(/(?:docs|experiments)\/[\w-]+\.\w+/g)].map(([file]) => file);
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) expect(() => readFileSync(file)).not.toThrow();
});
