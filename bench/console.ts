/**
 * What the console costs: the time to its first frame, and CPU, bytes and memory while a recorded sweep is replayed in it,
 * at the pace at which it was recorded or so many times faster.
 * usage: npm run bench:console [-- SECONDS [SPEED]]
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../src/core/statistics/index.ts";
import type { Used } from "./console-replay.ts";

const [seconds, speed] = [Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 1)];
const [columns, rows] = [120, 40];
const starts = 9;
/** Those that `./lab` starts Node with. */
const nodeOptions = "--max-semi-space-size=4 --heap-growing-percent=50 --disable-warning=ExperimentalWarning";
/** Where `./lab` has Node keep compiled code: to strip types from each file takes tens of megabytes in each thread. */
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "../node_modules/.cache/lab");
/** What is written within this time is one repaint; they come four times a second at most. */
const repaintMs = 50;

/** A command in a terminal of `script`. */
function inTerminal(command: string): ChildProcessWithoutNullStreams {
  return spawn("script", ["-qfc", `stty cols ${columns} rows ${rows}; exec ${command}`, "/dev/null"]);
}

function shown({ stdout }: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  return new Promise((resolve) => {
    stdout.on("data", (chunk) => String(chunk).includes(text) && resolve());
  });
}

/** Milliseconds from the start of `./lab` to its first frame. */
async function firstFrameMs(store: string): Promise<number> {
  const before = performance.now();
  const console = inTerminal(`./lab --store ${store}`);
  await shown(console, "Compose");
  const taken = performance.now() - before;
  console.stdin.write("q");
  return taken;
}

/** Replays the recording in the console; what its process used, and the bytes of each repaint. */
async function replay(scratch: string): Promise<{ used: Used; repaints: number[] }> {
  const [store, file] = [join(scratch, "replay.sqlite"), join(scratch, "used.json")];
  const replayed = `bench/console-replay.ts ${store} ${seconds} ${speed} ${file}`;
  const console = inTerminal(`${process.execPath} ${nodeOptions} ${replayed}`);
  await shown(console, "about");
  console.stdin.write("r");
  await sleep(1_000); // the whole screen changes once
  const repaints: number[] = [];
  let last = 0;
  console.stdout.on("data", (chunk: Buffer) => {
    if (performance.now() - last > repaintMs) repaints.push(0);
    last = performance.now();
    repaints[repaints.length - 1]! += chunk.length;
  });
  while (!existsSync(file)) await sleep(200);
  console.stdin.write("q");
  return { used: JSON.parse(readFileSync(file, "utf8")), repaints };
}

const scratch = mkdtempSync(join(tmpdir(), "lab-bench-"));
const first: number[] = [];
for (let run = 0; run < starts; run++) {
  first.push(await firstFrameMs(join(scratch, "lab.sqlite")));
  await sleep(1_000); // the console ends, and what it had begun with it
}
const { used, repaints } = await replay(scratch);
await sleep(1_000);
rmSync(scratch, { recursive: true });
const say = (line: string) => process.stdout.write(`${line}\n`);
say(
  `first frame: ${Math.round(median(first))} ms in the median of ${starts} starts (${first.map(Math.round).join(", ")}); wanted under 400`,
);
say(
  `replay of ${Math.round(used.seconds)} s, ${speed} times as fast as recorded, at ${columns} x ${rows}: ${(100 * used.cpu).toFixed(1)} % of a core; wanted under 5`,
);
say(
  `repaints: ${(repaints.length / used.seconds).toFixed(1)}/s, ${median(repaints)} bytes in the median, ${Math.max(...repaints)} at most; wanted 4/s and 2000`,
);
say(`memory: ${Math.round(used.residentBytes / 1e6)} MB in use by the console; wanted under 200`);
