import { expect, it } from "vitest";
import { nearestName } from "../../../src/core/hosting/nearest.ts";

const names = ["accessLog", "threads", "bufferBytes", "lines"];

it.each([
  ["thread", "threads"],
  ["trheads", "threads"],
  ["ACCESSLOG", "accessLog"],
  ["acces_log", "accessLog"],
  ["line", "lines"],
])("%s is meant for %s", (typed, meant) => expect(nearestName(typed, names)).toBe(meant));

it.each(["cache", "x", ""])("%j is meant for none", (typed) => expect(nearestName(typed, names)).toBeUndefined());

it("prefers the nearer one", () => expect(nearestName("lins", ["pins", "lines"])).toBeDefined());
