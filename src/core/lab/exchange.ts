import type { ReportFormat } from "../document/files/formats.ts";
import type { TrialRecord } from "../domain/record.ts";
import { LabError } from "../errors.ts";
import { packageVersion } from "../hosting/manifest.ts";
import type { Entry } from "../hosting/registry.ts";
import { recordedStudyFile } from "../places.ts";
import { type FigureWish, speedCorrected } from "../statistics/trials/speeds.ts";
import { type Imported, importBundle, packBundle } from "../store/bundle.ts";
import { BUNDLE_FORMAT, BUNDLE_VERSION, type Bundle, type BundledPlugin } from "../store/bundleSchema.ts";
import { type ExportFormat, exportRows } from "../store/export.ts";
import { type ExportedTrial, exportColumns, SEGMENT_COLUMNS, segmentsOf } from "../store/exportColumns.ts";
import { writeOutput } from "../store/output.ts";
import type { StoredSweep } from "../store/store.ts";
import { unpackBundle } from "../store/unpack.ts";
import { Room } from "./workplace.ts";

export interface ReportWish extends Pick<FigureWish, "raw"> {
  /** Folder to write to. */
  readonly out: string;
  readonly formats: readonly ReportFormat[];
  /** Compares the prediction models too. */
  readonly models: boolean;
  /** Told of what is done next, and how much of that is done, 0 to 1. */
  readonly onStep: (what: string, share: number) => void;
}

/** What leaves the store for others, and what comes from them. */
export class Exchange extends Room {
  /**
   * Trials, or with `segments` the parts of their windows, as tidy data; written to `out` if given. `ids`: all sweeps
   * unless given. Throws LAB_NO_DATA, and LAB_USAGE for a file that cannot be written.
   */
  async export(
    ids: readonly string[] | undefined,
    { format, segments, out }: { readonly format: ExportFormat; readonly segments: boolean; readonly out?: string },
  ): Promise<{ readonly data: string | Uint8Array; readonly rows: number }> {
    const { store } = this.at;
    const trials = ids === undefined ? store.trials() : store.trialsOf(store.these(ids));
    if (trials.length === 0)
      throw new LabError("LAB_NO_DATA", "there are no trials", { help: "run some: ./lab sweep" });
    const parts = segments ? segmentsOf(trials) : undefined;
    const data = await (parts
      ? exportRows(parts, SEGMENT_COLUMNS, format)
      : exportRows(withRatesAtSpeed(trials), exportColumns(), format));
    if (out !== undefined) await writeOutput(out, data);
    return { data, rows: (parts ?? trials).length };
  }

  /** Writes sweeps, all unless named, to a bundle. Throws LAB_NO_DATA, and LAB_USAGE for a file that cannot be written. */
  async bundle(file: string, ids?: readonly string[], note?: string) {
    const { store } = this.at;
    const sweeps = ids ? store.these(ids) : store.sweeps().reverse();
    const trials = store.trialsOf(sweeps);
    const newest = trials.at(-1);
    if (!newest) throw new LabError("LAB_NO_DATA", "there are no trials to write", { help: "run some: ./lab sweep" });
    const header = {
      format: BUNDLE_FORMAT,
      version: BUNDLE_VERSION,
      createdAt: new Date().toISOString(),
      labVersion: newest.environment.labVersion,
      ...(note === undefined ? {} : { note }),
      plugins: await this.#pluginsOf(trials),
    } as const;
    const bytes = packBundle({ header, sweeps, trials });
    await writeOutput(file, bytes);
    return { sweeps: sweeps.length, trials: trials.length, bytes: bytes.length };
  }

  /** Puts the sweeps of a bundle into the store. Throws LAB_BUNDLE. */
  async import(file: string): Promise<{ readonly done: Imported; readonly bundle: Bundle }> {
    const bundle = await unpackBundle(file, file);
    return { done: importBundle(this.at.store, bundle, file), bundle };
  }

  /** The load balancers of the study that comes with the lab. Throws LAB_BUNDLE. */
  async recordedStudy(): Promise<Bundle & { readonly file: string; readonly sweep: StoredSweep }> {
    const bundle = await unpackBundle(recordedStudyFile, recordedStudyFile);
    const sweep = bundle.sweeps.find(({ spec }) => spec.role === "reverse" && spec.proxies.length > 1);
    if (!sweep) throw new LabError("LAB_BUNDLE", `${recordedStudyFile} compares no load balancers`);
    const trials = bundle.trials.filter(({ sweepId }) => sweepId === sweep.id);
    return { ...bundle, trials, sweep, file: recordedStudyFile };
  }

  /** Writes a report of sweeps: the files. The code that draws is loaded here. Throws LAB_NO_DATA. */
  async report(sweeps: readonly StoredSweep[], { out, formats, models, onStep, raw }: ReportWish): Promise<string[]> {
    const records = this.at.trialsOf(sweeps, { raw });
    if (records.length === 0)
      throw new LabError("LAB_NO_DATA", "there are no trials to report", { help: "./lab study" });
    const [{ buildReport }, { writeReport }] = await Promise.all([
      import("../document/build.ts"),
      import("../document/files/write.ts"),
    ]);
    const document = await buildReport({ sweeps, records, models: models ? this.at.models() : [], onStep });
    return writeReport(document, out, formats, onStep);
  }

  /** Those of the plugins in use that the trials name. */
  #pluginsOf(trials: readonly TrialRecord[]): Promise<BundledPlugin[]> {
    const named = { proxy: "proxy", load: "loadTool", limiter: "limiter" } as const;
    const entries = (["proxy", "load", "limiter"] as const).flatMap((kind): Entry[] => {
      const ids = new Set(trials.map(({ point }) => point[named[kind]]));
      return this.at.registry.list(kind).filter(({ plugin }) => ids.has(plugin.id));
    });
    return Promise.all(entries.map(bundled));
  }
}

/** Trials as they were measured, each with its rate at the one reference speed of all. */
function withRatesAtSpeed(trials: readonly TrialRecord[]): ExportedTrial[] {
  const corrected = speedCorrected(trials);
  return trials.map((trial, place) => {
    const { correction, result } = corrected[place]!;
    return correction && result ? { ...trial, rateAtReferenceSpeed: result.requestsPerSecond } : trial;
  });
}

/** With the version of its package; of those that come with the lab that is the lab's own. */
async function bundled({ plugin: { kind, id }, source, file }: Entry): Promise<BundledPlugin> {
  const version = file === undefined ? undefined : await packageVersion(file);
  return { kind, id, source, ...(version === undefined ? {} : { version }) };
}
