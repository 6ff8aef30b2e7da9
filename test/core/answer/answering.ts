import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { Answers } from "../../../src/core/answer/ask.ts";
import type { Measure } from "../../../src/core/answer/setting.ts";
import { Learning } from "../../../src/core/answer/source.ts";
import type { ModelPlugin } from "../../../src/core/contract/index.ts";
import type { Face, LabNotice } from "../../../src/core/domain/face.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { Registry } from "../../../src/core/hosting/registry.ts";
import { Preferences } from "../../../src/core/preferences.ts";
import { Store } from "../../../src/core/store/store.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import haproxy from "../../../src/plugins/proxies/haproxy.ts";
import { rateAt, trial } from "./synthetic.ts";

/** The machine that the answers are for: this one. */
export const machine = { cpuModel: cpus()[0]?.model.trim() ?? "unknown", cores: 2 };

/** A folder that is gone after the test. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "lab-answers-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Answers from a store in memory, where sweeps measure a machine `speed` times as fast. `fit`: that of the capacity law. */
export function answersFrom(
  records: readonly TrialRecord[],
  { speed = 1, preferences = folder(), models = [law] as readonly ModelPlugin[] } = {},
) {
  const store = Store.open(":memory:");
  onTestFinished(() => store.close());
  const add = (more: readonly TrialRecord[]) => {
    const ids = [...new Set(more.map(({ sweepId }) => sweepId))].filter((id) => !store.sweep(id));
    const spec = { ...gridSpec, proxies: [], seed: 1 };
    store.addAll(
      ids.map((id) => ({ id, createdAt: "2026-01-01", status: "finished", spec })),
      more,
    );
  };
  add(records);
  const entries = [...models, haproxy].map((plugin) => ({ plugin, options: {}, source: "test" }));
  const fit = vi.fn(law.fit);
  const watched = models.map((model) => (model === law ? { ...law, fit } : model));
  const ground = { registry: new Registry(entries), store, host: machine, models: () => watched };
  const measure = vi.fn<Measure>(async ({ cpu, proxies }) => {
    const measured = cpu.map((limit) => trial({ cpu: limit, proxy: proxies[0]! }, speed * rateAt(limit)));
    return { id: "s9", status: "finished", trials: measured };
  });
  const notices: LabNotice[] = [];
  const face: Face = {
    onNotice: (notice) => notices.push(notice),
    running: (work) => work({ signal: new AbortController().signal, onEvent: () => {} }),
  };
  const answers = new Answers(new Learning(ground, measure, face), new Preferences(preferences));
  return { answers, add, notices, fit, measure };
}
