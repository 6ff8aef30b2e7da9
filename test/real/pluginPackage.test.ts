import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataDir } from "../../src/core/places.ts";
import { LocalHost } from "../../src/core/process/host.ts";
import { Ledger } from "../../src/core/process/ledger.ts";
import { missing } from "../fixtures/parts.ts";
import { type Run, runLab } from "../fixtures/runLab.ts";

const run = promisify(execFile);
const example = resolve("examples/lab-plugin-lighttpd");
const ownList = readFileSync("plugins.json", "utf8");

let home: string;
let tarball: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "plugin-package-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", home], { cwd: example });
  tarball = join(home, (JSON.parse(stdout) as [{ filename: string }])[0].filename);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** `./lab`, in the lab's folder, with a user's folders of its own. */
function lab(...args: string[]): Promise<Run> {
  const folders = { HOME: home, XDG_CONFIG_HOME: join(home, "config"), XDG_DATA_HOME: join(home, "data") };
  const found = lighttpd.available ? [dirname(lighttpd.executable!)] : [];
  return runLab(args, { env: { ...folders, PATH: [process.env.PATH, ...found].join(delimiter) } });
}

async function listed(): Promise<string[]> {
  const { stdout } = await lab("plugins", "list", "--json");
  return (JSON.parse(stdout) as { plugins: { id: string; source: string }[] }).plugins.map(
    ({ id, source }) => `${id} from ${source}`,
  );
}

const lighttpd = await (await LocalHost.open(new Ledger(), dataDir)).findProgram({
  executables: ["lighttpd"],
  versionArguments: ["version"],
  versionPattern: "(.*)",
  install: {},
});
const required = process.env.LAB_REQUIRE === "all";
const missed = [await missing("load/wrk", "limiter/cgroup"), lighttpd.available || required ? "" : lighttpd.reason];
const without = missed.filter((reason) => reason !== "").join("; ");
const sweeps = "measures with it like with any other";
const checks = "passes every rule, also with the real lighttpd";

describe("a plugin package from a tarball", () => {
  it("is not in use at first", async () => expect((await listed()).join()).not.toContain("lighttpd"));

  it("is installed, checked and listed, in a list of the user's", async () => {
    const { code, stdout, stderr } = await lab("plugins", "add", tarball);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain(`added proxy lighttpd (lighttpd) from lab-plugin-lighttpd`);
    expect(await listed()).toEqual(
      expect.arrayContaining(["lighttpd from lab-plugin-lighttpd", "haproxy from builtin:proxies/haproxy"]),
    );
    expect(readFileSync("plugins.json", "utf8")).toBe(ownList);
  });

  it("can be added again", async () => {
    expect((await lab("plugins", "add", tarball)).code).toBe(0);
    expect((await listed()).filter((line) => line.startsWith("lighttpd"))).toHaveLength(1);
  });

  it.skipIf(without)(without ? `${sweeps} (not run: ${without})` : sweeps, async () => {
    if (!lighttpd.available) expect((await lab("setup", "lighttpd", "--yes")).code).toBe(0);
    const point = ["--cpu", "0.1,0.4", "--servers", "3", "--window", "3s", "--warmup", "1s", "--load", "wrk"];
    const { code, stdout } = await lab("sweep", "--proxy", "lighttpd", ...point);
    expect(stdout).toMatch(/2 completed, 0 failed/);
    expect(code).toBe(0);
  });

  it.skipIf(without)(without ? `${checks} (not run: ${without})` : checks, async () => {
    const { code, stdout } = await lab("plugins", "check", "examples/lab-plugin-lighttpd");
    for (const profile of ["fair", "as-shipped"]) {
      const started = new RegExp(`^ok {6}reverse, ${profile}: starts and .* \\(ready after \\d+\\.\\d\\d s\\)$`, "m");
      expect(stdout).toMatch(started);
    }
    expect(stdout).toMatch(/\nproxy lighttpd: \d+ checks, none failed\n$/);
    expect(code).toBe(0);
  });

  it("is gone when it is removed, with its package", async () => {
    const { code, stdout } = await lab("plugins", "remove", "lighttpd");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^removed lab-plugin-lighttpd and its package; /);
    expect((await listed()).join()).not.toContain("lighttpd");
  });
});

it("the example's own test passes with the lab linked into its node_modules", async () => {
  const copy = join(home, "lab-plugin-lighttpd");
  cpSync(example, copy, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
  mkdirSync(join(copy, "node_modules"));
  symlinkSync(resolve("."), join(copy, "node_modules/proxy-lab"));
  const { stdout } = await run(process.execPath, ["--test"], { cwd: copy });
  expect(stdout).toMatch(/fail 0/);
  expect(stdout).not.toMatch(/pass 0/);
});
