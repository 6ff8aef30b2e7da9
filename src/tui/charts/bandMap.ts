import type { HeatMap } from "../../core/cells/heatMap.ts";
import { type Piece, piece } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import type { Point } from "../../core/domain/point.ts";
import type { Band } from "../../core/domain/summary.ts";
import { widestOf } from "../../core/domain/summary.ts";
import { pointKey } from "../../core/views/bandTable.ts";
import { pointMap, type SignMeaning } from "./planMap.ts";

/** What is known of each configuration of a sweep in rounds. */
export interface BandProgress {
  readonly planned: readonly Point[];
  readonly bands: readonly Band[];
  /** Half-width that makes a band precise; absent where a number of rounds is wanted. */
  readonly wanted?: number | undefined;
  /** Configurations of which no run has ended well. */
  readonly failed: ReadonlySet<string>;
  readonly current?: Point | undefined;
}

/** The half-width of each band in per cent, behind a sign that says whether it is precise: `◔12`, `●4.1`. */
export function bandMap({ planned, bands, wanted, failed, current }: BandProgress, pen: Pen): HeatMap {
  const { glyphs } = pen;
  const bandAt = new Map(bands.map((band) => [pointKey(band.point), band]));
  const inWork = current && pointKey(current);
  const cellOf = (point: Point): Piece => {
    const key = pointKey(point);
    const band = bandAt.get(key);
    const figure = band ? percent(band.halfWidth) : "";
    if (key === inWork) return piece(glyphs.running + figure, "accent");
    if (!band) return failed.has(key) ? piece(glyphs.failed, "bad") : piece(glyphs.planned, "faint");
    const precise = wanted !== undefined && band.halfWidth <= wanted;
    return piece((precise ? glyphs.done : glyphs.partlyDone) + figure, precise ? "good" : "plain");
  };
  // Not the point in work, which is another one every second: the map would never stand still.
  return pointMap(planned, cellOf, widestOf(bands)?.point);
}

/** What the cells mean. */
export function bandLegend({ glyphs }: Pen): readonly SignMeaning[] {
  return [
    [piece(glyphs.done, "good"), "precise"],
    [piece(glyphs.partlyDone), "not yet"],
    [piece(glyphs.running, "accent"), "in work"],
    [piece(glyphs.planned, "faint"), "no band yet"],
    [piece(glyphs.failed, "bad"), "failed"],
  ];
}

/** A share in per cent, in two digits or so, without its sign. */
function percent(share: number): string {
  const value = 100 * share;
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}
