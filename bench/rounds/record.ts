/**
 * Records in one sitting, by the lab's own command, all that bench:spread, bench:coverage, bench:economy and bench:aa judge
 * by, and writes it as a bundle. As root, on a machine that is otherwise idle. A part that cannot be measured here, for want
 * of its proxy or of Docker, is left out and told of.
 * usage: npm run bench:record -- [OUT.ndjson.gz] [--minutes 40] [--only NAME,...]
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { formatDuration } from "../../src/core/domain/format.ts";
import { type Part, parts, plugins, roundsFor, sweepFlags } from "./parts.ts";
import { roundsFile } from "./recording.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: "string", default: "40" }, only: { type: "string" } },
});
const [out = roundsFile] = positionals;
const chosen = parts.filter(({ name }) => values.only?.split(",").some((one) => name.includes(one)) ?? true);
const dir = mkdtempSync(join(tmpdir(), "bench-record-"));
const files = ["--store", join(dir, "lab.sqlite"), "--plugins", join(dir, "plugins.json")];
/** The lab's codes for a sweep that ended, without and with failed trials. */
const ended = [0, 3];

/** Of progress, so that each line covers the one before. */
const lineWidth = 100;
/** A visit cannot take less: its shortest window, and the limit that settles before. */
const shortestVisit = 0.7;
/** A first guess; what parts take is learned from those before. */
let visitSeconds = 1.1;
let visits = 0;
const startedMs = performance.now();
const endMs = startedMs + Number(values.minutes) * 60_000;
const secondsLeft = () => (endMs - performance.now()) / 1000;

/** Resolves with the number of visits, or rejects where the lab refuses the sweep. */
async function record(part: Part, rounds: number): Promise<number> {
  const { name, visitsPerRound } = part;
  const args = ["sweep", ...sweepFlags(part, rounds), ...files, "--json"];
  const child = spawn("./lab", args, { stdio: ["ignore", "pipe", "inherit"] });
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  const show = throttled();
  let [done, failed] = [0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.type !== "trial-finished") continue;
    done++;
    if (event.record.status !== "completed") failed++;
    const lost = failed > 0 ? `, ${failed} failed` : "";
    const left = `${formatDuration(event.remainingSeconds)} left, of all parts ${formatDuration(Math.max(event.remainingSeconds, secondsLeft()))}`;
    show(`${name}: ${done} of ${rounds * visitsPerRound} visits${lost}, ${left}`);
  }
  process.stderr.write(`\r${name}: ${done} visits, ${failed} failed`.padEnd(lineWidth).concat("\n"));
  if (!ended.includes((await code) ?? -1)) throw new Error(`${name}: the lab ended with ${await code}`);
  return done;
}

/** Shows a line in the place of the one before, a second after that at the earliest. */
function throttled(): (line: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (line) => {
    if (performance.now() - last < 1000) return;
    last = performance.now();
    process.stderr.write(`\r${line}`.padEnd(lineWidth));
  };
}

writeFileSync(join(dir, "plugins.json"), JSON.stringify(plugins));
console.log(`${chosen.length} parts, ${values.minutes} min, into ${out}; meanwhile in ${dir}`);
for (const [at, part] of chosen.entries()) {
  const left = chosen.slice(at);
  const fromMs = performance.now();
  try {
    const done = await record(part, roundsFor(left, secondsLeft(), visitSeconds));
    visits += done;
    visitSeconds = Math.max(shortestVisit, (performance.now() - fromMs) / 1000 / done / part.slowness);
  } catch (error) {
    console.error(`left out: ${error instanceof Error ? error.message : error}`);
  }
}
const note = "recorded for the benches of spread, coverage, economy and comparisons";
execFileSync("./lab", ["bundle", out, ...files, "--note", note], { stdio: "inherit" });
rmSync(dir, { recursive: true });
console.log(`${visits} visits in ${formatDuration((performance.now() - startedMs) / 1000)}`);
