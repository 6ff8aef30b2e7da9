import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { nginxProgram } from "../../src/core/origin/nginx.ts";
import { LocalHost } from "../../src/core/process/host.ts";
import { Ledger } from "../../src/core/process/ledger.ts";
import { missing } from "../fixtures/parts.ts";

interface Block {
  readonly language: string;
  readonly file: string | undefined;
  readonly text: string;
}

const blocks: Block[] = [
  ...readFileSync("docs/write-a-plugin.md", "utf8").matchAll(/^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms),
].map(([, language = "", file, text = ""]) => ({ language, file, text }));

const nginx = await (await LocalHost.open(new Ledger())).findProgram(nginxProgram);
const without = [await missing("load/wrk", "limiter/cgroup"), nginx.available ? "" : nginx.reason]
  .filter((reason) => reason !== "")
  .join("; ");
const skip = without !== "" && process.env.LAB_REQUIRE !== "all";
const title = "docs/write-a-plugin.md, followed to the letter in an empty folder, ends in a sweep";

it.skipIf(skip)(skip ? `${title} (not run: ${without})` : title, async () => {
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
  expect(printed).toMatch(/proxy nginx: \d+ checks, none failed/);
  expect(printed).toMatch(/load wrk-plain: \d+ checks, none failed/);
  expect(printed).toMatch(/limiter none: \d+ checks, none failed/);
  expect(printed).toMatch(/sweep \S+: 2 completed, 0 failed/);
  expect(printed).toContain("removed lab-plugin-nginx and its package");
});

it("the proxy in docs/write-a-plugin.md has less than 60 lines", () => {
  const proxy = blocks.find(({ file }) => file === "index.js");
  expect(proxy!.text.split("\n").length).toBeLessThan(60);
});

/** Runs commands of the page with a home of their own and the lab's folder on the PATH. Rejects where one fails. */
async function inShell(script: string, cwd: string, home: string): Promise<string> {
  const env = { ...process.env, HOME: home, PATH: `${process.env.PATH}${delimiter}${resolve(".")}` };
  for (const name of ["XDG_CONFIG_HOME", "XDG_DATA_HOME"]) delete (env as NodeJS.ProcessEnv)[name];
  return (await promisify(execFile)("sh", ["-ec", script], { cwd, env, timeout: 100_000 })).stdout;
}
