/**
 * Takes the pictures of the console in docs/pictures, in a real terminal (tmux). The sweep of the picture "run" is a real one.
 * usage: npm run docs:pictures [-- STORE]    STORE: trials of haproxy and traefik; it is copied, not changed
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { svgOf } from "./svg.ts";
import { type RealTerminal, startTerminal } from "./terminal.ts";

const [columns, rows] = [120, 36];
const out = "docs/pictures";
const scratch = mkdtempSync(join(tmpdir(), "lab-pictures-"));
const store = join(scratch, "lab.sqlite");
const given = process.argv[2];
if (given) copyFileSync(given, store);
mkdirSync(out, { recursive: true });

const terminal = startTerminal(["--store", store], { columns, rows, env: { XDG_CONFIG_HOME: scratch } });
try {
  await terminal.until(/points?, .*: about/, 60);
  await take(terminal, "explore", ["3"], /cores/);
  await take(terminal, "predict", ["Tab"], /goal \d/);
  await take(terminal, "models", ["Tab"], /median/);
  await take(terminal, "plugins", ["Tab"], /machine/);
  await take(terminal, "palette", ["1", ":"], /command/);
  await terminal.press("Escape");
  await sleep(500); // a key right behind would be taken for one together with Escape
  await terminal.press("Left", "Left", "Down", "Space", "Up", "Right", "Right");
  await terminal.fill("0.05..0.8/6");
  await terminal.press("Down");
  await terminal.fill("128M");
  await take(terminal, "compose", ["Up"], /--memory 128M/);
  await terminal.press("r");
  await terminal.until(/round 3,/, 240);
  await take(terminal, "run", [], /now:/);
  await terminal.press("q", "x");
  await terminal.until(/left with/, 30);
} finally {
  terminal.close();
  rmSync(scratch, { recursive: true, force: true });
}

/** Presses keys, waits until the screen shows what it is to show, and takes its picture. */
async function take(from: RealTerminal, name: string, keys: readonly string[], shown: RegExp): Promise<void> {
  await from.press(...keys);
  await from.until(shown, 60);
  await sleep(2_000); // what is asked of the thread comes a little later
  writeFileSync(join(out, `${name}.svg`), svgOf(from.painted(), columns, `Proxy Lab: ${name}`));
  process.stdout.write(`${name}\n`);
}
