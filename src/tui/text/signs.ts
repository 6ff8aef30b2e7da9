/** Signs that widgets are drawn with, besides those of the theme. */
export interface Signs {
  /** The place in a text field where the next character goes. */
  readonly caret: string;
  readonly up: string;
  readonly down: string;
  /** Parts of a full cell of a bar, from the smallest; empty where bars know whole cells only. */
  readonly parts: string;
  readonly limit: string;
  readonly slider: { readonly left: string; readonly right: string; readonly track: string; readonly knob: string };
  readonly box: {
    readonly corners: readonly [string, string, string, string];
    readonly level: string;
    readonly upright: string;
  };
  readonly partlyDone: string;
  readonly winner: string;
}

const unicode: Signs = {
  caret: "▏",
  up: "▲",
  down: "▼",
  parts: "▏▎▍▌▋▊▉",
  limit: "▏",
  slider: { left: "├", right: "┤", track: "─", knob: "●" },
  box: { corners: ["╭", "╮", "╰", "╯"], level: "─", upright: "│" },
  partlyDone: "◔",
  winner: "★",
};

const sevenBit: Signs = {
  caret: "_",
  up: "^",
  down: "v",
  parts: "",
  limit: "|",
  slider: { left: "|", right: "|", track: "-", knob: "O" },
  box: { corners: ["+", "+", "+", "+"], level: "-", upright: "|" },
  partlyDone: "o",
  winner: "*",
};

export function signs({ ascii }: { readonly ascii: boolean }): Signs {
  return ascii ? sevenBit : unicode;
}
