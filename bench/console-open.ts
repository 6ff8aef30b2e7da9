/**
 * Does an open console slow down what it shows? A console in a real terminal (tmux) runs a sweep that visits one level of
 * HAProxy again and again; of each two visits that follow one another the console is stopped for one, at random, as if it
 * were not there. Prints the ratio of their rates with its 95 % interval, raw and at one reference speed: the console
 * runs on another core than the proxy and its probe, so what the probe tells is not the console's doing.
 * As root, on a machine that is otherwise idle; some twelve minutes.
 * usage: npm run bench:console-open [-- PAIRS]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RealTerminal, startTerminal } from "../scripts/pictures/terminal.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { geometricMean, logInterval, pooledSpread } from "../src/core/statistics/index.ts";
import { random, shuffled } from "../src/core/statistics/random.ts";
import { atReferenceSpeed } from "../src/core/statistics/trials/referenceSpeed.ts";
import { Store } from "../src/core/store/store.ts";
import { originOf } from "./rounds/recording.ts";
import { printTargets, signed } from "./rounds/report.ts";

const pairs = Number(process.argv[2] ?? 300);
const cpu = "0.3";
const wanted = -0.01;
const draw = random(1);
/** For each visit, whether the console is open. */
const open = Array.from({ length: pairs }, () => shuffled([true, false], draw)).flat();

const scratch = mkdtempSync(join(tmpdir(), "bench-console-"));
const storeFile = join(scratch, "lab.sqlite");
const terminal = startTerminal(["--store", storeFile], { env: { XDG_CONFIG_HOME: scratch } });

async function compose({ press, fill, screen, until }: RealTerminal): Promise<void> {
  const rows = 20;
  await until(/lab sweep --proxy haproxy/, 60);
  await fill(cpu);
  for (let row = 0; row < rows && !/▸ rounds/.test(screen()); row++) {
    await press("Down");
    await sleep(100);
  }
  await fill(String(open.length));
  await until(new RegExp(`--rounds ${open.length}`));
}

/** Stops the console and lets it go on between visits; resolves with the records of all, in the order of time. */
async function follow(console: number): Promise<TrialRecord[]> {
  const store = Store.open(storeFile);
  const records: TrialRecord[] = [];
  try {
    for (let place = 0; records.length < open.length; await sleep(50)) {
      process.kill(console, open[records.length] ? "SIGCONT" : "SIGSTOP");
      const found = store.trialsAfter(place, open.length);
      place = found.place;
      records.push(...found.records);
      if (found.records.length > 0) process.stderr.write(`\r${records.length} of ${open.length} visits`);
    }
    process.stderr.write("\n");
    return records;
  } finally {
    process.kill(console, "SIGCONT");
    store.close();
  }
}

/** Rate with the console open / without, less 1, with its 95 % interval. */
function costOf(records: readonly TrialRecord[]) {
  const rates = records.map(({ result }) => result!.requestsPerSecond);
  const ratios = Array.from({ length: pairs }, (_, pair) => {
    const [first, second] = [rates[2 * pair]!, rates[2 * pair + 1]!];
    return open[2 * pair] ? first / second : second / first;
  });
  const { estimate, low, high } = logInterval(geometricMean(ratios), pairs, pooledSpread([ratios])!);
  const text = `${signed(estimate - 1)} (95 % interval ${signed(low - 1)} to ${signed(high - 1)})`;
  return { share: estimate - 1, text };
}

try {
  await compose(terminal);
  await terminal.press("r");
  await terminal.until(/now: haproxy/);
  const records = await follow(terminal.pid());
  const [raw, corrected] = [costOf(records), costOf(atReferenceSpeed(records))];
  console.log(`${originOf(records)}\n\nrequests/s with the console open, ${pairs} pairs of visits; raw: ${raw.text}`);
  printTargets([
    {
      what: "requests/s with the console open, at reference speed",
      found: corrected.text,
      wanted: `no less than ${signed(wanted)}`,
      held: corrected.share >= wanted,
    },
  ]);
} finally {
  terminal.close();
  rmSync(scratch, { recursive: true, force: true });
}
