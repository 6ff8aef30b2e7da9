import type { Recommendation, Refused } from "../../../core/answer/index.ts";
import { displayWidth } from "../../../core/cells/text.ts";
import { formatBytes, formatCount } from "../../../core/domain/format.ts";
import { basisInWords, cpuInWords, memoryInWords } from "../../../core/words/answers.ts";
import { formatLimit } from "../../../core/words/deploy.ts";
import type { LabState } from "../../store/labState.ts";
import { clip, fitLine, fitted, inverted, line, type Piece, piece, type StyledLine } from "../../text/line.ts";
import { signs } from "../../text/signs.ts";
import { wrapped } from "../../text/wrap.ts";
import type { Theme } from "../../theme.ts";
import { askedBy } from "./goals.ts";
import type { Known } from "./known.ts";
import { type Check, chosenProxy, type PredictState, rankedProxies } from "./state.ts";

const NAME = 12;
const NEED = 25;
/** Columns of a line before what real runs said. */
const BEFORE_CHECK = 4 + NAME + 10 + 10 + 3 + NEED;

/** A line for each proxy: what to set, what is most likely needed, and what real runs said. */
export function answerLines(state: PredictState, lab: LabState, width: number, theme: Theme): StyledLine[] {
  const ranked = rankedProxies(state, lab);
  const head: StyledLine = [
    piece(" ".repeat(4)),
    fitted("proxy", NAME, theme.ascii, "left", "title"),
    fitted("cpu to set", 10, theme.ascii, "right", "title"),
    fitted("memory", 10, theme.ascii, "right", "title"),
    piece(`   ${"most likely enough".padEnd(NEED)}`, "title"),
    piece("by real runs", "title"),
  ];
  const rows = ranked.map((known, place) => answerLine(state, known, place === 0, width, theme));
  return [fitLine(head, width, theme.ascii), ...rows];
}

function answerLine(state: PredictState, known: Known, first: boolean, width: number, theme: Theme): StyledLine {
  const { proxy } = known;
  const found = state.answers[proxy];
  const focused = state.focus.on === "answer" && state.focus.proxy === proxy;
  const winner = first && isAnswer(found) ? signs(theme).winner : " ";
  const name = [
    piece(focused ? `${theme.glyphs.pointer}` : " "),
    piece(` ${winner} `, "good"),
    fitted(proxy, NAME, theme.ascii),
  ];
  const check = state.checks[proxy];
  const rest = found?.ok
    ? answerCells(found, check, theme)
    : [...(check ? [checkPiece(check, theme), piece("  ")] : []), noAnswer(found, state)];
  const pieces = [...name, ...rest];
  return focused ? inverted(pieces, width, theme.ascii) : fitLine(pieces, width, theme.ascii);
}

function answerCells({ recommendedCpu, cpu, memory }: Recommendation, check: Check | undefined, theme: Theme): Piece[] {
  return [
    fitted(formatLimit(recommendedCpu), 10, theme.ascii, "right", "accent"),
    fitted(memory ? formatBytes(memory.bytes) : "-", 10, theme.ascii, "right"),
    piece("   "),
    fitted(cpuInWords(cpu), NEED, theme.ascii),
    checkPiece(check, theme),
  ];
}

function checkPiece(check: Check | undefined, { glyphs }: Theme): Piece {
  if (!check) return piece("v verifies", "faint");
  if (check.at === "running") return piece(`${glyphs.inWork} ${check.line}`, "accent");
  const held = check.at === "held";
  return piece(`${held ? glyphs.ok : glyphs.problem} ${check.line}`, held ? "good" : "bad");
}

/** That the least CPU that was measured is enough is an answer too. */
function isAnswer(found: Recommendation | Refused | undefined): boolean {
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
export function reasonLines(
  state: PredictState,
  lab: LabState,
  { width, most }: { readonly width: number; readonly most: number },
  theme: Theme,
): StyledLine[] {
  const known = chosenProxy(state, lab);
  if (!known) return [];
  const { proxy } = known;
  const [found, check] = [state.answers[proxy], state.checks[proxy]];
  const said = check && found?.ok && check.at !== "running" ? checkPiece(check, theme) : undefined;
  const cut = said !== undefined && BEFORE_CHECK + displayWidth(said.text) > width;
  const checked = cut ? wrapped(`${proxy}, ${said.text}`, width - 2).map((text) => line(` ${text}`, said.style)) : [];
  if (!found || found.ok) return [...checked, ...basisLines(known, found, { width, most }, theme)];
  const whole = NAME + 5 + displayWidth(found.refusal.message) <= width;
  return whole ? [] : wrapped(`${proxy}: ${found.refusal.message}`, width - 2).map((text) => line(` ${text}`, "faint"));
}

function basisLines(
  { proxy, rows }: Known,
  found: Recommendation | undefined,
  { width, most }: { readonly width: number; readonly most: number },
  { ascii }: Theme,
): StyledLine[] {
  const excluded = Object.entries(rows.excluded).map(([reason, count]) => `${count} ${reason}`);
  const left = excluded.length > 0 ? `, left out: ${excluded.join(", ")}` : "";
  const basis = found ? basisInWords(found) : `${formatCount(rows.training.y.length)} trials`;
  const memory = found?.memory ? `; memory: ${memoryInWords(found.memory)}` : "";
  const text = `${proxy}: ${basis}${left}${memory}`;
  const lines = wrapped(text, width - 2);
  const rest = lines.slice(most - 1).join(" ");
  const kept = [...lines.slice(0, most - 1), ...(rest === "" ? [] : [rest])];
  return kept.map((one) => clip(line(` ${one}`, "faint"), width, ascii));
}
