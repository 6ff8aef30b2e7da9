import type { LoadPlugin } from "../../../contract/index.ts";
import type { Entry } from "../../registry.ts";
import type { LiveLab } from "./lab.ts";
import { type LoadCase, loadCases } from "./loadCases.ts";
import { drive, driveAtNothing, interrupt } from "./loadTrial.ts";
import type { Steps } from "./steps.ts";

/** Drives targets of the lab with all that the tool says it supports. */
export async function loadLive(lab: LiveLab, entry: Entry<LoadPlugin>, steps: Steps): Promise<void> {
  for (const one of loadCases(entry.plugin.supports)) await tryOne(lab, entry, steps, one);
  if (entry.plugin.supports.interruptible) {
    await steps.try(
      "told by SIGINT to end: ends within 2 s and reports what was answered until then",
      (signal) => interrupt(lab, entry, signal),
      { detail: inWords },
    );
  }
  await steps.try(
    "an origin that is not there: ends with an error or with failures only",
    (signal) => driveAtNothing(lab, entry, signal),
    { detail: inWords },
  );
}

async function tryOne(lab: LiveLab, entry: Entry<LoadPlugin>, steps: Steps, one: LoadCase): Promise<void> {
  const { name, wish, behaviour, rules } = one;
  const trial = await steps.try(`${name}: ends with a report`, (signal) => drive(lab, entry, signal, wish, behaviour));
  if (!trial) return;
  for (const { name: rule, judge } of rules) {
    await steps.try(`${name}: ${rule}`, () => judge(trial), { detail: inWords });
  }
}

function inWords(text: string): string {
  return text;
}
