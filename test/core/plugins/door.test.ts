import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { imaginaryHost } from "../../../src/core/conformance/check.ts";
import {
  defineLoad,
  defineProxy,
  type LoadReport,
  type LoadSetup,
  type ProxySetup,
} from "../../../src/core/contract/index.ts";
import { door } from "../../../src/core/plugins/door.ts";

const program = { executables: ["p"], versionArguments: [], versionPattern: "(.*)", install: {} };

function proxy(hooks: object) {
  const supports = { roles: ["reverse" as const], balancing: true };
  return defineProxy({ id: "bad", title: "Bad", program, supports, plan: () => ({ argv: ["p"] }), ...hooks });
}

function tool(parse: () => unknown) {
  const supports = {
    loops: ["closed" as const],
    forwardProxy: false,
    severalUrls: false,
    noKeepAlive: true,
    requestCount: false,
  };
  return defineLoad({
    id: "bad",
    title: "Bad",
    program,
    supports,
    plan: () => ({ argv: ["p"] }),
    parse: parse as () => LoadReport,
  });
}

const setup = {} as ProxySetup;
const load = {} as LoadSetup;
const output = { stdout: "", stderr: "", code: 0 };

describe("the door to plugin code", () => {
  it("names plugin and hook when a hook throws", () => {
    const plugin = proxy({
      plan() {
        throw new Error("no idea");
      },
    });
    expect(() => door.planProxy(plugin, setup)).toThrowError("proxy plugin bad, plan: no idea");
  });

  it.each([
    ["nothing", undefined],
    ["no program", { argv: [] }],
    ["a shell string", { argv: "p -x" }],
    ["a file outside the scratch folder", { argv: ["p"], files: { "../x": "" } }],
    ["an absolute file", { argv: ["p"], files: { "/etc/x": "" } }],
    ["a field that nobody knows", { argv: ["p"], shell: true }],
  ])("refuses a plan that is %s", (_, plan) => {
    expect(() => door.planProxy(proxy({ plan: () => plan }), setup)).toThrowError(
      /^proxy plugin bad, plan: returned what the contract does not allow: /,
    );
  });

  it.each([
    ["a rate out of nothing", {}],
    ["not a number", report({ completedRequests: Number.NaN })],
    ["negative", report({ failedRequests: -1 })],
    ["of no duration", report({ durationSeconds: 0 })],
    ["infinite", report({ latencyMs: { mean: Number.POSITIVE_INFINITY } })],
  ])("refuses a report that is %s", (_, made) => {
    expect(() =>
      door.parseLoad(
        tool(() => made),
        output,
        load,
      ),
    ).toThrowError(/^load plugin bad, parse: /);
  });

  it("calls output that a tool's parser does not understand a failed load, with the parser's words", () => {
    const parse = () => {
      throw new Error("bad: no summary in: Segmentation fault");
    };
    expect(() => door.parseLoad(tool(parse), output, load)).toThrowError(
      expect.objectContaining({ code: "LAB_LOAD", message: "bad: no summary in: Segmentation fault" }),
    );
  });

  it("refuses a detection of another shape", async () => {
    const plugin = proxy({ detect: async () => ({ found: true }) });
    await expect(door.detect(plugin, imaginaryHost(true), {})).rejects.toThrowError(/^proxy plugin bad, detect: /);
  });

  describe("with a hook that never settles", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it("gives up after a while and says so", async () => {
      const asked = expect(
        door.detect(proxy({ detect: () => new Promise(() => {}) }), imaginaryHost(true), {}),
      ).rejects.toThrowError("proxy plugin bad, detect: did not settle in 10 s");
      await vi.advanceTimersByTimeAsync(10_000);
      await asked;
    });
  });
});

function report(changes: object) {
  return {
    loop: "closed",
    durationSeconds: 1,
    completedRequests: 1,
    failedRequests: 0,
    failures: {},
    latencyMs: {},
    latencyKind: "service",
    ...changes,
  };
}
