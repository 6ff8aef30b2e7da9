import { correlatableTrials } from "../answer/learning/comparable.ts";
import { findFactor, settingWithout } from "../domain/factors.ts";
import type { Figure } from "../domain/figures.ts";
import type { TrialRecord } from "../domain/record.ts";
import { tablesFor } from "../domain/tables.ts";
import { LabError } from "../errors.ts";
import { type Floor, floorOf } from "../plan/floor.ts";
import { type Comparison, compare } from "../statistics/sides/compare.ts";
import { type GateOutcome, gateOf } from "../statistics/sides/gate.ts";
import { correlateTrials } from "../statistics/trials/correlation.ts";
import { type FigureWish, type SpeedBasis, speedBasisOf, speedCorrected } from "../statistics/trials/speeds.ts";
import { Room } from "./workplace.ts";

export interface ProxyFloor extends Floor {
  readonly records: readonly TrialRecord[];
  /** Settings of the proxy that decide how much memory it takes. */
  readonly settings: readonly string[];
}

interface CompareWish extends FigureWish {
  readonly sweep?: string | undefined;
  readonly confidence: number;
  readonly matters?: number | undefined;
  readonly maxRegress?: number | undefined;
  readonly acrossMachines?: boolean | undefined;
}

/** What stored trials say together. */
export class Analysis extends Room {
  /**
   * Compares two proxies of one sweep (of the newest with both, unless named), or two sweeps. `matters`: the difference
   * that should be found, as a share. With `maxRegress` there is an outcome of the gate. Throws LAB_NO_DATA.
   */
  compare(
    names: readonly [string, string],
    figure: Figure,
    { sweep, confidence, matters, maxRegress, acrossMachines, raw }: CompareWish,
  ): { found: Comparison; gate?: GateOutcome; speed?: SpeedBasis } {
    const { first, second, differ } = this.#sidesOf(names, sweep, { raw });
    const wanted = matters ?? maxRegress;
    const wish = { confidence, ...(wanted !== undefined && { matters: wanted }) };
    const found = compare(first, second, figure.of, settingWithout(differ), wish);
    if (found.pairings.length === 0) {
      throw new LabError("LAB_NO_DATA", `${names.join(" and ")} have no setting in common with a ${figure.id}`, {
        help: "measure them at the same levels",
      });
    }
    const speed = figure.followsSpeed && speedBasisOf([...first, ...second]);
    return {
      found,
      ...(maxRegress !== undefined && { gate: gateOf(found, figure, { maxRegress, acrossMachines }) }),
      ...(speed && { speed }),
    };
  }

  /**
   * Correlates factors and figures for each proxy, for trials made under the conditions that were measured most; `others`
   * were made under others and are left out. Throws LAB_NO_DATA.
   */
  correlate(
    proxies: readonly string[] | undefined,
    sweep: string | undefined,
    { confidence, ...wish }: FigureWish & { confidence: number },
  ) {
    const { registry, store } = this.at;
    const all = store.trials(sweep === undefined ? {} : { sweepId: store.find(sweep).id });
    // Trials stay when their proxy is taken out of plugins.json.
    const measured = new Set(all.map(({ point }) => point.proxy));
    for (const id of proxies ?? []) if (!measured.has(id)) registry.get("proxy", id);
    const trials = speedCorrected(all, wish).filter(
      ({ point, status }) => status === "completed" && (proxies?.includes(point.proxy) ?? true),
    );
    if (trials.length === 0) {
      throw new LabError("LAB_NO_DATA", "there are no completed trials to correlate", {
        help: "run some with ./lab sweep",
      });
    }
    return [...Map.groupBy(trials, ({ point }) => point.proxy)].map(([proxy, all]) => {
      const { trials, others } = correlatableTrials(all);
      const speed = speedBasisOf(trials);
      const matrix = correlateTrials(trials, confidence, tablesFor(trials));
      return { proxy, trials: trials.length, others, matrix, ...(speed && { speed }) };
    });
  }

  /** What a search for the memory floor of a proxy found. */
  floor(sweepId: string, proxy: string): ProxyFloor {
    const records = this.at.store.trials({ sweepId });
    const settings = this.at.registry.get("proxy", proxy).plugin.memorySettings ?? [];
    return { ...floorOf(records), records, settings };
  }

  /** Names are proxies where a sweep has trials of both, else sweeps; `differ`: what settings therefore leave out. */
  #sidesOf([first, second]: readonly [string, string], sweepId: string | undefined, wish: FigureWish) {
    const { store } = this.at;
    const sweeps = sweepId === undefined ? store.sweeps() : [store.find(sweepId)];
    for (const { id, spec } of sweeps) {
      if (!spec.proxies.includes(first) || !spec.proxies.includes(second)) continue;
      const trials = this.at.trialsOf([{ id }], wish);
      const of = (proxy: string) => trials.filter(({ point }) => point.proxy === proxy);
      return { first: of(first), second: of(second), differ: "proxy" as const };
    }
    const known = store.sweeps().map(({ id }) => id);
    const unknown = [first, second].find((name) => !known.includes(name));
    if (unknown === undefined) {
      const trials = this.at.trialsOf([{ id: first }, { id: second }], wish);
      const of = (sweep: string) => trials.filter((trial) => trial.sweepId === sweep);
      return { first: of(first), second: of(second), differ: "sweep" as const };
    }
    this.#refuseOtherParts([first, second]);
    const message = `no sweep has both proxies ${first} and ${second}, and "${unknown}" is no sweep`;
    throw new LabError("LAB_NO_DATA", message, {
      help: `measure them together: ./lab sweep --proxy ${first},${second}`,
    });
  }

  /** Throws LAB_USAGE for the names of other parts than proxies. */
  #refuseOtherParts(names: readonly string[]): void {
    for (const { kind, factor } of otherParts) {
      const known = this.at.registry.list(kind).map(({ plugin }) => plugin.id);
      const name = names.find((one) => known.includes(one));
      if (name === undefined) continue;
      throw new LabError(
        "LAB_USAGE",
        `"${name}" is a ${findFactor(factor).label}; what is compared is proxies, or sweeps`,
        {
          help: `./lab chart --by ${factor} draws trials of several beside each other`,
        },
      );
    }
  }
}

/** Parts of a trial beside the proxy, with the factors whose levels they are. */
const otherParts = [
  { kind: "load", factor: "loadTool" },
  { kind: "limiter", factor: "limiter" },
] as const;
