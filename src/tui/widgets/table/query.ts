import { isFigure } from "../../../core/domain/format.ts";

/** What a filter can ask of a row. */
export interface Field<T> {
  /** As it is typed: `cpu`. */
  readonly id: string;
  /** Unit of its figures; see `formatFigure`. */
  readonly unit?: string;
  read(row: T): string | number | undefined;
}

export interface Filtered<T> {
  readonly rows: readonly T[];
  /** Why a part of the filter was passed over, for people. */
  readonly problem?: string;
}

type Test<T> = (row: T) => boolean;

const TERM = /^([\w./]+)(!=|<=|>=|=|<|>)(.*)$/;

/**
 * Rows that meet every term of a filter such as `proxy=haproxy cpu<0.5 memory>=128M verdict=proxy-bound`. A text is equal
 * if it is the whole one, or, where no row has that, if it begins so: filters work while they are typed. A word alone, with
 * `!` before it none of, is looked for in all texts.
 */
export function filterRows<T>(rows: readonly T[], filter: string, fields: readonly Field<T>[]): Filtered<T> {
  const tests: Test<T>[] = [];
  let problem: string | undefined;
  for (const term of filter.toLowerCase().split(/\s+/).filter(Boolean)) {
    const test = testOf(term, rows, fields);
    if (typeof test === "function") tests.push(test);
    else problem ??= test;
  }
  const kept = tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
  return { rows: kept, ...(problem && { problem }) };
}

/** The test of a term; a sentence where it has none, and `undefined` where it is not typed to its end yet. */
function testOf<T>(term: string, rows: readonly T[], fields: readonly Field<T>[]): Test<T> | string | undefined {
  const [, id, sign, value] = TERM.exec(term) ?? [];
  if (id === undefined || sign === undefined || value === undefined) return wordTest(term, fields);
  const field = fields.find((one) => one.id === id) ?? fields.find((one) => one.id.startsWith(id));
  if (!field) return `no column "${id}": ${fields.map((one) => one.id).join(", ")}`;
  if (value === "") return undefined;
  const figure = parseFigure(value, field.unit);
  const isText = rows.some((row) => typeof field.read(row) === "string");
  if (sign === "=" || sign === "!=") {
    const same =
      isText || figure === undefined ? textTest(field, value.split(","), rows) : figureTest(field, "=", figure);
    return sign === "=" ? same : (row) => !same(row);
  }
  if (isText) return `"${id}" is a text: ${id}=...`;
  return figure === undefined ? `"${value}" is no number` : figureTest(field, sign, figure);
}

function wordTest<T>(term: string, fields: readonly Field<T>[]): Test<T> | undefined {
  const [without, word] = term.startsWith("!") ? [true, term.slice(1)] : [false, term];
  if (word === "") return undefined;
  const seen = new Map<string, boolean>();
  const holds = (text: string): boolean => {
    const known = seen.get(text);
    if (known !== undefined) return known;
    const found = text.toLowerCase().includes(word);
    seen.set(text, found);
    return found;
  };
  const found = (row: T) =>
    fields.some((field) => {
      const value = field.read(row);
      return typeof value === "string" && holds(value);
    });
  return without ? (row) => !found(row) : found;
}

function textTest<T>(field: Field<T>, wanted: readonly string[], rows: readonly T[]): Test<T> {
  const known = new Set(rows.map((row) => textOf(field, row)));
  const exact = new Set(wanted.filter((text) => known.has(text)));
  const begun = wanted.filter((text) => text !== "" && !exact.has(text));
  return (row) => {
    const text = textOf(field, row);
    return text !== undefined && (exact.has(text) || begun.some((beginning) => text.startsWith(beginning)));
  };
}

function textOf<T>(field: Field<T>, row: T): string | undefined {
  const value = field.read(row);
  return typeof value === "string" ? value.toLowerCase() : undefined;
}

function figureTest<T>(field: Field<T>, sign: string, wanted: number): Test<T> {
  const near = 1e-9 * Math.abs(wanted);
  return (row) => {
    const value = field.read(row);
    if (typeof value !== "number" || !isFigure(value)) return false;
    if (sign === "=") return Math.abs(value - wanted) <= near;
    if (sign === "<") return value < wanted - near;
    if (sign === ">") return value > wanted + near;
    return sign === "<=" ? value <= wanted + near : value >= wanted - near;
  };
}

const DECIMAL: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };
const BINARY: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** `128M` of bytes, `26.7k`, `50ms`, `5%`; `undefined` for what is no number. */
export function parseFigure(text: string, unit = ""): number | undefined {
  const match = /^(-?\d*\.?\d+)\s*(%|ms|[kmg]?(?:i?b)?)$/i.exec(text);
  if (!match) return undefined;
  const [, digits, suffix] = [match[0], Number(match[1]), match[2]!.toLowerCase()];
  if (suffix === "%") return digits / 100;
  if (suffix === "ms") return digits;
  const scale = unit.startsWith("bytes") ? BINARY : DECIMAL;
  return digits * (scale[suffix.replace(/i?b$/, "")] ?? 1);
}
