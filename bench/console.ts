/**
 * What the console costs: the time to its first frame, and CPU, bytes and memory while a recorded sweep is replayed at the
 * pace at which it was recorded.
 * usage: npm run bench:console [-- SECONDS]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { render } from "ink";
import { createElement } from "react";
import { median } from "../src/core/statistics/index.ts";
import { App } from "../src/tui/app/App.tsx";
import { Controller } from "../src/tui/app/controller.ts";
import { screens } from "../src/tui/app/screens.ts";
import { themeFor } from "../src/tui/theme.ts";
import { fakeSurroundings } from "../test/fixtures/console/fakes.ts";
import { recordedSweep } from "../test/fixtures/console/recording.ts";

const seconds = Number(process.argv[2] ?? 60);
const [columns, rows] = [120, 40];
const starts = 9;

/** A terminal that counts what is written to it. */
class Sink extends Writable {
  readonly isTTY = true;
  readonly columns = columns;
  readonly rows = rows;
  /** Bytes of each repaint: what is written at once. */
  readonly repaints: number[] = [];
  #pending = 0;

  override _write(chunk: Buffer | string, _: BufferEncoding, done: () => void): void {
    if (this.#pending === 0) setImmediate(() => this.#settle());
    this.#pending += Buffer.byteLength(chunk);
    done();
  }

  #settle(): void {
    if (this.#pending > 0) this.repaints.push(this.#pending);
    this.#pending = 0;
  }
}

class Keyboard extends PassThrough {
  readonly isTTY = true;
  setRawMode = () => this;
  ref = () => this;
  unref = () => this;
}

/** Milliseconds from the start of `./lab` to its first frame, in a terminal of `script`. */
function firstFrameMs(store: string): Promise<number> {
  const before = performance.now();
  const child = spawn("script", ["-qfc", `stty cols ${columns} rows ${rows}; ./lab --store ${store}`, "/dev/null"]);
  return new Promise((resolve) => {
    child.stdout.on("data", (chunk) => {
      if (!String(chunk).includes("Compose")) return;
      resolve(performance.now() - before);
      child.stdin.write("q");
    });
  });
}

/** Replays the recording again and again for so many seconds. */
async function replay() {
  const sink = new Sink();
  const { around, sweeps } = fakeSurroundings();
  const controller = new Controller(screens, "compose", around);
  const instance = render(
    createElement(App, { controller, theme: themeFor({ colour: true, ascii: false }), screenReader: false }),
    {
      stdout: sink,
      stdin: new Keyboard(),
      alternateScreen: true,
      incrementalRendering: true,
      interactive: true,
      exitOnCtrlC: false,
      patchConsole: false,
    },
  );
  const ticking = setInterval(() => controller.tick(Date.now()), 1_000);
  controller.lookAgain();
  await sleep(500);
  controller.press("r");
  sink.repaints.length = 0;
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  while (performance.now() - wall < seconds * 1000) await replayOnce(wall);
  const elapsed = (performance.now() - wall) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(ticking);
  instance.unmount();
  return { elapsed, share: (user + system) / 1e6 / elapsed, repaints: sink.repaints, rss: process.memoryUsage.rss() };

  async function replayOnce(begun: number): Promise<void> {
    const [first] = recordedSweep;
    const from = performance.now();
    for (const event of recordedSweep) {
      const due = from + Date.parse(event.at) - Date.parse(first!.at);
      if (performance.now() - begun > seconds * 1000) return;
      await sleep(Math.max(0, due - performance.now()));
      sweeps[0]!.emit(event);
    }
  }
}

const scratch = mkdtempSync(join(tmpdir(), "lab-bench-"));
const first: number[] = [];
for (let run = 0; run < starts; run++) {
  first.push(await firstFrameMs(join(scratch, "lab.sqlite")));
  await sleep(1_000); // the console ends, and what it had begun with it
}
rmSync(scratch, { recursive: true, force: true });
const { elapsed, share, repaints, rss } = await replay();
const say = (line: string) => process.stdout.write(`${line}\n`);
say(
  `first frame: ${Math.round(median(first))} ms in the median of ${starts} starts (${first.map(Math.round).join(", ")}); wanted under 400`,
);
say(
  `replay of ${Math.round(elapsed)} s at ${columns} x ${rows}: ${(100 * share).toFixed(1)} % of a core; wanted under 5`,
);
say(
  `repaints: ${(repaints.length / elapsed).toFixed(1)}/s, ${median(repaints)} bytes in the median, ${Math.max(...repaints)} at most; wanted 4/s and 2000`,
);
say(`memory: ${Math.round(rss / 2 ** 20)} MiB of this process; wanted under 200`);
process.exit(0);
