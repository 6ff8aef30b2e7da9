import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { identityOf, isRunning } from "../../../src/core/process/identity.ts";

describe("the identity of a process", () => {
  it("is the same as long as it runs, and nothing afterwards", async () => {
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    const identity = identityOf(child.pid!)!;
    expect(identity).toMatch(new RegExp(`^${child.pid}\\b`));
    expect(identityOf(child.pid!)).toBe(identity);
    expect(isRunning(identity)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isRunning(identity)).toBe(false);
    expect(identityOf(child.pid!)).toBeUndefined();
  });

  it.skipIf(process.platform !== "linux")("is another one for a later process with the same pid", () => {
    expect(isRunning(`${process.pid} 1`)).toBe(false);
  });
});
