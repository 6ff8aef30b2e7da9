/**
 * What the lab adds to trials of HAProxy beside measuring, and the CPU that the lab itself uses while a window is open, the
 * speed probe not counted, which has a process of its own: visits in rounds, windows on a running proxy, and windows on a
 * proxy that is started for each. As root, on a machine that is otherwise idle; some three minutes.
 * usage: npm run bench:overhead [-- LEVELS [LIMITER,...]]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { left, right, tableOf } from "../src/core/cells/table.ts";
import type { LabEvent } from "../src/core/domain/events.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { median } from "../src/core/statistics/index.ts";
import { originOf } from "./rounds/recording.ts";
import { percent, printTable, printTargets } from "./rounds/report.ts";

const count = Number(process.argv[2] ?? 8);
const limiters = process.argv[3]?.split(",") ?? ["cgroup", "docker"];
const levels = Array.from({ length: count }, (_, index) => (0.1 + (0.4 * index) / count).toFixed(2));
const window = ["--plan", "grid", "--anchors", "0", "--window", "3s", "--max-window", "3s", "--warmup", "1s"];
const kinds = {
  "visits in rounds": ["--plan", "rounds", "--rounds", "5"],
  "windows, a new limit each": window,
  "windows, a new process each": [...window, "--fresh"],
};
const wantedCpu = 0.02;

/** CPU time of all threads of a process. */
function cpuSeconds(pid: number): number {
  const spent = readdirSync(`/proc/${pid}/task`).map((thread) => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e9;
    } catch {
      return 0; // it has just ended
    }
  });
  return spent.reduce((sum, one) => sum + one, 0);
}

interface Seen {
  readonly records: TrialRecord[];
  /** CPU of the lab in cores, over all windows. */
  readonly ownCpu: number;
}

async function sweep(limiter: string, how: readonly string[]): Promise<Seen> {
  const dir = mkdtempSync(join(tmpdir(), "bench-overhead-"));
  const what = ["--proxy", "haproxy", "--load", "wrk", "--limiter", limiter, "--cpu", levels.join(",")];
  const args = ["sweep", ...what, ...how, "--store", join(dir, "lab.sqlite"), "--json"];
  const child = spawn("./lab", args, { stdio: ["ignore", "pipe", "inherit"] });
  const records: TrialRecord[] = [];
  let before: { at: number; cpu: number } | undefined;
  const inWindows = { seconds: 0, cpu: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as LabEvent;
    if (event.type === "trial-finished") {
      records.push(event.record);
      before = undefined;
    }
    if (event.type !== "sample") continue;
    const now = { at: performance.now() / 1000, cpu: cpuSeconds(child.pid!) };
    if (event.phase === "window" && before) {
      inWindows.seconds += now.at - before.at;
      inWindows.cpu += now.cpu - before.cpu;
    }
    before = now;
  }
  rmSync(dir, { recursive: true });
  if (records.length === 0) throw new Error(`nothing was measured under ${limiter}`);
  return { records, ownCpu: inWindows.cpu / inWindows.seconds };
}

const beside = ({ timing }: TrialRecord) => timing!.total - (timing!.warmup ?? 0) - (timing!.window ?? 0);
const besideWindow = ({ timing, result }: TrialRecord) => timing!.total - result!.durationSeconds;
const ms = (records: readonly TrialRecord[], of: (record: TrialRecord) => number) =>
  `${Math.round(1000 * median(records.map(of)))} ms`;

const rows: (Seen & { readonly limiter: string; readonly kind: string })[] = [];
for (const limiter of limiters) {
  for (const [kind, how] of Object.entries(kinds)) rows.push({ limiter, kind, ...(await sweep(limiter, how)) });
}
const completed = ({ records }: Seen) => records.filter(({ status }) => status === "completed");
console.log(`${originOf(rows.flatMap(({ records }) => records))}\n\nmedians of trials; CPU in shares of a core`);
printTable(
  tableOf(rows, [
    left("", ({ limiter }) => limiter),
    left("", ({ kind }) => kind),
    right("trials", ({ records }) => String(records.length)),
    right("beside load", (row) => ms(completed(row), beside)),
    right("beside window", (row) => ms(completed(row), besideWindow)),
    right("lab in windows", ({ ownCpu }) => percent(ownCpu)),
    right("probe", (row) => percent(median(completed(row).flatMap(({ speed }) => speed?.probeCpu ?? [])))),
  ]),
);
printTargets(
  rows
    .filter(({ kind }) => kind.startsWith("visits"))
    .map(({ limiter, ownCpu }) => ({
      what: `${limiter}: CPU of the lab in windows of visits`,
      found: percent(ownCpu),
      wanted: `under ${percent(wantedCpu, 0)} of a core`,
      held: ownCpu < wantedCpu,
    })),
);
