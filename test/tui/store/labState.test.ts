import { describe, expect, it } from "vitest";
import { emptyLab, sameSweeps, withSweeps, withTrials } from "../../../src/tui/store/labState.ts";
import { startedRun } from "../../../src/tui/store/runEvents.ts";
import { recordedLab } from "../screens/drive.ts";

describe("what is known of the store", () => {
  const { sweeps, trials } = recordedLab;

  it("is the same while its sweeps are as far on as before, so that nothing is drawn again", () => {
    expect(sameSweeps(sweeps, structuredClone(sweeps))).toBe(true);
    expect(sameSweeps(sweeps, sweeps.slice(1))).toBe(false);
    expect(sameSweeps(sweeps, [{ ...sweeps[0]!, status: "running" }, ...sweeps.slice(1)])).toBe(false);
    expect(withTrials(recordedLab, [])).toBe(recordedLab);
  });

  it("has each trial once, as it came last", () => {
    const again = { ...trials[0]!, status: "failed" as const };
    const lab = withTrials(recordedLab, [again]);
    expect(lab.trials).toHaveLength(trials.length);
    expect(lab.trials.at(-1)).toBe(again);
  });

  it("follows the newest sweep, or the one that runs", () => {
    expect(withSweeps({ ...emptyLab, trials }, sweeps).run).toMatchObject({ how: "followed", sweepId: sweeps[0]!.id });
    const running = [sweeps[0]!, { ...sweeps[1]!, status: "running" as const }];
    expect(withSweeps({ ...emptyLab, trials }, running).run).toMatchObject({ sweepId: sweeps[1]!.id });
  });

  it("follows another sweep once its own has ended, and not before", () => {
    const other = [{ ...sweeps[0]!, status: "running" as const }, ...sweeps.slice(1)];
    const own = { ...startedRun(), sweepId: sweeps[1]!.id };
    expect(withSweeps({ ...emptyLab, run: own }, other).run).toBe(own);
    const ended = { ...own, phase: "ended" as const };
    expect(withSweeps({ ...emptyLab, run: ended }, sweeps).run).toBe(ended);
    expect(withSweeps({ ...emptyLab, run: ended }, other).run).toMatchObject({ sweepId: sweeps[0]!.id });
  });
});
