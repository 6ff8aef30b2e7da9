import picocolors from "picocolors";
import { cleanText } from "../../core/cells/text.ts";
import type { Diagnosis, Finding, MachineCheck } from "../../core/lab.ts";
import { kindTitles } from "../../core/lab.ts";
import { adviceInWords, setupCommand } from "../../core/machine/advice.ts";
import type { Terminal } from "../terminal/output.ts";

type State = MachineCheck["state"];

const kindNames = { proxy: "proxy", load: "load tool", limiter: "limiter" } as const;
const marks = { ok: ["✓", "ok"], warning: ["!", "!"], problem: ["✗", "x"] } as const;
const longestTitle = 18;

/** What the doctor found, as text of at most the terminal's width. */
export function diagnosisInWords({ checks, findings, combination, lacking }: Diagnosis, terminal: Terminal): string {
  const width = Math.min(terminal.width, 100);
  const colours = picocolors.createColors(terminal.colour);
  const mark = (state: State) => {
    const paint = { ok: colours.green, warning: colours.yellow, problem: colours.red }[state];
    return paint(marks[state][terminal.ascii ? 1 : 0].padEnd(2));
  };
  const row = ({ state, title, text, help }: Row) => {
    const lines = wrap(cleanText(text, terminal.ascii), width - longestTitle - 6);
    const advice = help === undefined ? [] : wrap(cleanText(help, terminal.ascii), width - longestTitle - 9);
    const indent = " ".repeat(longestTitle + 6);
    return [
      `  ${mark(state)} ${title.padEnd(longestTitle)} ${lines.join(`\n${indent}`)}`,
      ...advice.map((line, index) => colours.cyan(`${indent}${index === 0 ? "-> " : "   "}${line}`)),
    ].join("\n");
  };
  const section = (title: string, rows: readonly Row[]) => [colours.bold(title), ...rows.map(row), ""].join("\n");
  const kinds = (Object.keys(kindTitles) as (keyof typeof kindTitles)[]).filter((kind) =>
    findings.some((one) => one.kind === kind),
  );
  const sections = [
    section("machine", checks.map(rowOfCheck)),
    ...kinds.map((kind) => section(kindTitles[kind], findings.filter((one) => one.kind === kind).map(rowOfFinding))),
  ];
  const last = [...installing(findings), conclusion(combination, lacking)].flatMap((line) => wrap(line, width));
  return [...sections, ...last].join("\n");
}

interface Row {
  readonly state: State;
  readonly title: string;
  readonly text: string;
  readonly help?: string;
}

function rowOfCheck({ state, title, value, advice }: MachineCheck): Row {
  return { state, title, text: value, ...(advice && { help: adviceInWords(advice) }) };
}

function rowOfFinding({ id, kind, title, detection, speaks = [], image, advice }: Finding): Row {
  if (detection.available) {
    const version = detection.version ?? unversioned(kind, title);
    return { state: "ok", title: id, text: [version, ...speaks].join(", ") };
  }
  const instead = image ? `; --limiter ${image.limiter} takes it from the image ${image.name}` : "";
  return {
    state: image || kind === "origin" ? "warning" : "problem",
    title: id,
    text: `${detection.reason}${instead}`,
    ...(advice && { help: adviceInWords(advice) }),
  };
}

/** A limiter need not have a version; a program of which none is known should tell one. */
function unversioned(kind: Finding["kind"], title: string): string {
  return kind === "limiter" ? title : `${title}, of no known version`;
}

function conclusion(combination: Diagnosis["combination"], lacking: Diagnosis["lacking"]): string {
  if (!combination)
    return `Nothing can be measured here: no ${lacking.map((kind) => kindNames[kind]).join(" and no ")} works.`;
  const { proxy, load, limiter } = combination;
  return `Ready, for instance: ./lab run --proxy ${proxy} --load ${load} --limiter ${limiter}`;
}

/** One command for all that setup can install, where there are several. */
function installing(findings: readonly Finding[]): string[] {
  const setups = findings.flatMap(({ advice }) => (advice?.do === "setup" ? [advice] : []));
  if (setups.length < 2) return [];
  const together = Map.groupBy(setups, ({ by }) => by);
  return [...together].map(([by, ones]) => {
    const programs = ones.map(({ program }) => program);
    return `Install all: ${setupCommand(programs, by)}`;
  });
}

/** Breaks a text into lines of at most a width, at blanks where there are any. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(" ", width);
    const at = blank > 0 ? blank : width;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
