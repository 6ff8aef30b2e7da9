import { describe, expect, it } from "vitest";
import { expectRefusal } from "../fixtures/errors.ts";
import { runCli } from "../fixtures/runCli.ts";

const slowMs = 240_000;

describe("lab demo --replay", () => {
  it(
    "shows the recorded trials, and says that nothing is measured now",
    async () => {
      const { code, stdout, stderr } = await runCli(["demo", "--replay"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^\nReplay: nothing is measured now/);
      expect(stdout).toMatch(/measured on \d{4}-\d\d-\d\d on .+ cores/);
      expect(stdout).toContain("requests/s against CPU bandwidth");
      expect(stdout).toContain("./lab import");
    },
    slowMs,
  );

  it("prints the trials as what they are with --json", async () => {
    const { stdout } = await runCli(["demo", "--replay", "--json"]);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(10);
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(["replayed-trial"]));
  });

  it("does not go with --setup", async () => {
    expectRefusal(await runCli(["demo", "--replay", "--setup"]), "LAB_USAGE", "--replay");
  });
});
