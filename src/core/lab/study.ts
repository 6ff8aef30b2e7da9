import { join } from "node:path";
import type { LabEvent } from "../domain/events.ts";
import type { StudyPart, SweepSpec } from "../domain/spec.ts";
import { LabError } from "../errors.ts";
import { requirePrograms } from "../measure/sweep/requirements.ts";
import { experimentsDir } from "../places.ts";
import { newStudyId, openParts, STUDY_PARTS } from "../plan/study.ts";
import type { StoredSweep } from "../store/store.ts";
import { type FinishedSweep, Sweeps } from "./sweeps.ts";
import { Room } from "./workplace.ts";

/** A part of the study that is measured next. */
export interface PartInWork {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly title: string;
  /** What those after it will take, at the pace of those before it. */
  readonly laterSeconds: number;
}

/** Runs a part, and tells of it meanwhile. */
type Watch = (
  part: PartInWork,
  run: (onEvent: (event: LabEvent) => void) => Promise<FinishedSweep>,
) => Promise<FinishedSweep>;

/** The study: all its experiments, one after the other. */
export class Study extends Room {
  /** A new study. */
  begin(quick: boolean): StudyPart {
    return { id: newStudyId(), quick };
  }

  /** The newest study of this lab's own. Throws LAB_NO_DATA. */
  newest(): StudyPart {
    const study = this.#ownSweeps().find(({ spec }) => spec.study)?.spec.study;
    if (study) return study;
    throw new LabError("LAB_NO_DATA", "there is no study to go on with", { help: "begin one: ./lab study" });
  }

  /** The sweeps of the newest study in order of time, else the newest sweep. Throws LAB_NO_DATA. */
  newestOrSweep(): StoredSweep[] {
    const study = this.at.store.sweeps().find(({ spec }) => spec.study)?.spec.study;
    return study ? this.sweepsOf(study) : [this.at.store.find()];
  }

  /** Sweeps of a study in order of time. */
  sweepsOf({ id }: StudyPart): StoredSweep[] {
    return this.at.store
      .sweeps()
      .filter(({ spec }) => spec.study?.id === id)
      .reverse();
  }

  /**
   * Runs those of the named parts, or of all, that are not done, until the signal is aborted. What the last part lacks is
   * told before the first one is measured. Throws LAB_USAGE, LAB_UNAVAILABLE or LAB_INTERRUPTED.
   */
  async run(
    study: StudyPart,
    names: readonly string[],
    signal: AbortSignal,
    watch: Watch,
  ): Promise<readonly FinishedSweep[]> {
    const wanted = names.length > 0 ? names : STUDY_PARTS;
    const specs = await Promise.all(wanted.map((name) => this.#specOf(name, study)));
    const parts = openParts(specs, this.#ownSweeps());
    const { host, registry } = this.at;
    for (const { spec } of parts) await requirePrograms({ host, registry: registry.until(signal), signal }, spec);
    const sweeps = new Sweeps(this.at);
    const ended: FinishedSweep[] = [];
    const pace = { planned: 0, taken: 0 };
    for (const [index, { spec, sweepId, seconds }] of parts.entries()) {
      const ahead = parts.slice(index + 1).reduce((sum, part) => sum + part.seconds, 0);
      const laterSeconds = ahead * (pace.planned > 0 ? pace.taken / pace.planned : 1);
      const before = performance.now();
      const part = { number: index + 1, of: parts.length, title: spec.title ?? "", laterSeconds };
      const resume = sweepId === undefined ? {} : { resume: sweepId };
      const sweep = await watch(part, (onEvent) => sweeps.run(spec, { signal, onEvent, ...resume }));
      ended.push(sweep);
      if (sweep.status === "interrupted") break;
      pace.planned += seconds;
      pace.taken += (performance.now() - before) / 1000;
    }
    return ended;
  }

  #ownSweeps(): StoredSweep[] {
    return this.at.store.sweeps().filter(({ imported }) => !imported);
  }

  async #specOf(name: string, study: StudyPart): Promise<SweepSpec> {
    if (!(STUDY_PARTS as readonly string[]).includes(name)) {
      throw new LabError("LAB_USAGE", `"${name}" is no part of the study`, {
        help: `parts: ${STUDY_PARTS.join(", ")}`,
      });
    }
    const spec = await new Sweeps(this.at).plan({ quick: study.quick }, join(experimentsDir, `${name}.yaml`));
    return { ...spec, study };
  }
}
