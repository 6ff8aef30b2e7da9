import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { ModelComparison } from "../../../src/core/answer/models.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import { modelsScreen } from "../../../src/tui/screens/models/models.ts";
import type { ModelsState } from "../../../src/tui/screens/models/state.ts";
import type { Services } from "../../../src/tui/services.ts";
import { emptyLab } from "../../../src/tui/store/labState.ts";
import { noRun, type RunState } from "../../../src/tui/store/runState.ts";
import { asciiPen, expectWithin } from "../drawn.ts";
import { type Driven, drive, recordedLab } from "./drive.ts";
import { recordedPredictor } from "./predictor.ts";

const predictor = recordedPredictor();

async function shown(services: Partial<Services> = {}) {
  const screen = drive(modelsScreen, recordedLab, { models: withoutTimes, ...services });
  screen.refresh();
  await settled(screen);
  return screen;
}

/** Times differ from run to run. */
const withoutTimes: Services["models"] = async (about, target) => {
  const found = await predictor.models(about, target);
  if (!found.ok) return found;
  return { ...found, models: found.models.map(({ milliseconds: _, ...model }) => model) } satisfies ModelComparison;
};

async function settled(screen: Driven<ModelsState>): Promise<void> {
  await vi.waitFor(() => expect(screen.state.asking).toBeUndefined(), { timeout: 20_000, interval: 5 });
}

describe("Models", () => {
  it.each([
    [80, 21],
    [120, 37],
    [200, 57],
  ])("looks the same as ever at %i x %i", async (columns, rows) => {
    const screen = await shown();
    const golden = (name: string) => `golden/models-${name}-${columns}x${rows}.txt`;
    await expect(screen.text(columns, rows)).toMatchFileSnapshot(golden("scatter"));
    await expect(screen.press("c").text(columns, rows)).toMatchFileSnapshot(golden("correlation"));
    await expect(screen.press("m").text(columns, rows, asciiPen)).toMatchFileSnapshot(golden("ascii"));
  });

  it("marks the model that answers and says why", async () => {
    const text = (await shown()).text(120, 37);
    expect(text).toMatch(/★ (capacity-law|linear) +\d/);
    const words = text.replace(/\s+/g, " ");
    expect(words).toContain("on points left out it is the simplest within noise of the best.");
    expect(words).toContain("12 trials, each point predicted without its own");
    expect(words).toContain("32 connections, 1 to 3 servers, no memory limit, wrk");
    expect(words).toContain("left out: 4 with a memory limit");
  });

  it("plots the model that the cursor is on", async () => {
    const screen = (await shown()).press("end");
    expect(screen.state.table.cursor).toBe("mean");
    expect(screen.text(120, 37)).toMatch(/● mean/);
  });

  it("goes through proxies and figures, and says what cannot be compared", async () => {
    const screen = (await shown()).press("p");
    await settled(screen);
    expect(screen.text(120, 37)).toContain("3 points are needed");
    screen.press("p", "f");
    await settled(screen);
    expect(screen.state).toMatchObject({ proxy: "traefik", target: "latencyMs.p99" });
    expect(screen.text(120, 37)).toContain("predicted p99 latency");
  });

  it("sorts by each figure, best first", async () => {
    const screen = (await shown()).press("s");
    expect(screen.state.table.sort).toEqual({ column: "median", descending: false });
    expect(screen.press("s", "s").state.table.sort).toEqual({ column: "r2", descending: true });
    expect(screen.press("s", "s", "s").state.table.sort).toBeUndefined();
  });

  it("tells a correlation in words, with its interval and its number of trials", async () => {
    const screen = (await shown()).press("c");
    expect(screen.text(120, 37)).toContain("requests/s and CPU bandwidth: 0.98 (0.93 to 1.00, 95 %), n 16");
    expect(screen.press("down", "down").text(120, 37)).toContain("mean latency and CPU bandwidth: -0.91");
    expect(screen.press("m").text(120, 37)).toContain("Pearson's correlation");
  });

  it("asks again when trials have come, and shows what went wrong", async () => {
    const models = vi.fn(withoutTimes);
    const screen = await shown({ models });
    screen.refresh();
    expect(models).toHaveBeenCalledTimes(1);
    screen.withLab({ ...recordedLab, trials: [...recordedLab.trials, recordedLab.trials[0]!] });
    screen.refresh();
    expect(models).toHaveBeenCalledTimes(2);
    const broken = await shown({
      models: () => Promise.reject({ code: "LAB_FAULT", message: "the thread has ended" }),
    });
    expect(broken.text(80, 21)).toContain("the thread has ended");
  });

  it("does not fit models again while a sweep runs", async () => {
    let asked = 0;
    const screen = drive(modelsScreen, recordedLab, {
      models: (...args) => {
        asked++;
        return withoutTimes(...args);
      },
    });
    screen.refresh();
    const run: RunState = { ...noRun, how: "own", phase: "running" };
    screen.withLab({ ...recordedLab, run, trials: recordedLab.trials.slice(1) });
    await settled(screen);
    expect(asked).toBe(1);
  });

  it("says that there is nothing to learn from", () => {
    expect(drive(modelsScreen, { ...emptyLab, loaded: true }).text(80, 21)).toContain("No trials yet");
    expect(drive(modelsScreen, emptyLab).text(80, 21)).toContain("reading the store");
  });

  it("takes any keys in any order at any size", async () => {
    const screen = await shown();
    const keys = [...new Set(modelsScreen.keys.flatMap((binding) => binding.keys)), "z", "backspace"];
    const size = fc.record({ width: fc.integer({ min: 20, max: 200 }), height: fc.integer({ min: 3, max: 57 }) });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...keys), { maxLength: 20 }),
        size,
        fc.boolean(),
        (pressed, { width, height }, ascii) => {
          const pen = new Pen({ colour: true, ascii });
          expectWithin(screen.press(...pressed).draw(width, height, pen), { width, height }, pen);
        },
      ),
      { numRuns: 40 },
    );
    await settled(screen);
  }, 30_000);
});
