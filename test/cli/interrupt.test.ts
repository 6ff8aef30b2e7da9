import { describe, expect, it } from "vitest";
import { interruptible } from "../../src/cli/terminal/interrupt.ts";

describe("work that may be interrupted", () => {
  it("leaves no listener behind, whether it ends well or not", async () => {
    const count = () => process.stdout.listenerCount("error") + process.listenerCount("SIGINT");
    const before = count();
    await interruptible(async () => expect(count()).toBe(before + 2));
    await expect(interruptible(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(count()).toBe(before);
  });

  it("is asked to stop where the reader of its output goes away", async () => {
    const aborted = await interruptible(async (signal) => {
      process.stdout.listeners("error").at(-1)!(new Error("EPIPE"));
      return signal.aborted;
    });
    expect(aborted).toBe(true);
  });
});
