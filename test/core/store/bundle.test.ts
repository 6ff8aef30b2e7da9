import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { importBundle, packBundle } from "../../../src/core/store/bundle.ts";
import { bundleLines } from "../../../src/core/store/bundleLines.ts";
import type { Bundle } from "../../../src/core/store/bundleSchema.ts";
import { Store } from "../../../src/core/store/store.ts";
import { unpackBundle } from "../../../src/core/store/unpack.ts";
import { expectError, expectRejection } from "../../fixtures/errors.ts";
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
  it("gives back what was put in", async () => {
    expect(await unpackBundle(packBundle(bundle), "b")).toEqual(bundle);
  });

  it("keeps what a speed probe told, and nothing that was worked out from it", async () => {
    const [probed] = visits({ sweepId: "s1" });
    const trial = { ...probed!, result: { ...probed!.result!, countedBy: "origins" as const } };
    const correction = { probeMicros: 10, logProbe: 0, slope: 1, slopeError: 0, requestsPerSecond: 1 };
    const read = await unpackBundle(packBundle({ ...bundle, trials: [{ ...trial, correction }] }), "b");
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
    ["configuration", { argv: "haproxy", files: {} }, /configuration\.argv\b/],
    ["configuration", { argv: [], files: { "x.cfg": 1 } }, /configuration\.files\b/],
    ["environment", { placement: { proxy: "0", rest: [1] } }, /environment\.placement\b/],
    ["quality", { series: { intervalSeconds: 1, requestsPerSecond: 7 } }, /quality\.series\b/],
    ["point", { proxy: "../../etc/x" }, /point\.proxy\b/],
    ["point", { loadTool: '"><script>' }, /point\.loadTool\b/],
    ["point", { limiter: "" }, /point\.limiter\b/],
    ["point", { proxy: "a".repeat(101) }, /point\.proxy\b/],
  ] as const)("refuses nonsense in %s: %j", async (place, nonsense, told) => {
    const [probed] = visits({ sweepId: "s1" });
    const trial = { ...probed!, [place]: { ...probed![place], ...nonsense } } as never;
    await expectRejection(unpackBundle(packBundle({ ...bundle, trials: [trial] }), "b"), "LAB_BUNDLE", told);
  });

  it("of an earlier lab has the rate of an open loop at the points, and is known to a store that read it before", async () => {
    const rate = { requestsPerSecond: 500 };
    const { requestsPerSecond: _, ...spec } = { ...sweep.spec, scenario: { ...sweep.spec.scenario, rate } };
    const old = trials.map((trial) => ({ ...trial, scenario: { ...trial.scenario, rate } }));
    const bytes = packBundle({ ...bundle, sweeps: [{ ...sweep, spec }], trials: old } as never);
    const read = await unpackBundle(bytes, "b");
    expect(read.sweeps[0]!.spec).toEqual({ ...sweep.spec, requestsPerSecond: [500] });
    expect(read.trials).toEqual(
      trials.map((trial) => ({ ...trial, point: { ...trial.point, requestsPerSecond: 500 } })),
    );
    const store = Store.open(":memory:");
    store.addAll(read.sweeps, old as never);
    expect(importBundle(store, await unpackBundle(bytes, "b"), "b")).toEqual({ sweeps: 0, trials: 0, known: 2 });
    store.close();
  });

  it("keeps a share of the capacity as it is, and all figures of use", async () => {
    const usage = { userCpuSeconds: 0.5, systemCpuSeconds: 1, throttledSeconds: 0 };
    const trial = { ...trials[0]!, scenario: { ...trials[0]!.scenario, rate: { shareOfCapacity: 0.7 } }, usage };
    expect((await unpackBundle(packBundle({ ...bundle, trials: [trial] }), "b")).trials).toEqual([trial]);
  });

  it("brings sweeps and trials into another store, once", async () => {
    const store = Store.open(":memory:");
    expect(importBundle(store, bundle, "b")).toEqual({ sweeps: 1, trials: 2, known: 0 });
    const again = await unpackBundle(packBundle(bundle), "b");
    expect(importBundle(store, again, "b")).toEqual({ sweeps: 0, trials: 0, known: 2 });
    expect(store.trials()).toEqual(trials);
    expect(store.sweeps()).toEqual([{ ...sweep, imported: true }]);
    store.close();
  });

  it("says of no sweep that it was imported: that is for each store to know", async () => {
    const store = Store.open(":memory:");
    importBundle(store, bundle, "b");
    const packed = packBundle({ ...bundle, sweeps: store.sweeps() });
    expect((await unpackBundle(packed, "b")).sweeps).toEqual([sweep]);
    const boasting = changed(2, (line: { sweep: object }) => Object.assign(line.sweep, { imported: false, more: 1 }));
    expect((await unpackBundle(boasting, "b")).sweeps).toEqual([sweep]);
    store.close();
  });

  it("of a sweep that is measured elsewhere brings one that nobody here measures, or goes on with unasked", () => {
    const store = Store.open(":memory:");
    importBundle(store, { ...bundle, sweeps: [{ ...sweep, status: "running" }] }, "b");
    expect(store.sweep("s1")).toMatchObject({ status: "interrupted", imported: true });
    expectError(() => store.resumeSweep("s1"), "LAB_USAGE", "s1");
    expect(store.sweep("s1")?.status).toBe("interrupted");
    store.resumeSweep("s1", { imported: true });
    expect(store.sweep("s1")?.status).toBe("running");
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

  it("is refused, as a whole, where a trial of another sweep has the name of one of its own", () => {
    const store = Store.open(":memory:");
    importBundle(store, bundle, "b");
    const evil = { ...sweep, id: "evil" };
    const stolen = { ...bundle, sweeps: [evil], trials: [{ ...trials[1]!, sweepId: "evil" }] };
    expectError(() => importBundle(store, stolen, "b"), "LAB_BUNDLE", "s1.1");
    expect(store.trials()).toEqual(trials);
    expect(store.sweeps().map(({ id }) => id)).toEqual(["s1"]);
    store.close();
  });

  it("is refused, as a whole, where the store has another plan of a sweep", () => {
    const store = Store.open(":memory:");
    store.addAll([sweep], []);
    const other = { ...bundle, sweeps: [{ ...sweep, spec: { ...sweep.spec, seed: 2 } }] };
    expectError(() => importBundle(store, other, "b"), "LAB_BUNDLE", "sweep s1");
    expect(store.trials()).toEqual([]);
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
    [
      "a trial twice",
      changed(4, (line: { trial: object }) => Object.assign(line.trial, { id: "s1.0" })),
      /line 4\b.*s1\.0/,
    ],
    [
      "a sweep twice",
      gzipSync(`${gunzipSync(packBundle(bundle))}${gunzipSync(packBundle(bundle)).toString().split("\n")[1]}\n`),
      /line 5\b.*s1\b/,
    ],
    [
      "an id that is a path",
      changed(2, (line: { sweep: object }) => Object.assign(line.sweep, { id: "../s1" })),
      /line 2: id\b/,
    ],
    [
      "an id that colours the terminal",
      changed(3, (line: { trial: object }) => Object.assign(line.trial, { id: "s1\u001b[31m" })),
      /line 3: id\b/,
    ],
    [
      "a plan without end",
      changed(2, (line: { sweep: { spec: object } }) => Object.assign(line.sweep.spec, { replicates: 1e9 })),
      /line 2: spec\b.*trials/,
    ],
    [
      "a plan of random trials without end",
      changed(2, (line: { sweep: { spec: object } }) =>
        Object.assign(line.sweep.spec, { plan: "random", trials: 1e9 }),
      ),
      /line 2: spec\b.*trials/,
    ],
    [
      "levels without end",
      changed(2, (line: { sweep: { spec: object } }) =>
        Object.assign(line.sweep.spec, { cpu: Array.from({ length: 100_000 }, (_, index) => index + 1) }),
      ),
      /line 2: spec\.cpu\b/,
    ],
    [
      "brackets without end",
      gzipSync(`${gunzipSync(packBundle(bundle))}{"trial":${"[".repeat(200_000)}${"]".repeat(200_000)}}\n`),
      /line 5\b/,
    ],
    ["a line without end", gzipSync(`${gunzipSync(packBundle(bundle))}${" ".repeat(2 ** 22)}`), /\b5\b/],
    ["a line of another kind", gzipSync(`${gunzipSync(packBundle(bundle))}{"note":1}\n`), /line 5\b/],
    ["no gzip", Buffer.from("{}"), /gzip/],
    ["half a file", packBundle(bundle).subarray(0, 200), /gzip/],
    ["nothing", gzipSync(""), /line 1\b.*JSON/],
  ])("with %s is refused with the place of what is wrong", async (_, bytes, told) => {
    await expectRejection(unpackBundle(bytes, "b"), "LAB_BUNDLE", told);
  });

  it("of any bytes at all is read or refused, never a fault", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.json(), { maxLength: 4 }), (lines) =>
        expectRejection(unpackBundle(gzipSync(lines.join("\n")), "b"), "LAB_BUNDLE"),
      ),
    );
  });
});

