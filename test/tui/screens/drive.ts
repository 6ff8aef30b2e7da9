import { readFileSync } from "node:fs";
import { type Line, plainText } from "../../../src/core/cells/line.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import { specOfToday } from "../../../src/core/store/earlier.ts";
import type { StoredSweep } from "../../../src/core/store/store.ts";
import { screenLines } from "../../../src/tui/app/frame.ts";
import { bindingOf, type KeyName } from "../../../src/tui/keys.ts";
import type { AppControls, Screen, ScreenContext } from "../../../src/tui/screens/screen.ts";
import type { Services } from "../../../src/tui/services.ts";
import { emptyLab, type LabState } from "../../../src/tui/store/labState.ts";
import { edited, inserted } from "../../../src/tui/widgets/field.ts";

const recorded = new URL("../../fixtures/console/store.json", import.meta.url);

const { sweeps, trials } = JSON.parse(readFileSync(recorded, "utf8")) as {
  sweeps: StoredSweep[];
  trials: TrialRecord[];
};

/** What was measured on a real machine: a demo of 26 trials, and 12 trials under little memory. */
export const recordedLab: LabState = {
  ...emptyLab,
  sweeps: sweeps.map((sweep) => ({ ...sweep, spec: specOfToday(sweep.spec) })),
  trials,
  loaded: true,
};

export interface Driven<S> {
  readonly state: S;
  /** What the screen asked of the console: `say nothing to compare`, `sweep {...}`. */
  readonly asked: readonly string[];
  press(...keys: KeyName[]): Driven<S>;
  /** Types or pastes a text. */
  type(text: string): Driven<S>;
  draw(columns: number, rows: number, pen?: Pen): readonly Line[];
  text(columns: number, rows: number, pen?: Pen): string;
  refresh(): void;
  withLab(lab: LabState): void;
}

/** A screen as the console drives it: keys go to the field that is typed in, then to the first binding that wants them. */
export function drive<S>(
  screen: Screen<S>,
  first: LabState = recordedLab,
  services: Partial<Services> = {},
  screenReader = false,
): Driven<S> {
  let state = screen.initial;
  let lab = first;
  const asked: string[] = [];
  const tell =
    (what: string) =>
    (...args: unknown[]) => {
      asked.push([what, ...args.map((arg) => (typeof arg === "string" ? arg : JSON.stringify(arg)))].join(" "));
    };
  const app: AppControls = {
    goTo: tell("goTo"),
    say: tell("say"),
    ask: tell("ask"),
    sweep: tell("sweep"),
    steer: tell("steer"),
    lookAgain: tell("lookAgain"),
    copy: tell("copy"),
  };
  const context = (): ScreenContext<S> => ({
    get state() {
      return state;
    },
    get lab() {
      return lab;
    },
    services: services as Services,
    app,
    update: (change) => {
      state = change(state);
    },
  });
  const pressed = (key: KeyName): void => {
    const field = screen.field?.(state, lab);
    const after = field && edited(field, key);
    if (after) screen.typed?.(context(), after);
    else bindingOf(screen.keys, key, context())?.run(context(), key);
  };
  const driven: Driven<S> = {
    get state() {
      return state;
    },
    asked,
    press(...keys) {
      for (const key of keys) pressed(key);
      return driven;
    },
    type(text) {
      const field = screen.field?.(state, lab);
      if (field) screen.typed?.(context(), inserted(field, text));
      return driven;
    },
    draw: (width, height, pen = new Pen({ colour: false, ascii: false })) =>
      screenLines(screen, { width, height, pen, state, lab, screenReader, now: Date.parse("2026-11-23T05:00:00Z") }),
    text: (columns, rows, pen) => plainText(driven.draw(columns, rows, pen)),
    refresh: () => screen.refresh?.(context()),
    withLab(next) {
      lab = next;
    },
  };
  return driven;
}
