import { chart } from "../../charts/chart.ts";
import { chartInWords } from "../../charts/inWords.ts";
import { beside, over, page, rule } from "../../text/layout.ts";
import { line, piece, type StyledLine } from "../../text/line.ts";
import { box } from "../../widgets/box.ts";
import { insteadOfTrials } from "../reading.ts";
import type { ViewProps } from "../screen.ts";
import { answerLines, reasonLines } from "./answers.ts";
import { pasteOf } from "./keys.ts";
import { fixedInWords, outlookChart, outlookLines } from "./outlook.ts";
import { questionLines } from "./question.ts";
import { chosenProxy, isStale, type PredictState, waits } from "./state.ts";

/** Wider pages have the question and the sliders side by side. */
const TWO_COLUMNS = 112;
const LOWEST_CHART = 8;

/** The screen, in exactly its size. */
export function predictLines(props: ViewProps<PredictState>): readonly StyledLine[] {
  const { columns, rows, theme, state } = props;
  const size = { width: columns, height: rows };
  const drawn = page(bodyLines(props), size, theme.ascii);
  return state.paste ? over(drawn, pasteBox(props), size, theme.ascii) : drawn;
}

function bodyLines(props: ViewProps<PredictState>): readonly StyledLine[] {
  const { state, lab, columns, rows, theme, screenReader } = props;
  const instead = insteadOfTrials(
    lab,
    "The predictor learns from what was measured: compose an experiment and run it.",
  );
  if (instead) return instead;
  const wide = columns >= TWO_COLUMNS && !screenReader;
  const half = wide ? Math.floor(columns / 2) : columns;
  const known = chosenProxy(state, lab);
  const right = wide ? columns - half : columns;
  const question = [rule("How much does a proxy need?", half - 1, theme.ascii), ...questionLines(state, half, theme)];
  const outlook = [
    rule(`What will ${known?.proxy} do?`, right, theme.ascii, known && fixedInWords(state, known)),
    ...outlookLines(state, lab, { width: right, roomy: wide }, theme),
  ];
  const problem = state.problem === undefined ? [] : [line(` ${state.problem}`, "bad")];
  const answers = [
    rule("answers", columns, theme.ascii, remark(props)),
    ...answerLines(state, lab, columns, theme),
    ...reasonLines(state, lab, { width: columns, most: wide ? 3 : 1 }, theme),
    ...problem,
  ];
  const text = wide
    ? [
        ...beside(
          [
            { lines: question, width: half },
            { lines: outlook, width: right },
          ],
          theme.ascii,
        ),
        ...answers,
      ]
    : [...question, ...answers, ...outlook];
  return [...text, ...chartBelow(props, rows - text.length)];
}

function remark({ state, lab }: ViewProps<PredictState>): string {
  if (state.asking) return "working";
  return isStale(state, lab) && waits(state, lab) ? "learns from the new trials when the last has ended" : "";
}

function chartBelow(
  { state, lab, columns, theme, screenReader }: ViewProps<PredictState>,
  height: number,
): readonly StyledLine[] {
  const data = height >= LOWEST_CHART ? outlookChart(state, lab) : undefined;
  if (!data) return [];
  return screenReader ? chartInWords(data, { width: columns, height }) : chart(data, { width: columns, height }, theme);
}

/** The lines to paste, in a frame. */
function pasteBox({ state, lab, columns, theme }: ViewProps<PredictState>): StyledLine[] {
  const text = pasteOf(state, lab)?.[state.paste!] ?? "";
  const lines = text.split("\n").map((one) => line(one));
  return box(
    `for ${state.paste}`,
    [...lines, [], [piece("y", "accent"), piece(" copies, "), piece("esc", "accent"), piece(" closes")]],
    columns - 4,
    theme,
  );
}
