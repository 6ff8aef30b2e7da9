import type { LoadPlugin, ProxyPlugin } from "../../contract/index.ts";
import type { Point, Scenario } from "../../domain/point.ts";
import type { LabError } from "../../errors.ts";
import type { Origins } from "../origin/origin.ts";
import type { LiveFigures } from "../samples/live.ts";
import type { Load } from "./loadRun.ts";
import type { Rig } from "./rig.ts";

/** What a trial is measured with. */
export interface TrialSetup {
  readonly point: Point;
  readonly scenario: Scenario;
  readonly proxy: Pick<ProxyPlugin, "supports">;
  readonly tool: Pick<LoadPlugin, "supports">;
  /** The proxy, running. */
  readonly rig: Pick<Rig, "listen" | "control" | "limit">;
  readonly origins: Origins;
  readonly load: Load;
  /** The rate of the same load without a proxy. */
  readonly directRequestsPerSecond?: number | undefined;
  /** Cores that load tool and origins share; absent where nothing was pinned. */
  readonly restCores?: number | undefined;
  readonly onFigures: (phase: "warm-up" | "window", figures: LiveFigures) => void;
  /** Called where a plugin fails to give live figures. */
  readonly onSampleFault: (fault: LabError) => void;
}
