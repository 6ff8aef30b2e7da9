import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { missing } from "../fixtures/parts.ts";

interface Block {
  readonly language: string;
  readonly file: string | undefined;
  readonly text: string;
}

const blocks: Block[] = [
  ...readFileSync("docs/write-a-plugin.md", "utf8").matchAll(/^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms),
].map(([, language = "", file, text = ""]) => ({ language, file, text }));

const without = await missing("load/wrk", "limiter/cgroup", "proxy/nginx", "load/h2load");
const skip = without !== "";
const title = "docs/write-a-plugin.md, followed to the letter in an empty folder, ends in a sweep";

it.skipIf(skip)(skip ? `${title} (not run: ${without})` : title, { timeout: 300_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), "write-a-plugin-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, "lab-plugin-nginx");
  mkdirSync(folder);
  let printed = "";
  for (const { language, file, text } of blocks) {
    if (file) writeFileSync(join(folder, file), text);
    else if (language === "sh") printed += await inShell(text, folder, home);
  }
  expect(printed).not.toContain("FAILED");
  expect(printed).not.toContain("skipped");
  expect(printed.match(/^on this machine:$/gm)).toHaveLength(3);
  expect(printed).toMatch(/proxy my-nginx: \d+ checks, none failed/);
  expect(printed).toMatch(/load my-h2load: \d+ checks, none failed/);
  expect(printed).toMatch(/limiter short-period: \d+ checks, none failed/);
  expect(printed).toMatch(/model proportional: \d+ checks, none failed/);
  const sweeps = [...printed.matchAll(/^sweep \S+: (\d+) completed, (\d+) failed/gm)].map(([, ...counts]) => counts);
  expect(sweeps.length).toBe(3);
  for (const [completed, failed] of sweeps) {
    expect(Number(completed)).toBeGreaterThanOrEqual(2);
    expect(failed).toBe("0");
  }
  expect(printed).toContain("removed lab-plugin-nginx and its package");
  const listing = await listed(folder, home);
  for (const id of ["my-nginx", "my-h2load", "short-period", "proportional"]) expect(listing).not.toContain(` ${id} `);
});

it.each([
  ["proxy", "index.js"],
  ["load tool", "load.js"],
  ["limiter", "limiter.js"],
  ["model", "model.js"],
])("the %s in docs/write-a-plugin.md has less than 60 lines", (_, name) => {
  const block = blocks.find(({ file }) => file === name);
  expect(block!.text.trimEnd().split("\n").length).toBeLessThan(60);
});

function listed(folder: string, home: string): Promise<string> {
  return inShell("lab plugins list", folder, home);
}

/** Runs commands of the page with a home of their own and the lab's folder on the PATH. Rejects where one fails. */
async function inShell(script: string, cwd: string, home: string): Promise<string> {
  const env = { ...process.env, HOME: home, PATH: `${process.env.PATH}${delimiter}${resolve(".")}` };
  for (const name of ["XDG_CONFIG_HOME", "XDG_DATA_HOME"]) delete (env as NodeJS.ProcessEnv)[name];
  return (await promisify(execFile)("sh", ["-ec", script], { cwd, env, timeout: 100_000 })).stdout;
}