describe("the lines of a bundle", () => {
  const bounds = { bytes: 1000, lineBytes: 100, lines: 20, depth: 3 };
  const read = async (text: string) => {
    const lines: string[] = [];
    for await (const line of bundleLines(gzipSync(text), "b", bounds)) lines.push(line);
    return lines;
  };

  it("are those of its text, whatever that is", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 }).filter((line) => !/[\n[\]{}"]/.test(line));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 10 }), fc.boolean(), async (lines, closed) => {
        const [whole] = [`${lines.join("\n")}${closed && lines.length > 0 ? "\n" : ""}`];
        const wanted = whole.split("\n");
        if (wanted.at(-1) === "") wanted.pop();
        expect(await read(whole)).toEqual(wanted);
      }),
    );
  });

  it.each([
    ["more bytes than the bound", "x\n".repeat(501), "1000"],
    ["a line longer than the bound", `\n${"x".repeat(101)}`, "line 2"],
    ["more lines than the bound", "x\n".repeat(21), "20"],
    ["brackets deeper than the bound", "[[[[1]]]]", "line 1"],
  ])("are refused with %s", async (_, text, told) => {
    await expectRejection(read(text), "LAB_BUNDLE", told);
  });

  it("may hold brackets in texts", async () => {
    expect(await read('{"a":"[[[[[[ \\" {{{{"}')).toHaveLength(1);
  });

  it("are read from a file, which is there", async () => {
    await expectRejection(unpackBundle("/nowhere/b.gz", "b.gz"), "LAB_BUNDLE", "b.gz");
  });

  it("are refused before a bomb of them is in memory", async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 27));
    const before = process.memoryUsage.rss();
    await expectRejection(unpackBundle(bomb, "b"), "LAB_BUNDLE");
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 26);
  });
});
