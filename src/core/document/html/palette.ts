/**
 * Colours of charts: on white they stand out by 4.5 : 1 at least. Each has its counterpart for dark pages, which the
 * style of a page puts in its place; so every colour here must be different.
 */
export const SERIES_COLOURS = [
  ["#1f5fb4", "#7ab8ff"],
  ["#b93c0b", "#ff9d5c"],
  ["#146c43", "#5ed69a"],
  ["#8135b3", "#cfa3ff"],
  ["#855700", "#e3c04a"],
  ["#b3245f", "#ff8fc0"],
  ["#0c6679", "#5fd0e6"],
  ["#525c68", "#b6bdc6"],
] as const;

export const INK = ["#1c2430", "#e6e9ee"] as const;
export const MUTED = ["#515b69", "#a9b3c0"] as const;
export const GRID = ["#dfe3e8", "#343c47"] as const;
export const PAPER = ["#fefefe", "#171c23"] as const;

/** All pairs of a light colour and its dark counterpart. */
export const COLOUR_PAIRS = [...SERIES_COLOURS, INK, MUTED, GRID, PAPER];
