import { describe, expect, it } from "vitest";
import { consoleFlags } from "../../../src/tui/launch/flags.ts";

describe("a command line", () => {
  it.each([
    [[], {}],
    [["console"], {}],
    [["--store", "x.sqlite"], { store: "x.sqlite" }],
    [["console", "--ascii", "--screen-reader"], { ascii: true, screenReader: true }],
  ])("%j opens the console on a terminal", (args, flags) => {
    expect(consoleFlags(args, true)).toEqual(flags);
    expect(consoleFlags(args, false)).toBeUndefined();
  });

  it.each([[["sweep"]], [["help"]], [["--help"]], [["console", "x"]], [["console", "--no-such"]], [["--json"]]])(
    "%j is left to the command line",
    (args) => expect(consoleFlags(args, true)).toBeUndefined(),
  );
});
