/**
 * The random forests of the lab against RandomForestRegressor of scikit-learn: on the same data, in turn, the time of a
 * fit and the median relative error against the truth without noise at unseen points. scikit-learn is installed by pip
 * into a folder of its own below the temporary directory, which is kept for the next run.
 * usage: npm run bench:forest [-- REPEATS [ROWS,ROWS...]]
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Training } from "../src/core/contract/index.ts";
import { median } from "../src/core/statistics/index.ts";
import forest from "../src/plugins/models/forest.ts";
import { predictLean } from "../src/plugins/models/ml-random-forest/lean.ts";
import { trainForest } from "../src/plugins/models/ml-random-forest/wrapper.ts";
import { generator } from "../src/plugins/models/shared/random.ts";
import { growForest, predictForest } from "../src/plugins/models/trees/forest.ts";

interface Task {
  readonly training: Training;
  readonly unseen: readonly (readonly number[])[];
  readonly trees: number;
  readonly seed: number;
}

interface Outcome {
  readonly milliseconds: number;
  readonly predicted: readonly number[];
}

interface Contestant {
  readonly name: string;
  /** Whether it learns logarithms. */
  readonly log: boolean;
  fit(task: Task): Outcome | Promise<Outcome>;
}

const repeats = Number(process.argv[2] ?? 7);
const sizes = (process.argv[3] ?? "50,200,2000").split(",").map(Number);
const UNSEEN = 1000;
/** ml-random-forest needs half a minute and more for so many rows: once is enough. */
const MANY_ROWS = 1000;

function installed(): string {
  const folder = join(tmpdir(), "proxy-lab-bench-forest");
  const python = join(folder, "bin", "python");
  if (!existsSync(join(folder, "ready"))) {
    execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
    execFileSync(python, ["-m", "pip", "install", "--quiet", "scikit-learn"], { stdio: "inherit" });
    execFileSync("touch", [join(folder, "ready")]);
  }
  return python;
}

const server = spawn(installed(), [join(import.meta.dirname, "forest.py")], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();

async function answer<T>(): Promise<T> {
  const { value, done } = await lines.next();
  if (done) throw new Error("forest.py ended");
  return JSON.parse(value);
}

function scikit(jobs: number | null): Contestant["fit"] {
  return ({ training: { x, y }, unseen, trees, seed }) => {
    server.stdin.write(`${JSON.stringify({ x, y, unseen, trees, jobs, seed })}\n`);
    return answer<Outcome>();
  };
}

function timed<T>(train: () => T, predict: (state: T) => readonly number[]): Outcome {
  const start = performance.now();
  const state = train();
  const milliseconds = performance.now() - start;
  return { milliseconds, predicted: predict(state) };
}

/** The lab's own forest with other numbers of trees than its plugin has, and with factors drawn per split or not. */
function own(factorsPerSplit: number): Contestant["fit"] {
  const growth = { minimumLeaf: 1, factorsPerSplit };
  return ({ training, unseen, trees, seed }) =>
    timed(
      () => growForest(training, trees, growth, seed),
      (grown) => predictForest(grown, unseen),
    );
}

const reference = "scikit-learn, 1 job";
const contestants: Contestant[] = [
  { name: reference, log: false, fit: scikit(null) },
  { name: `scikit-learn, ${availableParallelism()} jobs`, log: false, fit: scikit(-1) },
  { name: "own forest", log: false, fit: own(4) },
  {
    name: "ml-random-forest",
    log: false,
    fit: ({ training, unseen, trees, seed }) =>
      timed(
        () => trainForest(training, seed, trees),
        (state) => predictLean(state, unseen),
      ),
  },
  { name: "scikit-learn, 1 job, logarithms", log: true, fit: scikit(null) },
  { name: "own forest, logarithms", log: true, fit: own(4) },
  { name: "own forest, logarithms, 3 factors per split", log: true, fit: own(3) },
];

/** Rate of a made-up proxy: the least of what its CPU, servers and connections allow, less where memory is short. */
function truth([cpu, memory, servers, concurrency]: readonly number[]): number {
  const caps = [6000 * cpu!, 1800 * servers! ** 0.8, 250 * concurrency!];
  const rate = caps.reduce((sum, cap) => sum + cap ** -4, 0) ** -0.25;
  return rate / (1 + (40 / memory!) ** 4);
}

function taskOf(rows: number, trees: number, seed: number): Task {
  const random = generator(seed, rows);
  const point = () => [
    0.05 * 40 ** random(),
    16 * 32 ** random(),
    1 + Math.floor(8 * random()),
    Math.round(256 ** random()),
  ];
  const noise = () => Math.exp(0.05 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
  const x = Array.from({ length: rows }, point);
  const training = { factors: ["cpu", "memory", "servers", "concurrency"], x, y: x.map((row) => truth(row) * noise()) };
  return { training, unseen: Array.from({ length: UNSEEN }, point), trees, seed };
}

async function run(contestant: Contestant, task: Task): Promise<{ milliseconds: number; error: number }> {
  const { log } = contestant;
  const { factors, x, y } = task.training;
  const { milliseconds, predicted } = await contestant.fit(
    log ? { ...task, training: { factors, x, y: y.map(Math.log) } } : task,
  );
  const errors = task.unseen.map((row, i) =>
    Math.abs((log ? Math.exp(predicted[i]!) : predicted[i]!) / truth(row) - 1),
  );
  return { milliseconds, error: median(errors) };
}

/** Runs all contestants on one data set after the other, each time beginning with another one. */
async function compete(rows: number, trees: number): Promise<void> {
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const errors = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    const task = taskOf(rows, trees, repeat + 1);
    const turn = repeat % contestants.length;
    for (const contestant of [...contestants.slice(turn), ...contestants.slice(0, turn)]) {
      if (contestant.name === "ml-random-forest" && rows > MANY_ROWS && repeat > 0) continue;
      const { milliseconds, error } = await run(contestant, task);
      times.get(contestant.name)!.push(milliseconds);
      errors.get(contestant.name)!.push(error);
    }
  }
  console.log(`\n${rows} rows, ${trees} trees: fit in ms, time against ${reference}, median error`);
  for (const { name } of contestants) {
    const [taken, base] = [times.get(name)!, times.get(reference)!];
    const ratio = median(taken.map((time, repeat) => time / base[repeat]!));
    const figures = [
      `median ${median(taken).toFixed(1)}`.padEnd(16),
      `least ${Math.min(...taken).toFixed(1)}`.padEnd(16),
      `first ${taken[0]!.toFixed(1)}`.padEnd(16),
      `x ${ratio.toFixed(3)}`.padEnd(10),
      `${(100 * median(errors.get(name)!)).toFixed(1)} %`,
    ];
    console.log(`  ${name.padEnd(46)}${figures.join("")}`);
  }
}

const { version } = await answer<{ version: string }>();
console.log(`scikit-learn ${version}, Node ${process.version}, ${availableParallelism()} cores, ${repeats} repeats`);
for (const rows of sizes) for (const trees of [50, 100]) await compete(rows, trees);

const plugin = taskOf(200, 100, 1);
const whole = timed(
  () => forest.fit(plugin.training, 1),
  (state) => forest.predict(state, plugin.unseen),
);
console.log(
  `\nthe plugin as a whole, with its checks and the error on rows left out, at 200 rows: ${whole.milliseconds.toFixed(1)} ms`,
);
server.stdin.end();
