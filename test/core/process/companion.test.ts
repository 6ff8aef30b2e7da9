import { describe, expect, it } from "vitest";
import { startCompanion } from "../../../src/core/process/companion.ts";

async function run(...args: string[]) {
  const lines: string[] = [];
  const companion = startCompanion([...args, "--store", ":memory:"], (line, stream) => lines.push(`${stream} ${line}`));
  companion.leave();
  return { ...(await companion.exited), lines };
}

describe("another process of the lab", { timeout: 60_000 }, () => {
  it("tells its error as data, beside what it says to people", async () => {
    const { code, problem, lines } = await run("sweep", "--proxy", "nonsense");
    expect(code).toBe(2);
    expect(problem).toMatchObject({ code: "LAB_UNKNOWN_PLUGIN", help: expect.stringContaining("haproxy") });
    expect(lines).toContain(`stderr lab: ${problem!.message}`);
  });

  it("tells a mistake on its command line so too", async () => {
    const { code, problem } = await run("sweep", "--nonsense");
    expect({ code, problem }).toMatchObject({ code: 2, problem: { code: "LAB_USAGE" } });
    expect(problem!.message).toContain("--nonsense");
  });

  it("has nothing to tell where it did what it was asked", async () => {
    const { code, problem, lines } = await run("help");
    expect({ code, problem }).toEqual({ code: 0, problem: undefined });
    expect(lines.length).toBeGreaterThan(5);
  });
});
