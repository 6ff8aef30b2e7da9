import { LabError } from "../errors.ts";
import { type Diagnosis, diagnose } from "../machine/doctor/diagnose.ts";
import type { SetupProgress } from "../machine/provision/provision.ts";
import type { InstallPlan } from "../machine/provision/recipes.ts";
import { installableNames, planSetup, runSetup } from "../machine/provision/setup.ts";
import { Room } from "./workplace.ts";

/** What works on this machine, and installing what is missing. */
export class MachineRoom extends Room {
  /** Looks at the machine and at every part of the lab; changes nothing. */
  diagnose(): Promise<Diagnosis> {
    this.at.registry.forgetDetections();
    return diagnose(this.at);
  }

  /**
   * The commands that would install what is missing of the named programs, of all, or of those that need not be built
   * first. Throws LAB_USAGE for a name that it does not know.
   */
  async planSetup(wanted: readonly string[] | "all" | "quick"): Promise<InstallPlan> {
    if (wanted === "quick") return planSetup(this.at, installableNames(this.at, { quick: true }));
    if (wanted === "all") return planSetup(this.at);
    const known = installableNames(this.at);
    const unknown = wanted.find((name) => !known.includes(name));
    if (unknown === undefined) return planSetup(this.at, wanted);
    throw new LabError("LAB_USAGE", `setup does not know "${unknown}"`, { help: `choose from: ${known.join(", ")}` });
  }

  /** Carries the plan out, one step after the other. */
  async setUp(plan: InstallPlan, onProgress: (progress: SetupProgress) => void, signal: AbortSignal) {
    const outcomes = await runSetup(this.at, plan, { onProgress, signal });
    return { outcomes, interrupted: signal.aborted };
  }
}
