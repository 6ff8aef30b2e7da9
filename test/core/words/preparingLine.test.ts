import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../src/core/cells/text.ts";
import { preparingLine } from "../../../src/core/words/preparingLine.ts";

const MiB = 1024 * 1024;
const page = { width: 100, ascii: true };

describe("the line of a preparation", () => {
  it("has a bar, bytes, layers and the time left", () => {
    const progress = { task: "pull x:1", layers: { done: 1, of: 3 }, doneBytes: 4 * MiB, totalBytes: 16 * MiB };
    expect(preparingLine({ ...progress, remainingSeconds: 5.2 }, page)).toBe(
      "pull x:1 [#####               ] 4 MiB of 16 MiB, 1 of 3 layers, 6 s left",
    );
  });

  it("has no bar and no total while sizes are not known", () => {
    expect(preparingLine({ task: "pull x:1", layers: { done: 0, of: 3 }, doneBytes: MiB }, page)).toBe(
      "pull x:1 1 MiB, 0 of 3 layers",
    );
    expect(preparingLine({ task: "pull x:1" }, page)).toBe("pull x:1");
  });

  it("goes by layers where there are no bytes to go by", () => {
    expect(preparingLine({ task: "unpack x:1", layers: { done: 3, of: 4 } }, page)).toBe(
      "unpack x:1 [###############     ] 3 of 4 layers",
    );
  });

  it("cuts the name before the figures, and fits", () => {
    const task = `pull registry.example.org/${"a".repeat(80)}:1`;
    const line = preparingLine({ task, layers: { done: 3, of: 4 } }, { width: 79, ascii: true });
    expect(line).toMatch(/3 of 4 layers$/);
    expect(line.length).toBeLessThanOrEqual(79);
    const bytes = fc.nat(2 ** 31);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 120 }),
        bytes,
        fc.nat(100),
        fc.integer({ min: 20, max: 120 }),
        (name, total, share, width) => {
          const doneBytes = Math.floor((total * share) / 100);
          const drawn = preparingLine({ task: `pull ${name}`, doneBytes, totalBytes: total }, { width, ascii: true });
          expect(displayWidth(drawn)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
