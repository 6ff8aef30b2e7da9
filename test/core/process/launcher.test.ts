import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resolveLaunch } from "../../../src/core/process/launcher.ts";

const scratchDir = mkdtempSync(join(tmpdir(), "launcher-test-"));
afterAll(() => rmSync(scratchDir, { recursive: true }));

const place = { name: "tool", found: { available: true as const, executable: "/opt/bin/tool" }, scratchDir };

describe("what is to be started", () => {
  it("is the program that was found, with its files written", async () => {
    const launch = await resolveLaunch({ argv: ["tool", "-x"], files: { "a/b.txt": "text" } }, place);
    expect(launch).toMatchObject({ argv: ["tool", "-x"], executable: "/opt/bin/tool" });
    expect(readFileSync(join(scratchDir, "a/b.txt"), "utf8")).toBe("text");
  });

  it("is a driver, run by the lab's own Node, where there is one: it is told the path of the program", async () => {
    const launch = await resolveLaunch({ argv: ["tool", "-x"], driver: "/plugins/tool.driver.mjs" }, place);
    expect(launch).toMatchObject({
      argv: ["tool", "/plugins/tool.driver.mjs", "/opt/bin/tool", "-x"],
      executable: process.execPath,
    });
  });

  it("gets no variable of the user's but those that the plugin names", async () => {
    const { env } = await resolveLaunch({ argv: ["tool"], env: { GOMAXPROCS: "1" } }, place);
    expect(Object.keys(env).sort()).toEqual(["GOMAXPROCS", "HOME", "LC_ALL", "PATH", "TZ"]);
  });
});
