/**
 * The console as `./lab` opens it, but a sweep that is started in it is the recorded one, again and again for some time.
 * bench/console.ts runs it in a terminal.
 * usage: node bench/console-replay.ts STORE SECONDS SPEED FILE     FILE gets what it used meanwhile
 */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabEvent } from "../src/core/domain/events.ts";
import { consoleBundle } from "../src/tui/launch/bundle.ts";
import { connectServices } from "../src/tui/services/client.ts";
import type { HeldSweep } from "../src/tui/services.ts";
import { recordedSweep } from "../test/fixtures/console/recording.ts";

/** What the process used while it replayed; `cpu` in cores. */
export interface Used {
  readonly seconds: number;
  readonly cpu: number;
  readonly residentBytes: number;
}

const [store = "", seconds = "60", speed = "1", file = ""] = process.argv.slice(2);
const wallMs = Number(seconds) * 1000;

async function replay(onEvent: (event: LabEvent) => void): Promise<undefined> {
  const [from, before] = [performance.now(), process.cpuUsage()];
  while (performance.now() - from < wallMs) await replayOnce(onEvent, from + wallMs);
  const elapsed = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(before);
  const used: Used = {
    seconds: elapsed,
    cpu: (user + system) / 1e6 / elapsed,
    residentBytes: process.memoryUsage.rss(),
  };
  writeFileSync(file, JSON.stringify(used));
}

async function replayOnce(onEvent: (event: LabEvent) => void, deadline: number): Promise<void> {
  const [from, first] = [performance.now(), Date.parse(recordedSweep[0]!.at)];
  for (const event of recordedSweep) {
    await sleep(Math.max(0, from + (Date.parse(event.at) - first) / Number(speed) - performance.now()));
    if (performance.now() > deadline) return;
    onEvent({ ...event, at: new Date().toISOString() });
  }
}

const { runConsole } = (await import(await consoleBundle())) as typeof import("../src/tui/app/console.tsx");
const services = connectServices({ store });
await runConsole({
  colour: true,
  ascii: false,
  screenReader: false,
  first: "compose",
  around: {
    services,
    sameStore: "",
    startSweep: (_, onEvent): HeldSweep => ({ tell: () => {}, detach: () => "", ended: replay(onEvent) }),
    copy: () => {},
    close: () => services.close(),
  },
});
