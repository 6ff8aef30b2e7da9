import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { beginTool, endTool, toolDirs, unfinishedTools } from "../../../src/core/process/toolDirs.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tool-dirs-test-"));
const tool = (name: string) => join(dataDir, "tools", name);
/** Above the largest pid that Linux gives. */
const nobody = 4_194_305;

beforeEach(() => rmSync(join(dataDir, "tools"), { recursive: true, force: true }));
afterAll(() => rmSync(dataDir, { recursive: true }));

describe("the folders of installed tools", () => {
  it("are none before anything was installed", async () => {
    expect(await toolDirs(dataDir)).toEqual([]);
    expect(await unfinishedTools(dataDir)).toEqual([]);
  });

  it("are searched once their installation has ended, not before", async () => {
    mkdirSync(tool("whole"), { recursive: true });
    await beginTool(tool("half"));
    mkdirSync(tool("half"));
    expect(await toolDirs(dataDir)).toEqual([join(tool("whole"), "bin")]);
    expect(await unfinishedTools(dataDir)).toEqual([{ name: "half", pid: process.pid }]);
    await endTool(tool("half"));
    expect(await toolDirs(dataDir)).toHaveLength(2);
    expect(await unfinishedTools(dataDir)).toEqual([]);
  });

  it("that a lab left half done when it died are told without a process, and may be begun again", async () => {
    mkdirSync(tool("half"), { recursive: true });
    for (const text of [`${nobody}\n`, "", "0", "-1"]) {
      writeFileSync(`${tool("half")}.unfinished`, text);
      expect(await unfinishedTools(dataDir)).toEqual([{ name: "half" }]);
    }
    await beginTool(tool("half"));
  });

  it("are not begun while another process is at it", async () => {
    mkdirSync(tool("half"), { recursive: true });
    writeFileSync(`${tool("half")}.unfinished`, `${process.ppid}\n`);
    await expect(beginTool(tool("half"))).rejects.toThrow(new RegExp(`\\b${process.ppid}\\b.*\\bhalf\\b`));
  });
});
