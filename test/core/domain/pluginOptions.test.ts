import { describe, expect, it } from "vitest";
import {
  dottedOptions,
  optionsAmong,
  optionsAt,
  optionsKey,
  optionsText,
} from "../../../src/core/domain/pluginOptions.ts";
import { trialRecord } from "../../fixtures/records.ts";

const { point: anyPoint } = trialRecord();
const point = { ...anyPoint, proxy: "haproxy", loadTool: "wrk", limiter: "cgroup" };
const all = { "haproxy.accessLog": true, "haproxy-b.threads": 2, "wrk.lua": ["a", "b"] };

describe("options by dotted names", () => {
  it("are those of one plugin and no other whose name begins alike", () => {
    expect(optionsAmong(all, "haproxy")).toEqual({ accessLog: true });
    expect(optionsAmong(all, "traefik")).toEqual({});
  });

  it("are told of the plugins of a point, and back", () => {
    const own = { proxy: { accessLog: true }, loadTool: { lua: ["a", "b"] } };
    expect(optionsAt(all, point)).toEqual(own);
    expect(dottedOptions(own, point)).toEqual({ "haproxy.accessLog": true, "wrk.lua": ["a", "b"] });
    expect(optionsAt({}, point)).toBeUndefined();
  });
});

describe("options in one line", () => {
  it("are the same for the same options in whatever order", () => {
    expect(optionsText({ threads: 2, accessLog: true })).toBe("accessLog=on, threads=2");
    expect(optionsText({ accessLog: true, threads: 2 })).toBe(optionsText({ threads: 2, accessLog: true }));
    expect(optionsText({ lines: ["a, b"] })).not.toBe(optionsText({ lines: ["a", "b"] }));
    expect(optionsText({})).toBeUndefined();
  });

  it("have the key of none where a record has none", () => {
    expect(optionsKey(undefined)).toBe(optionsKey({ proxy: {} }));
    expect(optionsKey({ proxy: { a: 1 } })).not.toBe(optionsKey({ loadTool: { a: 1 } }));
    expect(optionsKey({ limiter: { a: 1 } }, ["proxy"])).toBe(optionsKey(undefined, ["proxy"]));
  });
});
