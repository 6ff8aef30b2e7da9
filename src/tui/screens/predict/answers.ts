import type { Recommendation, Refused } from "../../../core/answer/index.ts";
import { type Line, type Piece, piece, type Size } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { displayWidth } from "../../../core/cells/text.ts";
import { formatBytes, plural } from "../../../core/domain/format.ts";
import { basisInWords, cpuInWords, memoryInWords } from "../../../core/words/answers.ts";
import { beyondMessage, notLearnedInWords } from "../../../core/words/conditions.ts";
import { formatLimit } from "../../../core/words/deploy.ts";
import type { LabState } from "../../store/labState.ts";
import { askedBy } from "./goals.ts";
import type { Known } from "./known.ts";
import { type Answer, type CheckState, type PredictState, rankedProxies, rankedProxy } from "./state.ts";

const NAME = 12;
const MEMORY = 17;
const NEED = 23;
/** Columns of a line before what real runs said. */
const BEFORE_CHECK = 4 + NAME + 10 + MEMORY + 2 + NEED;

/** A line for each proxy: what to set, what is most likely needed, and what real runs said. */
export function answerLines(state: PredictState, lab: LabState, width: number, pen: Pen): Line[] {
  const ranked = rankedProxies(state, lab);
  const head = [
    piece(" ".repeat(4)),
    pen.cell("proxy", NAME, "title"),
    pen.cell("cpu to set", 10, "title", "right"),
    pen.cell("memory", MEMORY, "title", "right"),
    piece(`  ${"most likely enough".padEnd(NEED)}`, "title"),
    piece("by real runs", "title"),
  ];
  const rows = ranked.map((known, place) => answerLine(state, known, place === 0, width, pen));
  return [head, ...rows];
}

function answerLine(state: PredictState, known: Known, first: boolean, width: number, pen: Pen): Line {
  const { proxy } = known;
  const [found, check] = [state.answers[proxy], state.checks[proxy]];
  const focused = state.focus.on === "answer" && state.focus.proxy === proxy;
  const winner = first && isAnswer(found) ? pen.glyphs.winner : " ";
  const rest = found?.ok
    ? [
        pen.cell(formatLimit(found.recommendedCpu), 10, "accent", "right"),
        pen.cell(memoryToSet(found), MEMORY, found.untested?.includes("memory") ? "warning" : "plain", "right"),
        piece("  "),
        pen.cell(cpuInWords(found.cpu), NEED),
        checkPiece(check, pen),
      ]
    : [...(check ? [checkPiece(check, pen), piece("  ")] : []), noAnswer(found, state)];
  return pen.row([piece(`${winner} `, "good"), pen.cell(proxy, NAME), ...rest], focused, width);
}

/** A limit that no trial ran under says so. */
function memoryToSet({ memory, untested }: Recommendation): string {
  if (!memory) return "-";
  return `${formatBytes(memory.bytes)}${untested?.includes("memory") ? " untested" : ""}`;
}

function checkPiece(check: CheckState | undefined, { glyphs }: Pen): Piece {
  if (!check) return piece("v verifies", "faint");
  if (check.at === "running") return piece(`${glyphs.running} ${check.line}`, "accent");
  const held = check.at === "held";
  return piece(`${held ? glyphs.ok : glyphs.problem} ${check.line}`, held ? "good" : "bad");
}

/** That the least CPU that was measured is enough is an answer too. */
function isAnswer(found: Answer | undefined): boolean {
  return found?.ok === true || found?.refusal.code === "below-measured";
}

function noAnswer(found: Refused | undefined, { asking, fields }: PredictState): Piece {
  if (found) return piece(found.refusal.message, found.refusal.code === "below-measured" ? "good" : "warning");
  if (!askedBy(fields).ok) return piece("-", "faint");
  return piece(asking ? "learning from its trials ..." : "-", "faint");
}

/**
 * What the chosen proxy's answer rests on, in at most so many lines; all of the reason where there is no answer, and all
 * that real runs said where its own line has no room for that.
 */
export function reasonLines(state: PredictState, lab: LabState, room: Size, pen: Pen): Line[] {
  const known = rankedProxy(state, lab);
  if (!known) return [];
  const { proxy } = known;
  const { width } = room;
  const [found, check] = [state.answers[proxy], state.checks[proxy]];
  const said = check && found?.ok && check.at !== "running" ? checkPiece(check, pen) : undefined;
  const cut = said !== undefined && BEFORE_CHECK + displayWidth(said.text) > width;
  const checked = cut ? pen.paragraph(`${proxy}, ${said.text}`, width, said.style) : [];
  if (!found || found.ok) return [...checked, ...basisLines(known, found, room, pen)];
  const data = found.data && beyondMessage(found, found.data);
  const left = data ? [`from ${plural(data.trials, "trial")}`, notLearnedInWords(data)].filter(Boolean).join("; ") : "";
  const whole = NAME + 5 + displayWidth(found.refusal.message) <= width;
  if (whole && left === "") return [];
  return inLines(`${proxy}: ${[...(whole ? [] : [found.refusal.message]), left].filter(Boolean).join(" ")}`, room, pen);
}

function basisLines({ proxy, rows }: Known, found: Recommendation | undefined, room: Size, pen: Pen): Line[] {
  const basis = found ? basisInWords(found) : plural(rows.training.y.length, "trial");
  const left = found?.data ? notLearnedInWords(found.data) : "";
  const memory = found?.memory ? `memory: ${memoryInWords(found.memory)}` : "";
  const cpu = found?.untested?.includes("cpu") ? "cpu to set untested: outside what was measured" : "";
  return inLines(`${proxy}: ${[left, basis, memory, cpu].filter(Boolean).join("; ")}`, room, pen);
}

/** A text in at most so many lines, the last of them cut. */
function inLines(text: string, { width, height }: Size, pen: Pen): Line[] {
  const lines = pen.paragraph(text, width, "faint");
  return lines.length <= height ? lines : [...lines.slice(0, height - 1), lines.slice(height - 1).flat()];
}
