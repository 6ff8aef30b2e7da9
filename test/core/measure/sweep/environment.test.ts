import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { containerOf, placeRoles } from "../../../../src/core/measure/sweep/environment.ts";

describe("the placement on cores", () => {
  it("gives the proxy a core for each thread, of those that the lab may use", () => {
    expect(placeRoles("linux", [2, 3, 6], 1)).toEqual({ proxy: [2], rest: [3, 6] });
    expect(placeRoles("linux", [2, 3, 6], 2)).toEqual({ proxy: [2, 3], rest: [6] });
  });

  it("is left to the system where nothing would be left for the rest, or nothing can be pinned", () => {
    expect(placeRoles("linux", [2, 3], 2)).toBeUndefined();
    expect(placeRoles("darwin", [0, 1, 2], 1)).toBeUndefined();
  });
});

describe("the limits of the lab itself", () => {
  /** A mount with one control group of version 2. */
  function mountWith(files: Readonly<Record<string, string>>): string {
    const mount = mkdtempSync(join(tmpdir(), "lab-container-"));
    onTestFinished(() => rmSync(mount, { recursive: true }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(mount, name), text);
    return mount;
  }

  it("are told where there are some", () => {
    const mount = mountWith({ "cpu.max": "150000 100000", "memory.max": "1000" });
    expect(containerOf(4000, "0::/", mount)).toEqual({ container: { cpu: 1.5, memoryBytes: 1000 } });
  });

  it("are not told where nothing is limited, or memory to more than there is", () => {
    expect(containerOf(4000, "0::/", mountWith({ "cpu.max": "max 100000", "memory.max": "5000" }))).toEqual({});
    expect(containerOf(4000, "0::/", mountWith({}))).toEqual({});
  });
});
