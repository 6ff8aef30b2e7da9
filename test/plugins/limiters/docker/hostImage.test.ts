import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostImageName, readHostSystem, skeleton } from "../../../../src/plugins/limiters/docker/hostImage.ts";
import { tarOf } from "../../../../src/plugins/limiters/docker/tar.ts";
import { listing, merged } from "./sketches.ts";

const split = { links: [], folders: ["/usr", "/etc", "/bin", "/lib"] };

describe("the image of the host's skeleton", () => {
  it("has the links of a host whose /bin is in /usr", async () => {
    const system = await readHostSystem(listing("bin usr/bin\nlib usr/lib\nlib64 usr/lib64"));
    expect(system.links.map((link) => `${link.path} -> ${link.target}`)).toEqual([
      "bin -> usr/bin",
      "lib -> usr/lib",
      "lib64 -> usr/lib64",
    ]);
    expect(system.folders).toEqual(["/usr", "/etc"]);
  });

  it("has places to mount the folders of a host whose /bin is a folder", async () => {
    const system = await readHostSystem(listing("bin\nlib"));
    expect(system).toEqual({ links: [], folders: ["/usr", "/etc", "/bin", "/lib"] });
    expect(listed(skeleton(system))).toEqual(expect.arrayContaining(["bin/", "lib/"]));
  });

  it("is read by tar, with its folders, links and permissions", () => {
    const lines = execFileSync("tar", ["tvf", "-"], { input: skeleton(merged), encoding: "utf8" });
    expect(lines).toMatch(/^drwxr-xr-x .* etc\/$/m);
    expect(lines).toMatch(/^drwxrwxrwt .* tmp\/$/m);
    expect(lines).toMatch(/^l.* bin -> usr\/bin$/m);
    expect(lines).toMatch(/^l.* var\/run -> \.\.\/run$/m);
  });

  it("has the same name for the same host and another for another", () => {
    expect(hostImageName(merged)).toBe(hostImageName(structuredClone(merged)));
    expect(hostImageName(merged)).not.toBe(hostImageName(split));
    expect(hostImageName(merged)).toMatch(/^proxy-lab-host:[0-9a-f]{12}$/);
  });

  it("is made of tar headers whose checksums are right, whatever the paths", () => {
    const name = fc.stringMatching(/^[a-z0-9._-]{1,40}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), fc.option(name), (paths, target) => {
        const archive = tarOf(paths.map((path) => (target === null ? { path } : { path, target })));
        expect(archive.length).toBe(512 * (paths.length + 2));
        for (let at = 0; at < paths.length * 512; at += 512) {
          const header = Buffer.from(archive.subarray(at, at + 512));
          const stated = Number.parseInt(header.toString("latin1", 148, 154), 8);
          expect(header.fill(" ", 148, 156).reduce((sum, byte) => sum + byte, 0)).toBe(stated);
        }
      }),
    );
  });

  it("refuses a path that no tar header holds", () => {
    expect(() => tarOf([{ path: "a".repeat(100) }])).toThrow("a".repeat(100));
  });
});

function listed(archive: Buffer): string[] {
  return execFileSync("tar", ["tf", "-"], { input: archive, encoding: "utf8" }).trim().split("\n");
}
