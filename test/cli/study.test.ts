import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { gridSpec } from "../../src/core/experiment/defaults.ts";
import { Store } from "../../src/core/store/store.ts";
import { trialRecord } from "../fixtures/records.ts";
import { runCli } from "../fixtures/runCli.ts";

it("a study without a completed trial exits with 4 and writes no report", async () => {
  const dir = mkdtempSync(join(tmpdir(), "lab-study-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const [path, out] = [join(dir, "lab.sqlite"), join(dir, "report")];
  const store = Store.open(path);
  const study = { id: "study-1", quick: true };
  store.addSweep("s", { ...gridSpec, title: "squid as it is shipped", proxies: ["squid"], seed: 1, study });
  const { result: _, ...failed } = trialRecord({ status: "failed", point: { proxy: "squid" } });
  store.addTrial(failed);
  store.endSweep("s", "finished");
  store.close();
  const { code, stdout } = await runCli(["study", "squid-as-shipped", "--resume", "--out", out, "--store", path]);
  expect([code, stdout, existsSync(out)]).toEqual([4, "", false]);
});
