import { describe, expect, it } from "vitest";
import { allowedCores, parseCoreList } from "../../../../src/core/process/kernel/cores.ts";
import { pinSelf } from "../../../../src/core/process/pin.ts";

describe("the cores that the lab may use", () => {
  it("are read from the kernel's lists", () => {
    expect(parseCoreList("0-2,5,8-9\n")).toEqual([0, 1, 2, 5, 8, 9]);
    expect(parseCoreList("3")).toEqual([3]);
  });

  const few = process.platform !== "linux" || allowedCores().length < 2;
  it.skipIf(few)("are the same again after it was moved to some of them", async () => {
    const before = allowedCores();
    const goBack = await pinSelf(before.slice(1));
    const meanwhile = allowedCores();
    await goBack();
    expect(meanwhile).toEqual(before.slice(1));
    expect(allowedCores()).toEqual(before);
  });
});
