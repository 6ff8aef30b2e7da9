import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import {
  comparableTrials,
  hashOf,
  inCommon,
  type Predictors,
  readSaved,
  restore,
  type SavedModels,
  trainingRows,
} from "../../core/answer/index.ts";
import { calibrate } from "../../core/answer/verify/calibrate.ts";
import type { LearnedFigure } from "../../core/domain/figures.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { Engine } from "../../core/engine.ts";
import { LabError, messageOf } from "../../core/errors.ts";
import { door } from "../../core/hosting/door.ts";
import { formatPercent } from "../../core/views/index.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { warn } from "../terminal/output.ts";
import { Progress } from "../terminal/progress.ts";

/** Saved models of a file. Throws LAB_USAGE. */
export async function loadSaved(file: string): Promise<SavedModels> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new LabError("LAB_USAGE", `--from: ${file} cannot be read: ${messageOf(cause)}`, { cause });
  });
  return readSaved(text, file);
}

export async function writeSaved(file: string, saved: SavedModels): Promise<void> {
  await writeFile(file, `${JSON.stringify(saved)}\n`).catch((cause) => {
    throw new LabError("LAB_USAGE", `--save: ${file} cannot be written: ${messageOf(cause)}`, { cause });
  });
}

export function restoreSaved(engine: Engine, saved: SavedModels): Predictors {
  return restore(saved, (id) => door.model(engine.registry.get("model", id).plugin));
}

/** Says what the models of a file do not know: that the store has other trials now, or that this is another machine. */
export function tellDifferences(engine: Engine, saved: SavedModels, trials: readonly TrialRecord[]): void {
  const { data, example } = saved;
  const { proxy } = example.point;
  const [cpuModel, cores] = [cpus()[0]?.model.trim() ?? "unknown", engine.host.cores];
  const { environment } = data;
  if (environment.cpuModel !== cpuModel || environment.cores !== cores) {
    warn(
      `learned on another machine (${environment.cpuModel}, ${environment.cores} cores); --calibrate scales it to this one`,
    );
  }
  const comparable = comparableTrials(trials).trials;
  const [now] = inCommon(saved.predictors.map(({ rows }) => trainingRows(comparable, rows.target)));
  if (!now || now.trials.length === 0 || hashOf(now) === data.hash) return;
  const unknown = now.trials.filter((id) => !data.trials.includes(id)).length;
  warn(
    `${proxy}: answered from the ${data.trials.length} trials of the file; the store has other data, ${unknown} trials that the file has not`,
  );
}

/** Scales saved models to this machine by short trials on it, and says on stderr how well that did. */
export async function calibrateHere(
  engine: Engine,
  saved: SavedModels,
  predictors: Predictors,
  json: boolean,
): Promise<Awaited<ReturnType<typeof calibrate>>> {
  const progress = new Progress(process.stderr, json);
  const found = await interruptible((signal) =>
    calibrate(engine, predictors, saved.example, { signal, onEvent: (event) => progress.see(event) }),
  ).finally(() => progress.close());
  const { factors, errors, cpu, checkedAt } = found.calibration;
  for (const target of Object.keys(errors) as LearnedFigure[]) {
    const error = errors[target]!;
    const off = `${formatPercent(Math.abs(error))} too ${error > 0 ? "high" : "low"}`;
    warn(
      `calibrated by one trial at ${cpu} cpu: ${target} x${factors[target]!.toFixed(2)}; at ${checkedAt} cpu that was ${off}`,
    );
  }
  return found;
}
