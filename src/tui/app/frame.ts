import { cleanText } from "../../core/cells/text.ts";
import { type KeyName, keyInWords } from "../keys.ts";
import type { ViewProps } from "../screens/screen.ts";
import { ends, over, page } from "../text/layout.ts";
import { clip, line, type Piece, piece, type Size, type StyledLine, widthOf } from "../text/line.ts";
import type { Theme } from "../theme.ts";
import type { AnyScreen, ConsoleState } from "./consoleState.ts";
import type { Entry } from "./entries.ts";
import { overlayLines } from "./overlays.ts";

export const smallest: Size = { width: 60, height: 18 };

/** A key and what it does, in a word or two. */
export interface FooterKey {
  readonly key: KeyName;
  readonly title: string;
}

export interface FrameInput {
  readonly state: ConsoleState;
  readonly screens: readonly AnyScreen[];
  /** Keys that do something now, those of the screen first. */
  readonly bindings: readonly Entry[];
  readonly footer: readonly FooterKey[];
  readonly size: Size;
  readonly theme: Theme;
  readonly screenReader: boolean;
}

/** The whole console as lines: tabs, the screen, what lies over it, and the keys. */
export function consoleLines(input: FrameInput): StyledLine[] {
  const { state, screens, size, theme, screenReader } = input;
  const { width, height } = size;
  if (width < smallest.width || height < smallest.height) {
    const text = `too small: ${smallest.width} x ${smallest.height} needed, this is ${width} x ${height}`;
    return page([line(text)], size, theme.ascii);
  }
  const screen = screens.find(({ id }) => id === state.screen)!;
  const inner = { width, height: height - 2 };
  const props: ViewProps<unknown> = {
    columns: inner.width,
    rows: inner.height,
    state: state.screens[screen.id],
    lab: state.lab,
    theme,
    screenReader,
    now: state.now,
  };
  const content = page(screen.lines(props), inner, theme.ascii);
  const overlaid = state.overlay
    ? over(content, overlayLines(state.overlay, input.bindings, inner, theme), inner, theme.ascii)
    : content;
  return [tabs(input), ...overlaid, footerLine(input)].map((pieces) => clip(pieces, width, theme.ascii));
}

/** ` Proxy Lab  1 Compose  2 Run ...        2 cores`: the screen that is shown stands out without colour too. */
function tabs({ state, screens, size, theme }: FrameInput): StyledLine {
  const wide = size.width >= 90;
  const names = screens.flatMap(({ id, title }, index): Piece[] => {
    const shown = id === state.screen;
    const number = piece(` ${index + 1} `, shown ? "accent" : "faint");
    const name = shown ? piece(theme.colour ? `${title} ` : `[${title}]`, "accent") : piece(`${title} `);
    return [number, name].map((one) => ({ ...one, inverse: shown && theme.colour }));
  });
  const left = [piece(wide ? " Proxy Lab " : " ", "title"), ...names];
  return ends(left, [piece(`${machineInWords(state)} `, "faint")], size.width, theme.ascii);
}

function machineInWords({ lab: { diagnosis } }: ConsoleState): string {
  if (!diagnosis) return "looking at this machine";
  const { cores, cgroupVersion } = diagnosis.machine;
  return `${cores} ${cores === 1 ? "core" : "cores"}${cgroupVersion ? `, cgroup ${cgroupVersion}` : ""}`;
}

/** The keys that do something now, as many as fit; a notice takes their place for a while. */
function footerLine({ state, footer, size, theme }: FrameInput): StyledLine {
  const { notice } = state;
  if (notice) {
    const sign = { plain: theme.glyphs.arrow, good: theme.glyphs.ok, bad: theme.glyphs.problem }[notice.tone];
    return [piece(` ${sign} ${cleanText(notice.text, theme.ascii)}`, notice.tone)];
  }
  const shown: Piece[] = [];
  for (const { key, title } of footer) {
    const added = [piece(` ${keyInWords(key, theme.ascii)}`, "accent"), piece(` ${title} `, "faint")];
    if (widthOf([...shown, ...added]) > size.width) break;
    shown.push(...added);
  }
  return shown;
}
