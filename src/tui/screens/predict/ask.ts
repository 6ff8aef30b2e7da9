import type { AnswerData, PredictedCurve, Question, Recommendation, Refused } from "../../../core/answer/index.ts";
import { wishFor } from "../../../core/answer/learning/conditions.ts";
import { distinct, type Levels } from "../../../core/domain/factors.ts";
import type { Problem } from "../../../core/errors.ts";
import { figureAt } from "../../widgets/slider.ts";
import type { ScreenContext } from "../screen.ts";
import { askedBy } from "./goals.ts";
import type { Known } from "./known.ts";
import {
  type Extent,
  type PredictState,
  type ProxyOutlook,
  rankedProxies,
  rankedProxy,
  sliderLevels,
  sliderOf,
} from "./state.ts";

type Context = ScreenContext<PredictState>;

/**
 * Asks for what the screen shows. What changes while an answer is being worked out is asked for once that has come, so
 * that fast typing does not queue up questions that nobody wants answered any more.
 */
export function ask(context: Context, extent: Extent): void {
  const { lab, update } = context;
  if (context.state.asking) {
    update((state) => ({ ...state, again: state.again === "all" ? "all" : extent }));
    return;
  }
  const learnedFrom = extent === "all" ? { learnedFrom: lab.trials.length } : {};
  update(({ again: _, ...state }) => ({ ...state, asking: true, ...learnedFrom }));
  const settled = (found: { readonly problem?: string }) => {
    update(({ problem: _, ...state }) => ({ ...state, asking: false, ...found }));
    const { again } = context.state;
    if (again) ask(context, again);
  };
  void work(context, extent).then(
    () => settled({}),
    ({ message }: Problem) => settled({ problem: message }),
  );
}

async function work(context: Context, extent: Extent): Promise<void> {
  if (extent === "all") await answerAll(context);
  const best = rankedProxy(context.state, context.lab);
  if (best) await look(context, best);
}

/**
 * How much each proxy needs. A first answer is shown as it comes, since learning takes its time; later ones all together,
 * so that proxies are never ranked by answers to different questions.
 */
async function answerAll({ state, lab, services, update }: Context): Promise<void> {
  const asked = askedBy(state.fields);
  const show = (answers: PredictState["answers"]) =>
    update((now) => ({ ...now, answers: { ...now.answers, ...answers } }));
  if (!asked.ok) return update((now) => ({ ...now, answers: {} }));
  const found: Record<string, Recommendation | Refused> = {};
  const among = proxiesOf(state, lab);
  for (const proxy of among) {
    const question = { ...state.wish, proxy, among };
    const answer = await services.recommend(question, asked.goals, state.asked, asked.confidence);
    if (state.answers[proxy]) found[proxy] = answer;
    else show({ [proxy]: answer });
  }
  show(found);
}

function proxiesOf(state: PredictState, lab: Context["lab"]): string[] {
  return rankedProxies(state, lab)
    .map(({ proxy }) => proxy)
    .sort();
}

/**
 * What a proxy will do where the sliders stand. Where its answer is from open loops and the sliders stand among closed ones,
 * its latency is that at the rate and the levels of the answer.
 */
async function look({ state, lab, services, update }: Context, known: Known): Promise<void> {
  const asked = askedBy(state.fields);
  const confidence = asked.ok ? asked.confidence : 0.9;
  const { proxy } = known;
  const fixed = sliderLevels(state, known);
  const { levels: answered } = answerOf(state, proxy);
  const apart = answered?.requestsPerSecond !== undefined && !known.levels.has("requestsPerSecond");
  const question = apart ? { ...state.wish, proxy, among: proxiesOf(state, lab) } : likeAnswer(state, proxy);
  const cpu = figureAt(sliderOf(state, known, "cpu"));
  const show = (part: Omit<ProxyOutlook, "proxy">) =>
    update((now) => ({ ...now, outlook: { ...(now.outlook?.proxy === proxy ? now.outlook : {}), ...part, proxy } }));
  if (cpu === undefined) return update(({ outlook: _, ...now }) => now);
  const at = { ...fixed, cpu };
  show({ rate: await services.predict(question, "requestsPerSecond", at, confidence) });
  show({ curve: await services.curve(question, "requestsPerSecond", fixed, confidence) });
  const atRate = apart ? { ...answered, cpu } : at;
  show({ p99: await services.predict(likeAnswer(state, proxy), "latencyMs.p99", atRate, confidence) });
  const isRateAsked = asked.ok && asked.goals.p99Ms !== undefined && answered?.requestsPerSecond !== undefined;
  const openLoop = likeAnswer(state, proxy);
  show({ rates: isRateAsked ? await p99AgainstRate(services, openLoop, { ...answered, cpu }, confidence) : [] });
  show({ peak: await services.predict(question, "memoryPeakBytes", at, confidence) });
}

/** The p99 against the offered rate at the CPU limit among some levels, then at the measured limits next to it. */
async function p99AgainstRate(
  { curve }: Context["services"],
  question: Question,
  { requestsPerSecond: _, ...levels }: Levels,
  confidence: number,
): Promise<PredictedCurve[]> {
  const at = (cpu: number | undefined) =>
    curve(question, "latencyMs.p99", { ...levels, ...(cpu !== undefined && { cpu }) }, confidence, {
      along: "requestsPerSecond",
    });
  const main = await at(levels.cpu);
  if (!main.ok) return [];
  const measured = distinct(main.measured.flatMap((trial) => trial.levels.cpu ?? []));
  const { cpu = Number.NaN } = main.fixed;
  const neighbours = [measured.findLast((limit) => limit < cpu), measured.find((limit) => limit > cpu)];
  const curves: PredictedCurve[] = [main];
  for (const limit of neighbours) {
    const found = limit === undefined ? undefined : await at(limit);
    if (found?.ok) curves.push(found);
  }
  return curves;
}

/** Asks under the conditions of a proxy's answer, wherever the sliders stand. */
function likeAnswer(state: PredictState, proxy: string): Question {
  const { conditions } = answerOf(state, proxy);
  return { ...state.wish, ...(conditions && wishFor(conditions)), proxy };
}

/** The conditions and levels of a proxy's answer; none where there is no data behind it. */
function answerOf({ answers }: PredictState, proxy: string): Partial<Pick<AnswerData, "conditions" | "levels">> {
  return answers[proxy]?.data ?? {};
}
