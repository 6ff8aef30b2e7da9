/**
 * What the lab adds to a trial of HAProxy beside measuring (starting the proxy, setting limits, taking it down), and the
 * CPU that the lab itself uses while a window is open. As root.
 * usage: npm run bench:overhead [-- TRIALS]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LabEvent } from "../src/core/domain/events.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { median } from "../src/core/statistics/index.ts";

const trials = Number(process.argv[2] ?? 8);
const levels = Array.from({ length: trials }, (_, index) => (0.1 + (0.4 * index) / trials).toFixed(2));
const ticksPerSecond = 100;

/** User and system time of a process. */
function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

interface Seen {
  readonly records: TrialRecord[];
  /** CPU of the lab in cores, in each window. */
  readonly ownCpu: number[];
}

async function sweep(limiter: string, fresh: boolean): Promise<Seen> {
  const dir = mkdtempSync(join(tmpdir(), "bench-overhead-"));
  const what = [
    "--proxy",
    "haproxy",
    "--load",
    "wrk",
    "--limiter",
    limiter,
    "--cpu",
    levels.join(","),
    "--anchors",
    "0",
  ];
  const how = ["--window", "3s", "--max-window", "3s", "--warmup", "1s", ...(fresh ? ["--fresh"] : [])];
  const args = ["sweep", ...what, ...how, "--store", join(dir, "lab.sqlite"), "--json"];
  const child = spawn("./lab", args, { stdio: ["ignore", "pipe", "inherit"] });
  const seen: Seen = { records: [], ownCpu: [] };
  let first: { at: number; cpu: number } | undefined;
  let last = first;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as LabEvent;
    if (event.type === "sample" && event.phase === "window") {
      last = { at: performance.now() / 1000, cpu: cpuSeconds(child.pid!) };
      first ??= last;
    }
    if (event.type !== "trial-finished") continue;
    seen.records.push(event.record);
    if (first && last && last.at > first.at) seen.ownCpu.push((last.cpu - first.cpu) / (last.at - first.at));
    first = undefined;
  }
  rmSync(dir, { recursive: true });
  if (seen.records.length === 0) throw new Error(`nothing was measured under ${limiter}`);
  return seen;
}

const ms = (seconds: readonly number[]) => `${Math.round(1000 * median(seconds))} ms`;
const beside = ({ timing }: TrialRecord) => timing!.total - (timing!.warmup ?? 0) - (timing!.window ?? 0);

for (const limiter of process.argv[3]?.split(",") ?? ["cgroup", "docker"]) {
  const started = await sweep(limiter, true);
  const relimited = await sweep(limiter, false);
  const running = relimited.records.filter(({ timing }) => timing!.start === undefined);
  console.log(
    `${limiter}, a process for each trial: ${ms(started.records.map(beside))} beside measuring (median of ${started.records.length})`,
  );
  console.log(`${limiter}, a new limit for a running one: ${ms(running.map(beside))} (median of ${running.length})`);
  console.log(`CPU of the lab while a window is open: ${(100 * median(relimited.ownCpu)).toFixed(1)} % of a core`);
}
