import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { expectRefusal } from "../fixtures/errors.ts";
import { runCli } from "../fixtures/runCli.ts";

const lab = resolve(".");

/** An empty folder to work in. */
function workIn(): string {
  const dir = mkdtempSync(join(tmpdir(), "authors-"));
  vi.spyOn(process, "cwd").mockReturnValue(dir);
  onTestFinished(() => {
    vi.restoreAllMocks();
    rmSync(dir, { recursive: true });
  });
  return dir;
}

const run = promisify(execFile);

describe("lab plugins new", { timeout: 60_000 }, () => {
  const each = ["proxy", "load", "limiter", "model"].flatMap((kind) => [
    [kind, "JavaScript", []] as const,
    [kind, "TypeScript", ["--typescript"]] as const,
  ]);
  it.each(each)("makes a %s in %s that keeps every rule as it is", async (kind, _, flags) => {
    workIn();
    const made = await runCli(["plugins", "new", kind, "mine", ...flags]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const { code, stdout } = await runCli(["plugins", "check", "lab-plugin-mine", "--no-live"]);
    expect(stdout).toMatch(new RegExp(`${kind} mine: \\d+ checks, none failed`));
    expect(code).toBe(0);
  });

  it("makes a package whose own tests pass with the lab in its node_modules", async () => {
    const dir = join(workIn(), "lab-plugin-mine");
    await runCli(["plugins", "new", "model", "mine"]);
    mkdirSync(join(dir, "node_modules"));
    symlinkSync(lab, join(dir, "node_modules/proxy-lab"));
    const { stdout } = await run(process.execPath, ["--test"], { cwd: dir });
    expect(stdout).toMatch(/fail 0/);
    expect(stdout).not.toMatch(/pass 0/);
  });

  it.each(["proxy", "load", "limiter", "model"])("makes a %s in TypeScript that compiles", async (kind) => {
    const dir = join(workIn(), "lab-plugin-mine");
    await runCli(["plugins", "new", kind, "mine", "--typescript"]);
    mkdirSync(join(dir, "node_modules"));
    symlinkSync(lab, join(dir, "node_modules/proxy-lab"));
    await run(join(lab, "node_modules/.bin/tsc"), [], { cwd: dir });
    expect(existsSync(join(dir, "dist/index.js"))).toBe(true);
  });

  it("tells a program which files it made", async () => {
    const dir = join(workIn(), "lab-plugin-mine");
    const { stdout } = await runCli(["plugins", "new", "proxy", "mine", "--json"]);
    const made = JSON.parse(stdout);
    expect(made).toMatchObject({ dir, files: expect.arrayContaining(["index.js", "package.json"]) });
    for (const file of made.files) expect(readFileSync(join(dir, file), "utf8")).not.toMatch(/my[- ]plugin/i);
  });

  it("leaves a folder that is there as it is", async () => {
    const dir = join(workIn(), "lab-plugin-mine");
    mkdirSync(dir);
    expectRefusal(await runCli(["plugins", "new", "proxy", "mine"]), "LAB_USAGE", dir);
    expect(existsSync(join(dir, "package.json"))).toBe(false);
  });

  it("refuses a name that no plugin can have, and a kind that there is not", async () => {
    workIn();
    expectRefusal(await runCli(["plugins", "new", "proxy", "../x"]), "LAB_USAGE", "../x");
    expect(await runCli(["plugins", "new", "origin", "mine"])).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("lab plugins plan", () => {
  /** A proxy that writes its options into a file. */
  const candid = `import { defineProxy } from "proxy-lab/contract";
export default defineProxy({
  id: "candid",
  title: "Candid",
  program: { executables: ["candid"], versionArguments: [], versionPattern: "(.*)", install: {} },
  supports: { roles: ["reverse"], balancing: true },
  plan: ({ profile, options, listen }) => ({
    argv: ["candid", "--listen", String(listen.port)],
    env: { PROFILE: profile },
    files: { "candid.conf": JSON.stringify(options) },
    deviations: ["none at all"],
  }),
});
`;

  function putCandid(): string {
    const dir = workIn();
    writeFileSync(join(dir, "package.json"), '{ "type": "module", "proxyLab": { "api": "^1.0.0" } }');
    writeFileSync(join(dir, "candid.js"), candid);
    return dir;
  }

  it("prints what would be started, and the files with their text", async () => {
    putCandid();
    const { code, stdout } = await runCli(["plugins", "plan", "candid.js", "--options", '{"cache":true}']);
    for (const part of ["--listen", "PROFILE=fair", "none at all", "candid.conf", '{"cache":true}'])
      expect(stdout).toContain(part);
    expect(code).toBe(0);
  });

  it("prints the plan for programs", async () => {
    putCandid();
    const { stdout } = await runCli(["plugins", "plan", "candid.js", "--profile", "as-shipped", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "proxy",
      id: "candid",
      role: "reverse",
      profile: "as-shipped",
      plan: { argv: ["candid", "--listen", expect.any(String)], env: { PROFILE: "as-shipped" } },
    });
  });

  it("takes the options of a plugin in use from plugins.json", async () => {
    const dir = putCandid();
    const plugins = [{ use: "./candid.js", as: "quiet", options: { log: false } }];
    writeFileSync(join(dir, "plugins.json"), JSON.stringify({ plugins }));
    const { stdout } = await runCli(["plugins", "plan", "quiet"]);
    expect(stdout).toContain('{"log":false}');
  });

  it("is also for load tools", async () => {
    const { stdout } = await runCli(["plugins", "plan", "builtin:load/wrk", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "load",
      id: "wrk",
      plan: { argv: expect.arrayContaining(["wrk"]) },
    });
  });

  it("shows what a plugin makes of TLS and HTTP/2", async () => {
    const planned = async (...args: string[]) => (await runCli(["plugins", "plan", ...args])).stdout;
    expect(await planned("builtin:proxies/haproxy", "--tls")).toMatch(/bind .* ssl crt \S+ alpn http\/1\.1 /);
    expect(await planned("builtin:proxies/haproxy", "--http2")).toMatch(/bind .* ssl crt \S+ alpn h2,http\/1\.1 /);
    expect(await planned("builtin:load/h2load", "--http2")).not.toContain("--h1");
  });

  it("refuses what has no plan, a role that it does not have, and options that are none", async () => {
    putCandid();
    const plan = (...args: string[]) => runCli(["plugins", "plan", ...args]);
    expectRefusal(await plan("builtin:models/mean"), "LAB_UNSUPPORTED", "mean");
    expectRefusal(await plan("candid.js", "--role", "forward"), "LAB_UNSUPPORTED", "forward");
    expectRefusal(await plan("candid.js", "--tls"), "LAB_UNSUPPORTED", "TLS");
    expectRefusal(await plan("builtin:load/wrk", "--http2"), "LAB_UNSUPPORTED", "HTTP/2");
    expectRefusal(await plan("candid.js", "--options", "[1]"), "LAB_USAGE", "[1]");
    expectRefusal(await plan("candid.js", "--options", "{"), "LAB_USAGE", "--options");
    expectRefusal(await plan("nothing.js"), "LAB_PLUGIN", "nothing.js");
  });
});
