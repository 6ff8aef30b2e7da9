import { type Line, piece } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { plural } from "../../../core/domain/format.ts";
import { widestOf } from "../../../core/domain/summary.ts";
import { halfWidthInWords, roundProgressInWords } from "../../../core/words/rounds.ts";
import { placeInWords } from "../../../core/words/trials.ts";
import { bar } from "../../charts/bar.ts";
import type { RunState } from "../../store/runState.ts";
import { bandsIn, lastRoundOf, wantedIn } from "./rounds.ts";

/** How far a sweep in rounds has come, the longest text first. */
export function roundProgress(run: RunState, elapsed: string, secondsLeft: number | undefined): string[] {
  const { phase, how, rounds, records, spec } = run;
  if (!spec) return [""];
  if (phase === "ended") return [`${plural(rounds?.round ?? 0, "round")}${how === "own" ? ` in ${elapsed}` : ""}`];
  const prefix = phase === "running" ? "" : `${phase}, `;
  return roundProgressInWords(lastRoundOf(run), records.length, spec, secondsLeft).map((text) => prefix + text);
}

/** Two lines: how many bands are as narrow as wanted, or how many rounds are made, and which band is the widest. */
export function roundLines(
  run: RunState,
  width: number,
  label: (text: string, pieces: Line) => Line,
  pen: Pen,
): Line[] {
  const bands = bandsIn(run);
  const widest = widestOf(bands);
  const [done, of, text] = countsOf(run);
  const room = Math.min(30, width - text.length - 1);
  const drawn = room >= 4 ? [...bar(done, { width: room, full: of }, pen), piece(" ")] : [];
  const band = widest
    ? [piece(halfWidthInWords(widest.halfWidth)), piece(` ${placeInWords(widest.point)}`, "faint")]
    : [piece("not known before a second round", "faint")];
  return [label(wantedIn(run) === undefined ? "rounds" : "precise", [...drawn, piece(text)]), label("widest", band)];
}

function countsOf(run: RunState): readonly [done: number, of: number, text: string] {
  const { rounds, planned, spec } = run;
  const wanted = wantedIn(run);
  if (wanted === undefined) {
    const [done, of] = [rounds?.round ?? 0, spec?.rounds ?? 0];
    return [done, of, `${done} of ${of}`];
  }
  const precise = bandsIn(run).filter(({ halfWidth }) => halfWidth <= wanted).length;
  return [precise, planned.length, `${precise} of ${planned.length} within ${halfWidthInWords(wanted)}`];
}
