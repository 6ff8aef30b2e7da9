import { describe, expect, it } from "vitest";
import { Store } from "../../src/core/store/store.ts";
import { watchLeftovers } from "../fixtures/leftovers.ts";
import { missing } from "../fixtures/parts.ts";
import { ownStore, runLab, startLab } from "../fixtures/runLab.ts";

const without = await missing("proxy/haproxy", "load/wrk", "limiter/cgroup");
const sweep = [
  "sweep",
  "--proxy",
  "haproxy",
  "--load",
  "wrk",
  "--limiter",
  "cgroup",
  "--memory",
  "128M",
  "--servers",
  "2",
  "--json",
];
const short = [...sweep, "--cpu", "0.2", "--window", "500ms", "--warmup", "0"];
const long = [...sweep, "--cpu", "0.2,0.3", "--window", "5s", "--max-window", "5s"];
const inSecondWindow = /trial-finished[\s\S]*"phase":"window"/;

describe.skipIf(without)(`nothing of the lab stays running${without && ` (not run: ${without})`}`, () => {
  it("after a sweep that ended by itself", async () => {
    const leftovers = watchLeftovers();
    expect((await runLab(short)).code).toBe(0);
    expect(await leftovers()).toEqual([]);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "after %s in the middle of a window, with exit code 130 and what was measured stored",
    async (signal) => {
      const leftovers = watchLeftovers();
      const file = ownStore();
      const lab = startLab(long, { store: file });
      await lab.until(inSecondWindow);
      lab.child.kill(signal);
      const run = await lab.finished;
      expect(run.code).toBe(130);
      expect(run.stdout).toMatch(/"type":"sweep-finished".*"status":"interrupted"/);
      const store = Store.open(file);
      expect(store.sweeps()).toMatchObject([{ status: "interrupted" }]);
      expect(store.trials()).toMatchObject([{ status: "completed" }]);
      store.close();
      expect(await leftovers()).toEqual([]);
    },
  );

  it("after SIGKILL, which the lab cannot see coming", async () => {
    const leftovers = watchLeftovers();
    const lab = startLab(long);
    await lab.until(inSecondWindow);
    lab.child.kill("SIGKILL");
    await lab.finished;
    expect(await leftovers()).toEqual([]);
  });

  it("after a reader of its output went away", async () => {
    const leftovers = watchLeftovers();
    const lab = startLab(long);
    await lab.until(/trial-started/);
    lab.child.stdout?.destroy();
    await lab.finished;
    expect(await leftovers()).toEqual([]);
  });
});
