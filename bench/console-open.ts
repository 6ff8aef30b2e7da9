/**
 * Does an open console slow down what it shows? A console in a real terminal (tmux) runs a sweep that repeats one trial of
 * HAProxy; of each two trials that follow one another the console is stopped for one, at random, as if it were not there.
 * Prints the ratio of their rates with its 95 % interval. As root, on a machine that is otherwise idle.
 * usage: npm run bench:console-open [-- PAIRS]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RealTerminal, startTerminal } from "../scripts/pictures/terminal.ts";
import { geometricMean, logInterval, pooledSpread } from "../src/core/statistics/index.ts";
import { random, shuffled } from "../src/core/statistics/random.ts";
import { Store } from "../src/core/store/store.ts";

const pairs = Number(process.argv[2] ?? 60);
const cpu = "0.3";
const draw = random(1);
/** For each trial, whether the console is open. */
const open = Array.from({ length: pairs }, () => shuffled([true, false], draw)).flat();

const scratch = mkdtempSync(join(tmpdir(), "bench-console-"));
const storeFile = join(scratch, "lab.sqlite");
const terminal = startTerminal(["--store", storeFile], { env: { XDG_CONFIG_HOME: scratch } });

async function compose({ press, fill, until }: RealTerminal): Promise<void> {
  await until(/\d+ trials?, about/, 60);
  await fill(cpu);
  await press("Down", "Down", "Down", "Down");
  await fill(String(2 * pairs));
  await press("Down");
  await fill("1s");
  await until(/--window 1s/);
}

/** Stops the console and lets it go on between trials; resolves with the rates of all trials, in the order of time. */
async function follow(console: number): Promise<number[]> {
  const store = Store.open(storeFile);
  const rates: number[] = [];
  try {
    for (let place = 0; rates.length < open.length; await sleep(50)) {
      process.kill(console, open[rates.length] ? "SIGCONT" : "SIGSTOP");
      const found = store.trialsAfter(place, open.length);
      place = found.place;
      rates.push(...found.records.map(({ result }) => result!.requestsPerSecond));
      if (found.records.length > 0) process.stderr.write(`\r${rates.length} of ${open.length} trials`);
    }
    return rates;
  } finally {
    store.close();
  }
}

try {
  await compose(terminal);
  await terminal.press("r");
  await terminal.until(/now: haproxy/);
  const rates = await follow(terminal.pid());
  const ratios = Array.from({ length: pairs }, (_, pair) => {
    const [first, second] = [rates[2 * pair]!, rates[2 * pair + 1]!];
    return open[2 * pair] ? first / second : second / first;
  });
  const { estimate, low, high } = logInterval(geometricMean(ratios), pairs, pooledSpread([ratios])!);
  const percent = (ratio: number) => `${(100 * (ratio - 1)).toFixed(1)} %`;
  console.log(
    `\nrequests/s with the console open: ${percent(estimate)} (95 % interval ${percent(low)} to ${percent(high)}) in ${pairs} pairs; wanted within 3 %`,
  );
} finally {
  terminal.close();
  rmSync(scratch, { recursive: true, force: true });
}
