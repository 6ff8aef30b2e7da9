import { Answers } from "./answer/ask.ts";
import { Learning } from "./answer/source.ts";
import { type Face, silentFace } from "./domain/face.ts";
import type { TrialRecord } from "./domain/record.ts";
import { Analysis } from "./lab/analysis.ts";
import { Demo } from "./lab/demo.ts";
import { Exchange } from "./lab/exchange.ts";
import { MachineRoom } from "./lab/machine.ts";
import { inUse, type PluginsInUse, PluginsRoom } from "./lab/plugins.ts";
import { Study } from "./lab/study.ts";
import { Sweeps } from "./lab/sweeps.ts";
import { Upkeep } from "./lab/upkeep.ts";
import { Workplace } from "./lab/workplace.ts";
import { configDir, type Named } from "./places.ts";
import { Preferences } from "./preferences.ts";
import type { Store } from "./store/store.ts";

export { REPORT_FORMATS, type ReportFormat } from "./document/files/formats.ts";
export type { CheckResult } from "./hosting/conformance/attempt.ts";
export { PLUGIN_KINDS } from "./hosting/registry.ts";
export type { ProxyFloor } from "./lab/analysis.ts";
export { type Preset, presets, saveExperiment } from "./lab/experiments.ts";
export { configurationHash } from "./lab/ownConfiguration.ts";
export type {
  CheckWatch,
  OptionSummary,
  PluginPreview,
  PluginReport,
  PluginSummary,
  PluginsInUse,
} from "./lab/plugins.ts";
export type { FinishedSweep, RunOptions } from "./lab/sweeps.ts";
export type { Diagnosis, Finding } from "./machine/doctor/diagnose.ts";
export { kindTitles } from "./machine/doctor/kindTitles.ts";
export type { MachineCheck } from "./machine/doctor/machineCheck.ts";
export type { SetupOutcome, SetupProgress } from "./machine/provision/provision.ts";
export type { InstallPlan } from "./machine/provision/recipes.ts";
export { type SteeringCommand, SweepControl } from "./measure/sweep/control.ts";
export { fromHere, type Named, sameStore } from "./places.ts";
export { previewSweep, type SweepPreview } from "./plan/preview.ts";
export { STUDY_PARTS } from "./plan/study.ts";
export { tellStarter } from "./process/companion.ts";
export { type Comparison, compare } from "./statistics/sides/compare.ts";
export type { GateOutcome } from "./statistics/sides/gate.ts";
export { bandsOf } from "./statistics/trials/bands.ts";
export { observe } from "./statistics/trials/observe.ts";
export { type FigureWish, type SpeedBasis, speedBasisOf, speedCorrected } from "./statistics/trials/speeds.ts";
export type { Bundle } from "./store/bundleSchema.ts";
export { EXPORT_FORMATS, type ExportFormat } from "./store/export.ts";
export type { StoredSweep } from "./store/store.ts";
export type { PruneWish } from "./store/upkeep.ts";

/** The lab without a user interface: the one door by which both faces do their work, a room for each kind of it. */
export class Lab {
  /** What the lab remembers for its user. */
  static readonly preferences = new Preferences(configDir);
  readonly workplace: Workplace;
  readonly sweeps: Sweeps;
  /** All experiments of the study, one after the other. */
  readonly study: Study;
  readonly demo: Demo;
  /** Predictions and recommendations, and how far to trust them. */
  readonly answers: Answers;
  /** Comparisons, correlations and memory floors. */
  readonly analysis: Analysis;
  /** Reports, exported data, bundles. */
  readonly exchange: Exchange;
  /** Care of the store's file. */
  readonly upkeep: Upkeep;
  /** What works here, and installing the rest. */
  readonly machine: MachineRoom;

  constructor(workplace: Workplace, face: Face) {
    this.workplace = workplace;
    this.sweeps = new Sweeps(workplace, face);
    this.study = new Study(workplace);
    this.demo = new Demo(workplace);
    this.answers = new Answers(
      new Learning(workplace, (spec, options) => this.sweeps.measure(spec, options), face),
      Lab.preferences,
    );
    this.analysis = new Analysis(workplace);
    this.exchange = new Exchange(workplace);
    this.upkeep = new Upkeep(workplace);
    this.machine = new MachineRoom(workplace);
  }

  /**
   * Opens the lab on the files named, else on those of the user. `allowedTargets`: hosts beside this machine that load may
   * be sent to. Throws LAB_PLUGINS_FILE.
   */
  static async open(named: Named, face: Face = silentFace, allowedTargets: readonly string[] = []): Promise<Lab> {
    const workplace = await Workplace.open(named, allowedTargets);
    const { pluginsFile: file, registry } = workplace;
    for (const problem of registry.problems) face.onNotice({ code: "plugin-left-out", file, problem });
    return new Lab(workplace, face);
  }

  /** The list of plugins, which can be changed also where the lab cannot be opened on it. */
  static plugins(named: Named): PluginsRoom {
    return new PluginsRoom(named);
  }

  /** Sweeps and trials. Throws LAB_STORE. */
  get store(): Store {
    return this.workplace.store;
  }

  /** Trials of sweeps that are looked at together: at one reference speed, unless they are wanted as measured. */
  trialsOf(...asked: Parameters<Workplace["trialsOf"]>): readonly TrialRecord[] {
    return this.workplace.trialsOf(...asked);
  }

  get pluginsInUse(): PluginsInUse {
    return inUse(this.workplace.registry, this.workplace.pluginsFile);
  }

  close(): void {
    this.workplace.close();
  }
}
