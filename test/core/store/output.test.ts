import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { pathInside, replaceFile, writeOutput } from "../../../src/core/store/output.ts";
import { expectRejection } from "../../fixtures/errors.ts";

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "output-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

describe("a file that the user names", () => {
  it("is written for its owner alone, with its folder", async () => {
    const dir = folder();
    const file = join(dir, "a", "b", "f");
    await writeOutput(file, "text");
    expect(readFileSync(file, "utf8")).toBe("text");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, "a")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(dir, "a", "b"))).toEqual(["f"]);
  });

  it("keeps its permissions where it was there, and a link to it stays one", async () => {
    const dir = folder();
    const [file, link] = [join(dir, "f"), join(dir, "link")];
    writeFileSync(file, "old");
    chmodSync(file, 0o644);
    symlinkSync(file, link);
    await writeOutput(link, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(dir)).toEqual(["f", "link"]);
  });

  it("may be a device, which stays one", async () => {
    await writeOutput("/dev/null", "text");
    expect(statSync("/dev/null").isFile()).toBe(false);
  });

  it("stays as it was where it cannot be written as a whole", async () => {
    const dir = folder();
    writeFileSync(join(dir, "f"), "old");
    writeFileSync(join(dir, `f.partial-${process.pid}`), "of somebody else");
    await expect(replaceFile(join(dir, "f"), "new", 0o600)).rejects.toThrow();
    expect(readFileSync(join(dir, "f"), "utf8")).toBe("old");
    await expectRejection(writeOutput(join(dir, "f", "x"), ""), "LAB_USAGE", join(dir, "f", "x"));
  });
});

describe("a path inside a folder", () => {
  it("is that of its name", async () => {
    const dir = folder();
    expect(await pathInside(dir, "a/b")).toBe(join(dir, "a", "b"));
  });

  it.each(["../x", "a/../../x", ".."])("is refused as %s", async (name) => {
    await expectRejection(pathInside(folder(), name), "LAB_USAGE");
  });

  it("is refused where a part of it is a link, to whatever", async () => {
    const dir = folder();
    symlinkSync("/nowhere", join(dir, "a"));
    await expectRejection(pathInside(dir, "a"), "LAB_USAGE", join(dir, "a"));
    await expectRejection(pathInside(dir, "a/b"), "LAB_USAGE", join(dir, "a"));
  });
});
