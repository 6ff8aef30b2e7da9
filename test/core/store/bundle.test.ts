import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { importBundle, packBundle, unpackBundle } from "../../../src/core/store/bundle.ts";
import type { Bundle } from "../../../src/core/store/bundleSchema.ts";
import { Store } from "../../../src/core/store/store.ts";
import { expectError } from "../../fixtures/errors.ts";
import { trialRecord } from "../../fixtures/records.ts";
import { visits } from "../../fixtures/visits.ts";

const sweep = {
  id: "s1",
  createdAt: "2026-11-23T05:00:00.000Z",
  status: "finished",
  spec: { ...gridSpec, proxies: ["haproxy"], seed: 1 },
} as const;
const trials = [0, 1].map((sequence) =>
  trialRecord({
    id: `s1.${sequence}`,
    sweepId: "s1",
    sequence,
    configuration: { argv: ["haproxy", "-f", "./haproxy.cfg"], files: { "haproxy.cfg": "global\n" } },
  }),
);
const bundle: Bundle = {
  header: {
    format: "proxy-lab-bundle",
    version: 1,
    createdAt: "2026-11-23T06:00:00.000Z",
    labVersion: "0.1.0",
    plugins: [{ kind: "proxy", id: "haproxy", source: "builtin:proxies/haproxy", version: "0.1.0" }],
  },
  sweeps: [sweep],
  trials,
};

/** The bundle with one of its lines changed. */
function changed(line: number, change: (value: never) => void): Buffer {
  const lines = gunzipSync(packBundle(bundle)).toString().trimEnd().split("\n");
  const value = JSON.parse(lines[line - 1]!);
  change(value as never);
  lines[line - 1] = JSON.stringify(value);
  return gzipSync(lines.join("\n"));
}

