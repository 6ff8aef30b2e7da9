import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";

import { contractReference } from "../scripts/contract.ts";

const compiler = resolve("node_modules/.bin/tsc");

/** What the TypeScript compiler says in a folder; nothing where all is well. */
async function compile(cwd: string, ...args: string[]): Promise<string> {
  return promisify(execFile)(compiler, args, { cwd }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "lab-types-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

const contentsOf = (dir: string) =>
  Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "utf8")]));

const plugin = `import { defineModel } from "proxy-lab/contract";
import { conformanceChecks } from "proxy-lab/conformance";
const mean = defineModel({
  id: "mean",
  title: "Mean",
  minimumRows: 1,
  fit: ({ y }) => y.reduce((sum, value) => sum + value, 0) / y.length,
  predict: (state, x) => x.map(() => Number(state)),
});
for (const { name, run } of conformanceChecks(mean)) console.log(name, run);
export default mean;
`;

describe("the declarations for plugins in TypeScript", () => {
  it("are those of the contract as it is: npm run docs:types", async () => {
    const made = folder();
    expect(await compile(".", "--project", "types", "--outDir", made)).toBe("");
    expect(contentsOf("types/contract")).toEqual(contentsOf(made));
  });

  it("are what docs/contract.md shows: npm run docs:types", () => {
    expect(readFileSync("docs/contract.md", "utf8")).toBe(contractReference());
  });

  it("let a package compile that has the lab in its node_modules, with all checks on", async () => {
    const home = folder();
    mkdirSync(join(home, "node_modules"));
    symlinkSync(resolve("."), join(home, "node_modules/proxy-lab"));
    writeFileSync(join(home, "package.json"), '{ "type": "module" }');
    writeFileSync(join(home, "index.ts"), plugin);
    const strictly = ["--strict", "--module", "nodenext", "--target", "es2024", "--noEmit"];
    expect(await compile(home, ...strictly, "index.ts")).toBe("");
    writeFileSync(join(home, "index.ts"), plugin.replace("minimumRows: 1", 'minimumRows: "1"'));
    expect(await compile(home, ...strictly, "index.ts")).toMatch(/index\.ts.*TS2322/);
  });
});
