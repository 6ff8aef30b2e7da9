import { highestConfidence } from "../answer/learning/intervals.ts";
import { learn } from "../answer/learning/learn.ts";
import type { Refused } from "../answer/learning/refusal.ts";
import { trialCount } from "../answer/learning/rows.ts";
import { comparisonOf, type ModelComparison } from "../answer/models.ts";
import { type Recommendation, recommend } from "../answer/recommend.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { LabError } from "../errors.ts";
import { defaultSpec } from "../experiment/defaults.ts";
import { Room } from "./workplace.ts";

const withinSeconds = 10;
/** Asked for where so few trials can give it. */
const wantedConfidence = 0.9;

/** What the demo learned of a proxy. */
interface DemoAnswer {
  readonly proxy: string;
  readonly models: ModelComparison | Refused;
  readonly recommendation: Recommendation | Refused;
}

/** The main job in small. */
export class Demo extends Room {
  /** Few rounds of few levels: enough to see the shape, and over in two minutes. Throws LAB_UNAVAILABLE. */
  async plan(): Promise<SweepSpec> {
    const { registry } = this.at;
    const balancers = registry
      .list("proxy")
      .filter(({ plugin: { supports } }) => supports.balancing && supports.roles.includes("reverse"));
    const closed = registry.list("load").filter(({ plugin }) => plugin.supports.loops.includes("closed"));
    const wanted = (await this.available(balancers)).filter((id) => ["haproxy", "traefik"].includes(id));
    return {
      ...defaultSpec,
      title: "demo",
      proxies: wanted.length > 0 ? wanted : ["builtin"],
      loadTools: [first(await this.available(closed), "load tool")],
      limiters: [first(await this.available(registry.list("limiter")), "limiter")],
      cpu: [0.05, 0.1, 0.2, 0.35, 0.6],
      servers: [1, 3],
      rounds: 4,
      seed: 1,
    };
  }

  /** What models learn from the trials, and how much CPU a number of completed requests needs in front of one server. */
  async answers(proxies: readonly string[], records: readonly TrialRecord[]) {
    const models = this.at.models();
    const goals = { completedRequests: goalFor(records), withinSeconds };
    const answers: DemoAnswer[] = [];
    for (const proxy of proxies) {
      const own = records.filter(({ point }) => point.proxy === proxy);
      const learned = await learn(models, own, ["requestsPerSecond"]);
      if (!learned.ok) {
        answers.push({ proxy, models: learned, recommendation: learned });
        continue;
      }
      const predictor = learned.predictors.requestsPerSecond!;
      const confidence = Math.min(wantedConfidence, highestConfidence(trialCount(predictor.rows)));
      const recommendation = await recommend(learned.predictors, goals, { servers: 1 }, confidence);
      answers.push({ proxy, models: comparisonOf(predictor), recommendation });
    }
    return { goals, answers };
  }
}

function first(ids: readonly string[], what: string): string {
  if (ids[0] !== undefined) return ids[0];
  throw new LabError("LAB_UNAVAILABLE", `no ${what} works on this machine`, { help: "./lab doctor tells why" });
}

/** A round number that all proxies can be asked about: between the lowest and the highest rate that each reached. */
function goalFor(records: readonly TrialRecord[]): number {
  const trials = [...Map.groupBy(records, ({ point }) => point.proxy).values()];
  const rates = trials
    .map((of) => of.flatMap(({ result }) => result?.requestsPerSecond ?? []))
    .filter((of) => of.length > 0);
  const low = Math.max(...rates.map((of) => Math.min(...of)));
  const high = Math.min(...rates.map((of) => Math.max(...of)));
  return Number((Math.sqrt(low * high) * withinSeconds).toPrecision(1));
}
