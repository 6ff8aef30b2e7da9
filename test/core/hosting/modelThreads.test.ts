import { threadId } from "node:worker_threads";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ModelPlugin } from "../../../src/core/contract/index.ts";
import { door } from "../../../src/core/hosting/door.ts";
import { loadPlugins } from "../../../src/core/hosting/load.ts";
import { learnInThreads } from "../../../src/core/hosting/modelThreads.ts";
import { expectRejection } from "../../fixtures/errors.ts";
import { rateAt, spreadCpus } from "../answer/synthetic.ts";

const registry = await loadPlugins("plugins.json");
const cpus = spreadCpus(40);
const training = { factors: ["cpu"], x: cpus.map((cpu) => [cpu]), y: cpus.map((cpu) => rateAt(cpu)) };

describe("a model of the lab's own", { timeout: 30_000 }, () => {
  const plugin = registry.get("model", "capacity-law-gp").plugin as ModelPlugin;

  it("learns elsewhere: its code never runs in this thread", async () => {
    const here = vi.spyOn(plugin, "fit");
    onTestFinished(() => here.mockRestore());
    await door.model(plugin).fit(training, 1);
    expect(here).not.toHaveBeenCalled();
  });

  it("learns in a thread, while this one is free", async () => {
    const copy = { ...plugin };
    const module = `import { threadId } from "node:worker_threads"; export default { fit: () => ({ threadId }) };`;
    learnInThreads(copy, `data:text/javascript,${encodeURIComponent(module)}`);
    const state = await door.model(copy).fit(training, 1);
    expect(state).toEqual({ threadId: expect.any(Number) });
    expect(state).not.toEqual({ threadId });
  });

  it("learns the same there as here", async () => {
    expect(await door.model(plugin).fit(training, 1)).toEqual(plugin.fit(training, 1));
  });

  it("gives its reason where it cannot learn, and learns again afterwards", async () => {
    const model = door.model(plugin);
    await expectRejection(model.fit({ ...training, y: cpus.map(() => -1) }, 1), "LAB_PLUGIN", /fit: row 0\b/);
    await expect(model.fit(training, 1)).resolves.toBeDefined();
  });

  it("is one of more at a time than there are threads", async () => {
    const fits = Array.from({ length: 20 }, (_, seed) =>
      door.model(registry.get("model", "mean").plugin).fit(training, seed),
    );
    expect(new Set((await Promise.all(fits)).map((state) => JSON.stringify(state))).size).toBe(1);
  });
});
