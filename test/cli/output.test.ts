import { describe, expect, it, vi } from "vitest";
import { printData, printLine, reportError, warn } from "../../src/cli/terminal/output.ts";
import { LabError } from "../../src/core/errors.ts";

const HOSTILE = "a\u001b]52;c;eA==\u0007\u001b[2Jb\rc\u001b[31md";
const HARMLESS = "a]52;c;eA==[2Jbc\u001b[31md";

/** What a stream is given by some work, as a terminal or not. */
function written(name: "stdout" | "stderr", isTTY: boolean, work: () => unknown): string {
  const stream = process[name];
  const before = stream.isTTY;
  let text = "";
  const spy = vi.spyOn(stream, "write").mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  stream.isTTY = isTTY;
  try {
    work();
  } finally {
    stream.isTTY = before;
    spy.mockRestore();
  }
  return text;
}

const writers = [
  ["printLine", "stdout", () => printLine(HOSTILE)],
  ["printData", "stdout", () => printData(HOSTILE)],
  ["warn", "stderr", () => warn(HOSTILE)],
  ["reportError", "stderr", () => reportError(new LabError("LAB_USAGE", HOSTILE, { help: HOSTILE }))],
] as const;

describe("text from elsewhere", () => {
  it.each(writers)("cannot obey a terminal by %s", (_, stream, work) => {
    const text = written(stream, true, work);
    expect(text).toContain(HARMLESS);
    expect(text).not.toContain("\r");
  });

  it.each(writers)("is left as it is by %s where there is no terminal", (_, stream, work) => {
    expect(written(stream, false, work)).toContain(HOSTILE);
  });

  it("leaves bytes as they are", () => {
    const bytes = Buffer.from([0x1b, 0x5b]);
    expect(written("stdout", true, () => printData(bytes))).toBe(String(bytes));
  });
});
