import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LabError } from "../../../src/core/errors.ts";
import { defaultSpec } from "../../../src/core/experiment/defaults.ts";
import { importBundle, packBundle, unpackBundle } from "../../../src/core/store/bundle.ts";
import type { Bundle } from "../../../src/core/store/bundleSchema.ts";
import { Store } from "../../../src/core/store/store.ts";
import { trialRecord } from "../../fixtures/records.ts";

const sweep = {
  id: "s1",
  createdAt: "2026-11-23T05:00:00.000Z",
  status: "finished",
  spec: { ...defaultSpec, proxies: ["haproxy"], seed: 1 },
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

function errorOf(work: () => unknown): LabError {
  try {
    work();
  } catch (error) {
    if (error instanceof LabError) return error;
  }
  throw new Error("no LabError was thrown");
}

describe("a bundle", () => {
  it("gives back what was put in", () => {
    expect(unpackBundle(packBundle(bundle), "b")).toEqual(bundle);
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
    expect(errorOf(() => importBundle(store, other, "b")).message).toContain("the store has another trial s1.0");
    expect(store.trials()).toHaveLength(1);
    store.close();
  });

  it.each([
    [
      "a header of something else",
      changed(1, (line: { bundle: object }) => Object.assign(line.bundle, { format: "x" })),
      "line 1: format is not that of a bundle",
    ],
    [
      "a version to come",
      changed(1, (line: { bundle: object }) => Object.assign(line.bundle, { version: 2 })),
      "it has version 2, this lab reads 1",
    ],
    [
      "a sweep without a role",
      changed(2, (line: { sweep: { spec: object } }) => Object.assign(line.sweep.spec, { role: "x" })),
      "line 2: spec.role is neither reverse nor forward",
    ],
    [
      "a limit of nothing",
      changed(3, (line: { trial: { point: object } }) => Object.assign(line.trial.point, { cpu: 0 })),
      "line 3: point.cpu is not above 0",
    ],
    [
      "a negative count",
      changed(4, (line: { trial: { result: object } }) => Object.assign(line.trial.result, { completedRequests: -1 })),
      "line 4: result.completedRequests is below 0",
    ],
    [
      "a trial of no sweep",
      changed(4, (line: { trial: object }) => Object.assign(line.trial, { sweepId: "s9" })),
      "trial s1.1 belongs to no sweep",
    ],
    [
      "a line of another kind",
      gzipSync(`${gunzipSync(packBundle(bundle))}{"note":1}\n`),
      "line 5 is neither a sweep nor a trial",
    ],
    ["no gzip", Buffer.from("{}"), "it is no gzip file"],
    ["half a file", packBundle(bundle).subarray(0, 200), "it is no gzip file, or a part of one"],
    ["nothing", gzipSync(""), "line 1 is no JSON object"],
  ])("with %s is refused with what is wrong", (_, bytes, message) => {
    const error = errorOf(() => unpackBundle(bytes, "b"));
    expect(error.code).toBe("LAB_BUNDLE");
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("\n");
  });

  it("of any bytes at all is read or refused, never a fault", () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 4 }), (lines) => {
        expect(errorOf(() => unpackBundle(gzipSync(lines.join("\n")), "b")).code).toBe("LAB_BUNDLE");
      }),
    );
  });
});
