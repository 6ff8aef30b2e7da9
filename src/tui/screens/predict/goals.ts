import type { Goals } from "../../../core/answer/index.ts";
import { figureField, type TextField } from "../../widgets/field.ts";

/** The fields of the question, in their order. */
export const FIELDS = ["completed", "within", "rate", "p99", "failed", "sure"] as const;
export type FieldName = (typeof FIELDS)[number];
export type Fields = Readonly<Record<FieldName, TextField>>;

/** The question of the study: how much CPU do 5000 requests in ten seconds need? */
export const firstFields: Fields = {
  completed: figureField("5000"),
  within: figureField("10"),
  rate: figureField(""),
  p99: figureField(""),
  failed: figureField(""),
  sure: figureField("90"),
};

/** What was typed, as a question; or what is wrong with it, by field. */
type AskedGoals =
  | { readonly ok: true; readonly goals: Goals; readonly confidence: number }
  | { readonly ok: false; readonly field: FieldName; readonly problem: string };

/** Reads the fields: a rate takes the place of a number of requests; what is empty is not asked for. */
export function askedBy(fields: Fields): AskedGoals {
  const sure = figureOf(fields.sure);
  if (sure === undefined || !(sure > 0 && sure < 100)) return wrong("sure", "a share below 100 %, such as 90");
  const bad = FIELDS.find((name) => fields[name].text !== "" && !(figureOf(fields[name])! >= 0));
  if (bad) return wrong(bad, "no number");
  const [completed, within, rate, p99, failed] = FIELDS.map((name) => figureOf(fields[name]));
  if (completed !== undefined && rate === undefined && !(within! > 0)) return wrong("within", "in how many seconds?");
  const zero = (["completed", "rate", "p99"] as const).find((name) => figureOf(fields[name]) === 0);
  if (zero) return wrong(zero, "more than 0");
  if (failed !== undefined && failed >= 100) return wrong("failed", "less than 100 %");
  const goals: Goals = {
    ...(rate !== undefined && { requestsPerSecond: rate }),
    ...(rate === undefined && completed !== undefined && { completedRequests: completed, withinSeconds: within! }),
    ...(p99 !== undefined && { p99Ms: p99 }),
    ...(failed !== undefined && { failedShare: failed / 100 }),
  };
  if (Object.keys(goals).length === 0) return wrong("completed", "how many, or which rate?");
  return { ok: true, goals, confidence: sure / 100 };
}

function wrong(field: FieldName, problem: string): AskedGoals {
  return { ok: false, field, problem };
}

/** `undefined` where nothing was typed; not a number where that is none. */
function figureOf({ text }: TextField): number | undefined {
  if (text === "") return undefined;
  return /^\d*\.?\d+$|^\d+\.$/.test(text) ? Number(text) : Number.NaN;
}

/** Goals as options of the command line. */
export function goalFlags(goals: Goals): string[] {
  const { failedShare } = goals;
  return [
    ...flag("completed", goals.completedRequests),
    ...flag("within", goals.withinSeconds, "s"),
    ...flag("rps", goals.requestsPerSecond),
    ...flag("p99", goals.p99Ms, "ms"),
    ...flag("failed-share", failedShare && failedShare * 100, "%"),
  ];
}

/** An option of the command line, if there is a figure for it. */
export function flag(name: string, figure: number | undefined, unit = ""): string[] {
  return figure === undefined ? [] : [`--${name}`, `${figure}${unit}`];
}
