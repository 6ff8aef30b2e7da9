import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

/** Counts its runs, and takes as long as it takes others to come. */
const npm = `#!/bin/sh
echo run >>runs
[ -d node_modules ] && echo twice >>runs
mkdir node_modules
sleep 0.5
touch node_modules/.package-lock.json
`;

/** A checkout of a lab that does nothing, its packages not installed. */
function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), "lab-launcher-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const dir of ["bin", "src"]) mkdirSync(join(root, dir));
  copyFileSync("lab", join(root, "lab"));
  writeFileSync(join(root, "package-lock.json"), "{}");
  writeFileSync(join(root, "src/main.ts"), 'console.log("started");\n');
  writeFileSync(join(root, "bin/npm"), npm);
  chmodSync(join(root, "bin/npm"), 0o755);
  return root;
}

function start(root: string): Promise<{ code: number | null; stdout: string }> {
  const env = {
    ...process.env,
    PATH: `${join(root, "bin")}:${process.env.PATH}`,
    NODE_COMPILE_CACHE: join(root, "cache"),
  };
  const child = spawn("./lab", [], { cwd: root, env, stdio: ["ignore", "pipe", "ignore"] });
  let stdout = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout })));
}

const runs = (root: string) => readFileSync(join(root, "runs"), "utf8");

describe("the launcher", () => {
  it("installs the packages once, however many are started at the same time, and all go on", async () => {
    const root = checkout();
    const ended = await Promise.all([start(root), start(root), start(root)]);
    expect(ended).toEqual(Array(3).fill({ code: 0, stdout: "started\n" }));
    expect(runs(root)).toBe("run\n");
    expect(existsSync(join(root, "node_modules.lock"))).toBe(false);
  });

  it("does not wait for an installation that was killed", async () => {
    const root = checkout();
    mkdirSync(join(root, "node_modules.lock"));
    writeFileSync(join(root, "node_modules.lock/pid"), "999999999\n");
    expect(await start(root)).toEqual({ code: 0, stdout: "started\n" });
    expect(runs(root)).toBe("run\n");
  });
});