describe("a bundle", () => {
  it("gives back what was put in", () => {
    expect(unpackBundle(packBundle(bundle), "b")).toEqual(bundle);
  });

  it("keeps what a speed probe told, and nothing that was worked out from it", () => {
    const [probed] = visits({ sweepId: "s1" });
    const trial = { ...probed!, result: { ...probed!.result!, countedBy: "origins" as const } };
    const correction = { probeMicros: 10, logProbe: 0, slope: 1, slopeError: 0, requestsPerSecond: 1 };
    const read = unpackBundle(packBundle({ ...bundle, trials: [{ ...trial, correction }] }), "b");
    expect(read.trials).toEqual([trial]);
  });

  it.each([
    ["speed", { samples: 0 }, /speed\.samples\b/],
    ["speed", { probeMicros: 0 }, /speed\.probeMicros\b/],
    ["speed", { logDeviation: -1 }, /speed\.logDeviation\b/],
    ["speed", { probeCpu: "much" }, /speed\.probeCpu\b/],
    ["result", { countedBy: "hand" }, /result\.countedBy\b/],
    ["scenario", { method: "guess" }, /scenario\.method\b/],
    ["scenario", { rate: { requestsPerSecond: "many" } }, /scenario\.rate\b/],
    ["point", { requestsPerSecond: 0 }, /point\.requestsPerSecond\b/],
    ["usage", { throttledSeconds: -1 }, /usage\.throttledSeconds\b/],
  ] as const)("refuses nonsense in %s: %j", (place, nonsense, told) => {
    const [probed] = visits({ sweepId: "s1" });
    const trial = { ...probed!, [place]: { ...probed![place]!, ...nonsense } } as never;
    expectError(() => unpackBundle(packBundle({ ...bundle, trials: [trial] }), "b"), "LAB_BUNDLE", told);
  });

  it("of an earlier lab has the rate of an open loop at the points, and is known to a store that read it before", () => {
    const rate = { requestsPerSecond: 500 };
    const { requestsPerSecond: _, ...spec } = { ...sweep.spec, scenario: { ...sweep.spec.scenario, rate } };
    const old = trials.map((trial) => ({ ...trial, scenario: { ...trial.scenario, rate } }));
    const bytes = packBundle({ ...bundle, sweeps: [{ ...sweep, spec }], trials: old } as never);
    const read = unpackBundle(bytes, "b");
    expect(read.sweeps[0]!.spec).toEqual({ ...sweep.spec, requestsPerSecond: [500] });
    expect(read.trials).toEqual(
      trials.map((trial) => ({ ...trial, point: { ...trial.point, requestsPerSecond: 500 } })),
    );
    const store = Store.open(":memory:");
    store.addAll(read.sweeps, old as never);
    expect(importBundle(store, unpackBundle(bytes, "b"), "b")).toEqual({ sweeps: 0, trials: 0, known: 2 });
    store.close();
  });

  it("keeps a share of the capacity as it is, and all figures of use", () => {
    const usage = { userCpuSeconds: 0.5, systemCpuSeconds: 1, throttledSeconds: 0 };
    const trial = { ...trials[0]!, scenario: { ...trials[0]!.scenario, rate: { shareOfCapacity: 0.7 } }, usage };
    expect(unpackBundle(packBundle({ ...bundle, trials: [trial] }), "b").trials).toEqual([trial]);
  });

  it("brings sweeps and trials into another store, once", () => {
    const store = Store.open(":memory:");
    expect(importBundle(store, bundle, "b")).toEqual({ sweeps: 1, trials: 2, known: 0 });
    expect(importBundle(store, unpackBundle(packBundle(bundle), "b"), "b")).toEqual({ sweeps: 0, trials: 0, known: 2 });
    expect(store.trials()).toEqual(trials);
    expect(store.sweeps()).toEqual([sweep]);
    store.close();
  });

  it("adds what a sweep that is there already lacks", () => {
    const store = Store.open(":memory:");
    importBundle(store, { ...bundle, trials: trials.slice(0, 1) }, "b");
    expect(importBundle(store, bundle, "b")).toEqual({ sweeps: 0, trials: 1, known: 1 });
    store.close();
  });

  it("is refused, as a whole, where the store has another trial of the same name", () => {
    const store = Store.open(":memory:");
    importBundle(store, { ...bundle, trials: trials.slice(0, 1) }, "b");
    const other = { ...bundle, trials: [{ ...trials[0]!, replicate: 1 }, trials[1]!] };
    expectError(() => importBundle(store, other, "b"), "LAB_BUNDLE", "s1.0");
    expect(store.trials()).toHaveLength(1);
    store.close();
  });

  it.each([
    [
      "a header of something else",
      changed(1, (line: { bundle: object }) => Object.assign(line.bundle, { format: "x" })),
      /^b\b.*line 1: format\b/,
    ],
    [
      "a version to come",
      changed(1, (line: { bundle: object }) => Object.assign(line.bundle, { version: 2 })),
      /version 2.*\b1\b/,
    ],
    [
      "a sweep without a role",
      changed(2, (line: { sweep: { spec: object } }) => Object.assign(line.sweep.spec, { role: "x" })),
      /line 2: spec\.role\b/,
    ],
    [
      "a limit of nothing",
      changed(3, (line: { trial: { point: object } }) => Object.assign(line.trial.point, { cpu: 0 })),
      /line 3: point\.cpu\b/,
    ],
    [
      "a negative count",
      changed(4, (line: { trial: { result: object } }) => Object.assign(line.trial.result, { completedRequests: -1 })),
      /line 4: result\.completedRequests\b/,
    ],
    [
      "a trial of no sweep",
      changed(4, (line: { trial: object }) => Object.assign(line.trial, { sweepId: "s9" })),
      /s1\.1/,
    ],
    ["a line of another kind", gzipSync(`${gunzipSync(packBundle(bundle))}{"note":1}\n`), /line 5\b/],
    ["no gzip", Buffer.from("{}"), /gzip/],
    ["half a file", packBundle(bundle).subarray(0, 200), /gzip/],
    ["nothing", gzipSync(""), /line 1\b.*JSON/],
  ])("with %s is refused with the place of what is wrong", (_, bytes, told) => {
    expectError(() => unpackBundle(bytes, "b"), "LAB_BUNDLE", told);
  });

  it("of any bytes at all is read or refused, never a fault", () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 4 }), (lines) => {
        expectError(() => unpackBundle(gzipSync(lines.join("\n")), "b"), "LAB_BUNDLE");
      }),
    );
  });
});
