import { displayWidth } from "../../src/core/cells/text.ts";

/** How a piece of text looks. */
interface Look {
  readonly colour: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
}

interface Run {
  readonly text: string;
  readonly column: number;
  readonly look: Look;
}

const ground = "#15171c";
const plain = "#d5d9e2";
/** The 16 colours of a terminal, as their SGR codes count them from 30 and from 90. */
const colours = ["#3b3f4a", "#f2777a", "#a3d06c", "#f0c35a", "#6ea8fe", "#c594ea", "#58c7d8", plain];
const bright = ["#737a8a", "#ff8f92", "#b9e38a", "#ffd980", "#8fbcff", "#d9adf5", "#7fdbe8", "#ffffff"];

const fontSize = 14;
const cell = { width: 8.43, height: 18 };
const margin = { side: 14, top: 40, bottom: 14 };
const usual: Look = { colour: plain, bold: false, dim: false, inverse: false };

/** A terminal's screen, as `tmux capture-pane -e` prints it, as a picture of so many columns. */
export function svgOf(painted: string, columns: number, title: string): string {
  const rows = painted.replace(/\n$/, "").split("\n");
  const width = Math.ceil(columns * cell.width + 2 * margin.side);
  const height = rows.length * cell.height + margin.top + margin.bottom;
  const body = runsOf(rows).flatMap((runs, index) => runs.map((run) => drawn(run, margin.top + index * cell.height)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<rect width="${width}" height="${height}" rx="9" fill="${ground}"/>
${["#f2777a", "#f0c35a", "#a3d06c"].map((fill, i) => `<circle cx="${20 + i * 19}" cy="19" r="6" fill="${fill}"/>`).join("")}
<text x="${width / 2}" y="23" fill="#737a8a" text-anchor="middle" font-family="sans-serif" font-size="12">${escaped(title)}</text>
<g font-family="'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace" font-size="${fontSize}" xml:space="preserve">
${body.filter(Boolean).join("\n")}
</g>
</svg>
`;
}

/** Rows as pieces of one look each; a look holds on into the next row. */
function runsOf(rows: readonly string[]): Run[][] {
  let look = usual;
  return rows.map((row) => {
    const found = runsOfRow(row, look);
    look = found.look;
    return found.runs;
  });
}

function runsOfRow(row: string, before: Look): { runs: Run[]; look: Look } {
  const runs: Run[] = [];
  let look = before;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what it is about
  for (const part of row.split(/(\x1b\[[\d;]*m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
    const codes = /^\x1b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) look = codes.split(";").map(Number).reduce(after, look);
    else if (part !== "") {
      runs.push({ text: part, column, look });
      column += displayWidth(part);
    }
  }
  return { runs, look };
}

function after(look: Look, code: number): Look {
  if (code === 0) return usual;
  if (code === 1) return { ...look, bold: true };
  if (code === 2) return { ...look, dim: true };
  if (code === 22) return { ...look, bold: false, dim: false };
  if (code === 7) return { ...look, inverse: true };
  if (code === 27) return { ...look, inverse: false };
  if (code === 39) return { ...look, colour: plain };
  if (code >= 30 && code <= 37) return { ...look, colour: colours[code - 30]! };
  if (code >= 90 && code <= 97) return { ...look, colour: bright[code - 90]! };
  return look;
}

/** Each word stands at its own column: blanks of a text do not keep their width in all viewers. */
function drawn({ text, column, look }: Run, top: number): string {
  const box = look.inverse
    ? `<rect ${placed(text, column)} y="${top}" height="${cell.height}" fill="${look.colour}"/>`
    : "";
  const style = `${look.bold ? ' font-weight="bold"' : ""}${look.dim ? ' opacity="0.65"' : ""}`;
  const fill = look.inverse ? ground : look.colour;
  const words = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => {
    const at = placed(word, column + displayWidth(text.slice(0, index))).replace("width", "textLength");
    return `<text ${at} y="${top + 14}" fill="${fill}"${style}>${escaped(word)}</text>`;
  });
  return [box, ...words].filter(Boolean).join("");
}

function placed(text: string, column: number): string {
  return `x="${(margin.side + column * cell.width).toFixed(1)}" width="${(displayWidth(text) * cell.width).toFixed(1)}"`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
