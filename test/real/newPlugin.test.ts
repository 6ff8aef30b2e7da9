import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { watchLeftovers } from "../fixtures/leftovers.ts";
import { missing, type Part } from "../fixtures/parts.ts";

/** The lab in a folder, with a `node` on its PATH for the programs of plugins. Rejects where it fails. */
async function lab(cwd: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, PATH: `${resolve("node_modules/.bin")}:${process.env.PATH}` };
  return (await promisify(execFile)(resolve("lab"), ["plugins", ...args], { cwd, env })).stdout;
}

describe("a plugin as lab plugins new makes it", () => {
  it.each<[string, Part[]]>([
    ["proxy", []],
    ["load", []],
    ["limiter", ["limiter/cgroup"]],
  ])("keeps every rule on this machine: %s", async (kind, parts) => {
    const without = await missing(...parts);
    const home = mkdtempSync(join(tmpdir(), "new-plugin-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const leftovers = watchLeftovers();
    await lab(home, "new", kind, "mine");
    const printed = await lab(home, "check", "lab-plugin-mine");
    expect(printed).toMatch(new RegExp(`${kind} mine: \\d+ checks, none failed`));
    expect(printed).toContain(without ? "skipped" : "on this machine:");
    expect(await leftovers()).toEqual([]);
  });
});
