import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import { Store } from "../../src/core/store/store.ts";
import { expectRefusal } from "../fixtures/errors.ts";
import { runCli } from "../fixtures/runCli.ts";
import { studySweep, studyTrials } from "../fixtures/study.ts";

const slowMs = 120_000;
const dir = mkdtempSync(join(tmpdir(), "lab-data-"));
const [full, empty] = [join(dir, "full.sqlite"), join(dir, "empty.sqlite")];
const trials = studyTrials();

beforeAll(() => {
  const store = Store.open(full);
  store.addAll([studySweep], trials);
  store.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("data on their way out and in", () => {
  it("go to another store by lab bundle and lab import", async () => {
    const file = join(dir, "bundles", "b.ndjson.gz");
    expect(await runCli(["bundle", file, "--note", "for you", "--store", full])).toMatchObject({ code: 0, stderr: "" });
    const first = await runCli(["import", file, "--store", empty]);
    expect(first.stdout).toMatch(/^imported 1 sweep, 72 trials\nfor you\nmeasured on 1970-01-01 on test, 2 cores/);
    const again = await runCli(["import", file, "--store", empty, "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ sweeps: 0, trials: 0, known: trials.length });
  });

  it("are exported in the format of the file's ending", async () => {
    const file = join(dir, "t.csv");
    const { stdout } = await runCli(["export", "--out", file, "--store", full]);
    expect(stdout).toBe(`wrote ${trials.length} rows to ${file}\n`);
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(trials.length + 1);
  });

  it("are exported to the standard output, as JSON with --json", async () => {
    const { stdout } = await runCli(["export", "--json", "--store", full]);
    expect(JSON.parse(stdout)).toHaveLength(trials.length);
  });

  it(
    "become a report in the formats that are wanted, and no other",
    async () => {
      const out = join(dir, "report");
      const args = ["report", "--out", out, "--format", "md,json", "--no-models", "--json", "--store", full];
      const { code, stdout } = await runCli(args);
      expect(code).toBe(0);
      const { files } = JSON.parse(stdout) as { files: string[] };
      expect(files).toContain(join(out, "report.md"));
      expect(files).not.toContain(join(out, "report.html"));
      expect(JSON.parse(readFileSync(join(out, "report.json"), "utf8")).title).toBe("Proxy Lab report");
    },
    slowMs,
  );

  const none = ["--store", join(dir, "none.sqlite")];
  it.each<[string[], ErrorCode, string]>([
    [["export", "--format", "xls", "--store", full], "LAB_USAGE", '"xls"'],
    [["report", "--format", "pdf", "--store", full], "LAB_USAGE", '"pdf"'],
    [["report", ...none], "LAB_NO_DATA", "sweep"],
    [["export", ...none], "LAB_NO_DATA", "trials"],
    [["bundle", join(dir, "x"), ...none], "LAB_NO_DATA", "trials"],
    [["import", join(dir, "none.gz")], "LAB_BUNDLE", "none.gz"],
    [["import", "package.json"], "LAB_BUNDLE", "gzip"],
    [["study", "part-9"], "LAB_USAGE", "part-9"],
    [["sweep", "--quick"], "LAB_USAGE", "--quick"],
    [
      ["report", "--out", join(dir, "file", "x"), "--store", full, "--no-models", "--format", "json"],
      "LAB_USAGE",
      join(dir, "file", "x"),
    ],
  ])(
    "are refused with one clear line: %j",
    async (args, code, told) => {
      writeFileSync(join(dir, "file"), "");
      expectRefusal(await runCli(args), code, told);
    },
    slowMs,
  );
});
