import type { Line, Size } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import type { SweepFlags } from "../../core/domain/options.ts";
import type { SteeringCommand } from "../../core/lab.ts";
import type { KeyBinding } from "../keys.ts";
import type { Services } from "../services.ts";
import type { LabState } from "../store/labState.ts";
import type { TextField } from "../widgets/field.ts";

export type ScreenId = "compose" | "run" | "explore" | "predict" | "models" | "plugins";

/** What a screen is drawn from. */
export interface ViewProps<S> extends Size {
  readonly state: S;
  readonly lab: LabState;
  readonly pen: Pen;
  /** Say things in words and in reading order; leave out frames and drawings. */
  readonly screenReader: boolean;
  /** Milliseconds since 1970; it moves on by itself, once a second, while a sweep runs. */
  readonly now: number;
}

/** What a key, or an answer that came in, works with. */
export interface ScreenContext<S> {
  /** The screen's own state, as it is when it is read. */
  readonly state: S;
  readonly lab: LabState;
  readonly services: Services;
  readonly app: AppControls;
  /** Changes the screen's own state; may be called at any later time too. */
  update(change: (state: S) => S): void;
}

export interface AppControls {
  /** Shows a screen; `place` says what on it, such as a plugin: see `at` of that screen. */
  goTo(screen: ScreenId, place?: string): void;
  /** Says something in the footer for a few seconds. */
  say(text: string, tone?: "plain" | "good" | "bad"): void;
  /** Asks before it does something. */
  ask(question: string, choices: readonly Choice[]): void;
  /** Runs a sweep and goes to its screen; says so where one is running already. */
  sweep(flags: SweepFlags): void;
  /** Tells the sweep that runs here something. */
  steer(command: SteeringCommand | { readonly do: "stop" }): void;
  /** Looks again at the machine and at the plugins. */
  lookAgain(): void;
  copy(text: string): void;
}

export interface Choice {
  readonly key: string;
  readonly title: string;
  run(): void;
}

/** A screen: state, keys and drawing, each apart. What changes the state are pure functions of it. */
export interface Screen<S> {
  readonly id: ScreenId;
  readonly title: string;
  readonly initial: S;
  readonly keys: readonly KeyBinding<ScreenContext<S>>[];
  /** The screen; what its size has no room for is cut. Pure: it is drawn again after each change. */
  lines(props: ViewProps<S>): readonly Line[];
  /** What lies over the middle of the screen, such as a list to pick from. */
  over?(props: ViewProps<S>): readonly Line[] | undefined;
  /** The field that is being typed in; keys that a field knows go there first. */
  field?(state: S, lab: LabState): TextField | undefined;
  /** Takes the field as it is after a key or a paste. */
  typed?(context: ScreenContext<S>, field: TextField): void;
  /** The state with the cursor at a place of the screen, of which another screen gave the name. */
  at?(state: S, place: string): S;
  /** Called each time the screen is shown, and when the trials of the store have changed while it is. */
  refresh?(context: ScreenContext<S>): void;
}
