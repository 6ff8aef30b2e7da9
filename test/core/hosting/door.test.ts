import { describe, it, onTestFinished, vi } from "vitest";
import {
  defineLimiter,
  defineLoad,
  defineProxy,
  type LimiterHost,
  LoadFailure,
  type LoadReport,
  type LoadSetup,
  type ProxySetup,
} from "../../../src/core/contract/index.ts";
import { imaginaryHost } from "../../../src/core/hosting/conformance/check.ts";
import { Door } from "../../../src/core/hosting/door.ts";
import { hookTimes } from "../../../src/core/hosting/times.ts";
import { expectRejection } from "../../fixtures/errors.ts";

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

const door = new Door({ ...hookTimes, detect: 50 });
const setup = {} as ProxySetup;
const load = {} as LoadSetup;
const output = { stdout: "", stderr: "", code: 0 };

describe("the door to plugin code", () => {
  it("names plugin and hook when a hook throws", async () => {
    const plugin = proxy({
      plan() {
        throw new Error("no idea");
      },
    });
    await expectRejection(door.planProxy(plugin, setup), "LAB_PLUGIN", "proxy plugin bad, plan: no idea");
  });

  it.each([
    ["nothing", undefined],
    ["no program", { argv: [] }],
    ["a shell string", { argv: "p -x" }],
    ["a file outside the scratch folder", { argv: ["p"], files: { "../x": "" } }],
    ["an absolute file", { argv: ["p"], files: { "/etc/x": "" } }],
    ["a field that nobody knows", { argv: ["p"], shell: true }],
  ])("refuses a plan that is %s", async (_, plan) => {
    const planned = door.planProxy(proxy({ plan: () => plan }), setup);
    await expectRejection(planned, "LAB_PLUGIN", /^proxy plugin bad, plan: /);
  });

  it.each([
    ["a rate out of nothing", {}],
    ["not a number", report({ completedRequests: Number.NaN })],
    ["negative", report({ failedRequests: -1 })],
    ["of no duration", report({ durationSeconds: 0 })],
    ["infinite", report({ latencyMs: { mean: Number.POSITIVE_INFINITY } })],
  ])("refuses a report that is %s", async (_, made) => {
    const plugin = tool(() => made);
    await expectRejection(door.parseLoad(plugin, output, load), "LAB_PLUGIN", /^load plugin bad, parse: /);
  });

  it.each([
    ["a LoadFailure, whatever it says", new LoadFailure("no summary")],
    ["a LoadFailure of another copy of the contract", Object.assign(new Error("no summary"), { code: "LOAD_FAILURE" })],
    ["an error that names the tool, as before contract 1.2", new Error("bad: no summary")],
  ])("calls output that a parser refuses by %s a failed load", async (_, thrown) => {
    const parse = () => {
      throw thrown;
    };
    await expectRejection(door.parseLoad(tool(parse), output, load), "LAB_LOAD", thrown.message);
  });

  it("calls an error of a parser that does not name its tool a fault of the plugin", async () => {
    const parse = () => {
      throw new TypeError("x is undefined");
    };
    const words = /^load plugin bad, parse: x is undefined$/;
    await expectRejection(door.parseLoad(tool(parse), output, load), "LAB_PLUGIN", words);
  });

  it("refuses a detection of another shape", async () => {
    const plugin = proxy({ detect: async () => ({ found: true }) });
    await expectRejection(door.detect(plugin, imaginaryHost(true), {}), "LAB_PLUGIN", /^proxy plugin bad, detect: /);
  });

  it("gives up a hook that never answers, and says so", async () => {
    const plugin = proxy({ detect: () => new Promise(() => {}) });
    const detected = door.detect(plugin, imaginaryHost(true), {});
    await expectRejection(detected, "LAB_PLUGIN", /^proxy plugin bad, detect: .*0\.05 s/);
  });

  it("does not wait for a hook when the work is aborted", async () => {
    const plugin = proxy({ detect: () => new Promise(() => {}) });
    const patient = new Door();
    const asked = patient.detect(plugin, imaginaryHost(true), {}, AbortSignal.timeout(10));
    await expectRejection(asked, "LAB_INTERRUPTED");
  });

  it("gives a hook that tells of progress more time", async () => {
    const limiter = defineLimiter({
      id: "slow",
      title: "Slow",
      supports: { cpu: true, memory: true, liveUpdate: true, images: false, otherHosts: false },
      minimum: { cpu: 0.1, memoryBytes: 1 },
      detect: async () => ({ available: true }),
      start: () => Promise.reject(new Error("not here")),
      async prepare(_host, _options, { onProgress }) {
        for (let step = 0; step < 6; step++) {
          await new Promise((wait) => setTimeout(wait, 30));
          onProgress({ task: "wait" });
        }
      },
    });
    const preparation = { images: [], onProgress: () => {}, signal: new AbortController().signal };
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const prepared = new Door({ ...hookTimes, prepare: 100 }).prepare(limiter, {} as LimiterHost, {}, preparation);
    await vi.advanceTimersByTimeAsync(6 * 30);
    await prepared;
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
