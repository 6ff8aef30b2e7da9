/**
 * Do recommendations hold? For each proxy five rates are asked for, spread over what it reaches; 25 recorded trials answer
 * at 90 % confidence; each answer is then run for real three times. Printed: how many held (mean of the runs), and the
 * recommended CPU over the least that holds, which is read off a curve through all trials of the proxy. Only runs in which
 * the proxy was the limit count. Before that, without further runs: all ways of answering are asked for the rates of trials
 * left out, and their answers compared with the CPU that these took.
 * usage: npm run bench:prediction-inverse [-- FILE]           judges recorded verifications, where there are any
 *        npm run bench:prediction-inverse -- STORE PROXY      runs those of one proxy, as root, and keeps them in the store
 */
import { fileURLToPath } from "node:url";
import { predictRows } from "../src/core/answer/learning/crossValidation.ts";
import { fitPredictor, type Predictor } from "../src/core/answer/learning/predictor.ts";
import { trainingRows } from "../src/core/answer/learning/rows.ts";
import { recommend } from "../src/core/answer/recommend.ts";
import { specLike } from "../src/core/answer/setting.ts";
import { straightLine, studyCosts } from "../src/core/answer/study.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { Lab } from "../src/core/lab.ts";
import { mean, median } from "../src/core/statistics/index.ts";
import { dataFile, firstSweep, loadModels, recordedTrials, spreadDraw, teaching } from "./recorded.ts";

const confidence = 0.9;
const trialsUsed = 25;
/** Rates asked for: those of CPU limits in equal ratios, from this much above the lowest to this much of the highest limit. */
const [aboveLowest, ofHighest, targets] = [1.5, 0.65, 5];
const models = await loadModels();

interface Answer {
  readonly rate: number;
  /** To thousandths, up; absent where it was refused. */
  readonly cpu?: number;
}

async function learned(trials: readonly TrialRecord[]): Promise<Predictor> {
  const predictor = await fitPredictor(models, trainingRows(trials), 42);
  if (!predictor.ok) throw new Error(predictor.refusal.message);
  return predictor;
}

async function rateAt(predictor: Predictor, cpu: number): Promise<number> {
  const { training } = predictor.rows;
  const row = training.factors.map((factor, column) => (factor === "cpu" ? cpu : training.x[0]![column]!));
  return (await predictRows(predictor.model, predictor.state, [row]))[0]!;
}

/** From the first sweep of a proxy; all that came after it may only judge. */
async function answers(trials: readonly TrialRecord[]): Promise<Answer[]> {
  const first = firstSweep(trials);
  const predictor = await learned(spreadDraw(first, Math.min(trialsUsed, first.length), 1));
  const limits = first.map(({ point }) => point.cpu);
  const [lowest, highest] = [aboveLowest * Math.min(...limits), ofHighest * Math.max(...limits)];
  const given: Answer[] = [];
  for (let i = 0; i < targets; i++) {
    const cpu = lowest * (highest / lowest) ** (i / (targets - 1));
    const rate = Number((await rateAt(predictor, cpu)).toPrecision(2));
    const found = await recommend({ requestsPerSecond: predictor }, { requestsPerSecond: rate }, {}, confidence);
    given.push(found.ok ? { rate, cpu: Math.ceil(found.recommendedCpu * 1000) / 1000 } : { rate });
  }
  return given;
}

async function measure(storeFile: string, proxy: string): Promise<void> {
  const pluginsFile = fileURLToPath(new URL("../plugins.json", import.meta.url));
  const lab = await Lab.open({ plugins: pluginsFile, store: storeFile });
  const trials = teaching(lab.store.trials({ proxy }));
  const cpus = (await answers(trials)).flatMap(({ cpu }) => cpu ?? []);
  const plan = { title: "verification", replicates: 3, seed: 1 };
  const onEvent = (event: { type: string }) => event.type === "trial-finished" && process.stderr.write(".");
  await lab.sweeps.run(specLike(trials[0]!, cpus, {}, plan), { signal: new AbortController().signal, onEvent });
  lab.close();
}

/** The least CPU limit at which a curve through all trials reaches a rate. */
async function leastFor(curve: Predictor, rate: number): Promise<number> {
  let [low, high] = [0.02, 1];
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high);
    if ((await rateAt(curve, middle)) >= rate) high = middle;
    else low = middle;
  }
  return high;
}

async function judge(file: string): Promise<void> {
  const all = { asked: 0, held: 0, runs: 0, runsMet: 0, ratios: [] as number[] };
  const forest = (await loadModels(true)).find(({ id }) => id === "random-forest")!;
  for (const [proxy, trials] of await recordedTrials(file)) {
    const first = firstSweep(trials);
    console.log(`\n${proxy}, asked for the rates of the ${first.length} trials of its first sweep, each left out`);
    const { model, rows } = await learned(first);
    for (const cost of await studyCosts([straightLine, forest], model, rows, confidence, 42)) {
      const { method, answered, tooLittle, ratio, worstRatio } = cost;
      const little = `${(100 * tooLittle).toFixed(0)} % too little CPU`;
      console.log(
        `  ${method.padEnd(26)}${answered} answers, ${little}; answer / CPU it took: median ${ratio.toFixed(2)}, worst tenth ${worstRatio.toFixed(2)}`,
      );
    }
    const { concurrency } = first[0]!.point;
    const alike = trials.filter(({ point }) => point.concurrency === concurrency);
    const curve = await learned(alike);
    const later = alike.filter(({ sweepId }) => sweepId !== first[0]!.sweepId);
    console.log(`${proxy}, recommended by 25 of these trials, and run`);
    for (const { rate, cpu } of await answers(trials)) {
      const rates = later.filter(({ point }) => point.cpu === cpu).map(({ result }) => result!.requestsPerSecond);
      if (cpu !== undefined && rates.length === 0) {
        console.log(`  ${rate} requests/s: ${cpu} cpu, not run`);
        continue;
      }
      all.asked++;
      if (cpu === undefined) {
        console.log(`  ${rate} requests/s: refused`);
        continue;
      }
      const least = await leastFor(curve, rate);
      const met = rates.filter((one) => one >= rate).length;
      const held = mean(rates) >= rate;
      all.held += Number(held);
      all.runs += rates.length;
      all.runsMet += met;
      all.ratios.push(cpu / least);
      console.log(
        `  ${String(rate).padStart(6)} requests/s: ${cpu} cpu gave ${mean(rates).toFixed(0)} (${met} of ${rates.length} runs met it), ${held ? "held" : "NOT HELD"}; least ${least.toFixed(3)} cpu, ratio ${(cpu / least).toFixed(2)}`,
      );
    }
  }
  if (all.runs === 0) {
    console.log("\nno verification is recorded in these data");
    return;
  }
  console.log(`\nheld: ${all.held} of ${all.asked} targets; ${all.runsMet} of ${all.runs} single runs met theirs`);
  console.log(
    `recommended CPU / least that holds: median ${median(all.ratios).toFixed(2)}, most ${Math.max(...all.ratios).toFixed(2)}`,
  );
}

const [file = dataFile, proxy] = process.argv.slice(2);
if (proxy === undefined) await judge(file);
else await measure(file, proxy);
