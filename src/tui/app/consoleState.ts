import type { Choice, Screen, ScreenId } from "../screens/screen.ts";
import { emptyLab, type LabState } from "../store/labState.ts";
import { windowIsOpen } from "../store/runState.ts";
import { fieldOf, type TextField } from "../widgets/field.ts";

export interface Notice {
  readonly text: string;
  readonly tone: "plain" | "good" | "bad";
}

/** What lies over the screen and takes all keys. */
export type Overlay =
  | { readonly kind: "help"; readonly top: number }
  | { readonly kind: "palette"; readonly search: TextField; readonly at: number }
  | { readonly kind: "ask"; readonly question: string; readonly choices: readonly Choice[]; readonly at: number };

/** All that is drawn. */
export interface ConsoleState {
  readonly lab: LabState;
  readonly screen: ScreenId;
  /** The own state of each screen. */
  readonly screens: Readonly<Record<string, unknown>>;
  readonly overlay?: Overlay | undefined;
  readonly notice?: Notice | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

// biome-ignore lint/suspicious/noExplicitAny: each screen knows the type of its own state, and nobody else does
export type AnyScreen = Screen<any>;

export function initialState(screens: readonly AnyScreen[], screen: ScreenId, now: number): ConsoleState {
  return {
    lab: emptyLab,
    screen,
    screens: Object.fromEntries(screens.map(({ id, initial }) => [id, initial])),
    now,
  };
}

/** Shortest time between two frames: what the console draws while a window is open disturbs what is measured. */
export function frameGapMs({ lab }: ConsoleState): number {
  return windowIsOpen(lab.run) ? 250 : 33;
}

export function withLab(state: ConsoleState, change: (lab: LabState) => LabState): ConsoleState {
  const lab = change(state.lab);
  return lab === state.lab ? state : { ...state, lab };
}

export function withScreenState(state: ConsoleState, id: ScreenId, change: (own: unknown) => unknown): ConsoleState {
  const own = change(state.screens[id]);
  return own === state.screens[id] ? state : { ...state, screens: { ...state.screens, [id]: own } };
}

export const emptyPalette: Overlay = { kind: "palette", search: fieldOf(""), at: 0 };
