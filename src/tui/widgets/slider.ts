import { type Line, piece } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import type { KeyName } from "../keys.ts";
import { placeAfter } from "./list.ts";

/** A figure that is chosen among stops in rising order. */
export interface Slider {
  readonly stops: readonly number[];
  readonly at: number;
}

/** A slider at the stop nearest to a value. */
export function sliderAt(stops: readonly number[], value: number): Slider {
  const distances = stops.map((stop) => Math.abs(stop - value));
  return { stops, at: Math.max(0, distances.indexOf(Math.min(...distances))) };
}

/** The figure chosen; `undefined` where there are no stops. */
export function figureAt({ stops, at }: Slider): number | undefined {
  return stops[at];
}

/** The slider after a key; `undefined` where the key is none of a slider's. */
export function slid(slider: Slider, key: KeyName): Slider | undefined {
  const last = slider.stops.length - 1;
  const tenth = Math.max(1, Math.round(last / 10));
  const steps = {
    left: -1,
    right: 1,
    "shift+left": -tenth,
    "shift+right": tenth,
    pagedown: -tenth,
    pageup: tenth,
    home: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  };
  const at = placeAfter(key, slider.at, slider.stops.length, steps);
  return at === undefined ? undefined : { ...slider, at };
}

/** `├──────●───────┤`, in exactly `width` columns; the knob's place is the share of the range, not of the stops. */
export function sliderLine({ stops, at }: Slider, width: number, focused: boolean, pen: Pen): Line {
  const { left, right, track, knob } = pen.glyphs.slider;
  if (stops.length === 0) return pen.fit([piece("not measured", "faint")], width);
  const [low, high, value] = [stops[0]!, stops.at(-1)!, stops[at]!];
  const room = Math.max(0, width - 3);
  const before = high > low ? Math.round(((value - low) / (high - low)) * room) : 0;
  const pieces = [
    piece(left + track.repeat(before), "faint"),
    piece(knob, focused ? "accent" : "plain"),
    piece(track.repeat(room - before) + right, "faint"),
  ];
  return pen.fit(pieces, width);
}
