import { describe, expect, it } from "vitest";
import { adviceInWords, byHand, rightsOfRoot, setupCommand } from "../../../src/core/machine/advice.ts";

describe("advice", () => {
  it.each([
    [{ do: "setup", program: "wrk" }, "./lab setup wrk"],
    [{ do: "setup", program: "wrk", by: "sudo" }, "sudo ./lab setup wrk"],
    [{ do: "run", command: "apt-get install wrk", by: "root" }, "as root: apt-get install wrk"],
    [
      { do: "run", command: "dpkg --configure -a", by: "root", again: true },
      "as root: dpkg --configure -a; then run this again",
    ],
    [{ do: "run", command: "sysctl -w x=1", by: "sudo", remark: "else y" }, "sudo sysctl -w x=1   # else y"],
    [byHand("make room"), "make room"],
  ] as const)("%j reads as one line", (advice, words) => expect(adviceInWords(advice)).toBe(words));

  it("asks for sudo only where the user is not root", () => {
    expect(rightsOfRoot({ root: true })).toEqual({});
    expect(rightsOfRoot({ root: false })).toEqual({ by: "sudo" });
  });

  it("installs several programs by one command", () => {
    expect(setupCommand(["wrk", "ab"], "sudo")).toBe("sudo ./lab setup wrk ab");
  });
});
