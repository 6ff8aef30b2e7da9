import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BOUNDS, isOwnLimit, showsProxy } from "../../../src/core/domain/verdicts.ts";

describe("the table of bounds", () => {
  it("says which of them are the proxy's own limit", () => {
    expect(BOUNDS.map(({ id }) => id).filter(isOwnLimit)).toEqual(["proxy-bound", "memory-bound"]);
    expect(isOwnLimit(undefined)).toBe(false);
  });

  it("says under which of them a trial shows what the proxy does", () => {
    expect(BOUNDS.map(({ id }) => id).filter(showsProxy)).toEqual(["proxy-bound", "memory-bound", "rate-bound"]);
    expect(showsProxy(undefined)).toBe(false);
  });

  it("is the list in docs/terminology.md", () => {
    const [, table] = readFileSync("docs/terminology.md", "utf8").split("|---|---|---|\n");
    const rows = [...table!.matchAll(/^\| ([a-z-]+) \| (.+?) \| .+ \|$/gm)];
    const listed = rows.map(([, id, meaning]) => ({ id, meaning }));
    expect(listed).toEqual(BOUNDS.map(({ id, meaning }) => ({ id, meaning })));
  });
});
