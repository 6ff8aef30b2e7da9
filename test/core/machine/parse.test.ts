import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryOf, openFilesOf, portRangeOf, systemNameOf } from "../../../src/core/machine/parse.ts";

describe("what a machine says of itself", () => {
  it("is the name of its system, in quotes or not", () => {
    expect(systemNameOf('NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')).toBe(
      "Debian GNU/Linux 12 (bookworm)",
    );
    expect(systemNameOf("PRETTY_NAME=Void\n")).toBe("Void");
    expect(systemNameOf("NAME=Void\n")).toBeUndefined();
  });

  it("is the memory that is available, in bytes", () => {
    expect(memoryOf("MemTotal:        2048 kB\nMemAvailable:    1024 kB\n")).toBe(1024 * 1024);
    expect(memoryOf("MemTotal:        2048 kB\n")).toBeUndefined();
  });

  it("is the limits on open files, where there are any", () => {
    const line = (soft: string, hard: string) =>
      `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${soft}                 ${hard}               files     \n`;
    expect(openFilesOf(line("1024", "524288"))).toEqual({ soft: 1024, hard: 524_288 });
    expect(openFilesOf(line("1024", "unlimited"))).toEqual({ soft: 1024 });
    expect(openFilesOf("Max processes 5 5 processes\n")).toBeUndefined();
  });

  it("is the range of client ports", () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.nat(65_535), fc.constantFrom("\t", " ", "  "), (first, last, gap) => {
        expect(portRangeOf(`${first}${gap}${last}\n`)).toEqual({ first, last });
      }),
    );
  });

  it("is nothing where it cannot be read or is something else, whatever it is", () => {
    for (const parse of [systemNameOf, memoryOf, openFilesOf, portRangeOf]) {
      expect(parse(undefined)).toBeUndefined();
      fc.assert(
        fc.property(fc.string(), (text) => {
          expect(parse(text)).toBeUndefined();
        }),
      );
    }
  });
});
