import { type Line, line, type Piece, piece, type Size, widthOf } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { keyInWords } from "../keys.ts";
import type { Screen, ViewProps } from "../screens/screen.ts";
import type { AnyScreen, ConsoleState } from "./consoleState.ts";
import type { KeyAction } from "./entries.ts";
import { overlayLines } from "./overlays.ts";

export const smallest: Size = { width: 60, height: 18 };

export interface FrameInput {
  readonly state: ConsoleState;
  readonly screens: readonly AnyScreen[];
  /** Keys that do something now, those of the screen first. */
  readonly bindings: readonly KeyAction[];
  /** Those of them that the footer names. */
  readonly footer: readonly KeyAction[];
  readonly size: Size;
  readonly pen: Pen;
  readonly screenReader: boolean;
}

/** The whole console as lines: tabs, the screen, what lies over it, and the keys. */
export function consoleLines(input: FrameInput): Line[] {
  const { state, screens, size, pen, screenReader } = input;
  const { width, height } = size;
  if (width < smallest.width || height < smallest.height) {
    const text = `too small: ${smallest.width} x ${smallest.height} needed, this is ${width} x ${height}`;
    return pen.page([line(text)], size);
  }
  const screen = screens.find(({ id }) => id === state.screen)!;
  const inner = { width, height: height - 2 };
  const own = { state: state.screens[screen.id], lab: state.lab, now: state.now };
  const content = screenLines(screen, { ...inner, ...own, pen, screenReader });
  const overlaid = state.overlay
    ? pen.over(content, overlayLines(state.overlay, input.bindings, inner, pen), inner)
    : content;
  return [tabs(input), ...overlaid, pen.clip(footerLine(input), width)];
}

/** A screen in exactly its size, with what lies over it. */
export function screenLines<S>(screen: Screen<S>, props: ViewProps<S>): Line[] {
  const drawn = props.pen.page(screen.lines(props), props);
  const above = screen.over?.(props);
  return above ? props.pen.over(drawn, above, props) : drawn;
}

/** ` Proxy Lab  1 Compose  2 Run ...        2 cores`: the screen that is shown stands out without colour too. */
function tabs({ state, screens, size, pen }: FrameInput): Line {
  const wide = size.width >= 90;
  const names = screens.flatMap(({ id, title }, index): Piece[] => {
    const shown = id === state.screen;
    const number = piece(` ${index + 1} `, shown ? "accent" : "faint");
    const name = shown ? piece(pen.colour ? `${title} ` : `[${title}]`, "accent") : piece(`${title} `);
    return [number, name].map((one) => ({ ...one, inverse: shown && pen.colour }));
  });
  const left = [piece(wide ? " Proxy Lab " : " ", "title"), ...names];
  return pen.ends(left, [piece(`${machineInWords(state)} `, "faint")], size.width);
}

function machineInWords({ lab: { diagnosis } }: ConsoleState): string {
  if (!diagnosis) return "looking at this machine";
  const { cores, cgroupVersion } = diagnosis.machine;
  return `${cores} ${cores === 1 ? "core" : "cores"}${cgroupVersion ? `, cgroup ${cgroupVersion}` : ""}`;
}

/** The keys that do something now, as many as fit; a notice takes their place for a while. */
function footerLine({ state, footer, size, pen }: FrameInput): Line {
  const { notice } = state;
  if (notice) {
    const sign = { plain: pen.glyphs.arrow, good: pen.glyphs.ok, bad: pen.glyphs.problem }[notice.tone];
    return [piece(` ${sign} ${notice.text}`, notice.tone)];
  }
  const shown: Piece[] = [];
  for (const { keys, title } of footer) {
    const added = [piece(` ${keyInWords(keys[0], pen.ascii)}`, "accent"), piece(` ${title} `, "faint")];
    if (widthOf([...shown, ...added]) > size.width) break;
    shown.push(...added);
  }
  return shown;
}
