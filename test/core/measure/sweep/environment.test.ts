import { describe, expect, it } from "vitest";
import { placeRoles } from "../../../../src/core/measure/sweep/environment.ts";

describe("the placement on cores", () => {
  it("gives the proxy a core for each thread, of those that the lab may use", () => {
    expect(placeRoles("linux", [2, 3, 6], 1)).toEqual({ proxy: [2], rest: [3, 6] });
    expect(placeRoles("linux", [2, 3, 6], 2)).toEqual({ proxy: [2, 3], rest: [6] });
  });

  it("is left to the system where nothing would be left for the rest, or nothing can be pinned", () => {
    expect(placeRoles("linux", [2, 3], 2)).toBeUndefined();
    expect(placeRoles("darwin", [0, 1, 2], 1)).toBeUndefined();
  });
});
