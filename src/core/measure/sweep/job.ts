import type { LoadPlugin, LoadReport } from "../../contract/index.ts";
import type { SweepEnd, SweepEventBody } from "../../domain/events.ts";
import type { Point } from "../../domain/point.ts";
import type { Environment, TrialRecord } from "../../domain/record.ts";
import type { SweepSpec } from "../../domain/spec.ts";
import type { Entry, Registry } from "../../hosting/registry.ts";
import type { Origins } from "../origin/origin.ts";
import type { PlannedStart, Rig } from "../rig/rig.ts";
import type { SpeedProbe } from "../speed/probe.ts";
import type { LoadWatch, LoadWish } from "../trial/loadRun.ts";
import type { MonotonicClock, SweepControl } from "./control.ts";

/** A sweep to be run, and where its events and records go. */
export interface SweepJob {
  readonly id: string;
  readonly spec: SweepSpec;
  /** Records of an earlier, interrupted run of the same sweep. */
  readonly earlier: readonly TrialRecord[];
  /** Steers it while it runs. */
  readonly control: SweepControl;
  /** Port for the proxy to listen on; absent means that the lab finds one. */
  readonly proxyPort?: number | undefined;
  emit(event: SweepEventBody): void;
  /** Called with each record, and waited for, before the next trial begins. */
  save(record: TrialRecord): Promise<unknown>;
}

export interface SweepOutcome {
  readonly status: SweepEnd;
  readonly completed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a sweep is run with: the real parts of this machine, or fakes. */
export interface SweepParts {
  readonly registry: Pick<Registry, "get">;
  /** Aborted when the user wants no more. */
  readonly signal: AbortSignal;
  readonly clock: MonotonicClock;
  /** Cores that load tools and origins share; absent where nothing is pinned. */
  readonly restCores?: number | undefined;
  /** Cores that the proxy was pinned to; absent where it was not. */
  readonly proxyCores?: number | undefined;
  /** Where the trials under a limiter run. */
  environment(limiter: string): Environment;
  startOrigins(servers: number): Promise<Origins>;
  /** Resolves to `undefined` where none is wanted, or none can run. */
  startProbe(): Promise<SpeedProbe | undefined>;
  /** `onPlan`: see `openRig`. */
  startRig(point: Point, origins: Origins, onPlan?: (planned: PlannedStart) => void): Promise<Rig>;
  runLoad(tool: Entry<LoadPlugin>, wish: LoadWish, signal: AbortSignal, watch?: LoadWatch): Promise<LoadReport>;
}
