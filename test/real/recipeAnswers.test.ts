import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { watchLeftovers } from "../fixtures/leftovers.ts";
import { missing } from "../fixtures/parts.ts";
import { folderOf, inShell, recipes } from "../fixtures/recipes.ts";
import { ownStore } from "../fixtures/runLab.ts";

const parts = recipes.map(({ proxy }) => `proxy/${proxy}` as const);
const without = await missing(...parts, "load/vegeta", "limiter/cgroup");
const sayWhy = without && ` (not run: ${without})`;

describe.skipIf(without)(`docs/recipes.md, followed to the letter${sayWhy}`, () => {
  it.each(recipes)("$proxy: from the file to a verified answer", { timeout: 240_000, retry: 1 }, async (recipe) => {
    const leftovers = watchLeftovers();
    const folder = await folderOf(recipe);
    const command = recipe.commands
      .at(-1)!
      .trim()
      .replace("./lab", `${resolve("lab")} --store ${ownStore()}`);
    const { stdout } = await inShell(`${command} --json`, folder);
    const answer = JSON.parse(stdout.trim().split("\n").at(-1)!);
    expect(answer).toMatchObject({ type: "size", proxy: recipe.proxy, recommendedCpu: expect.any(Number) });
    expect(answer.verification.recommended.held).toBe(true);
    expect(await leftovers()).toEqual([]);
  });
});
