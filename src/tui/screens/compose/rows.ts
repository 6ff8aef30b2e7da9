import { PLANS } from "../../../core/domain/spec.ts";
import type { PluginSummary } from "../../../core/lab.ts";
import { adviceInWords } from "../../../core/machine/advice.ts";
import type { Finding } from "../../../core/machine/doctor/diagnose.ts";
import type { LabState } from "../../store/labState.ts";
import { fieldKinds } from "./fields.ts";
import { type ComposeState, fieldKindOf, type PickedKind } from "./state.ts";

/** A row of the screen that keys can act on, or the title above some. */
export type Row =
  | { readonly kind: "title"; readonly text: string }
  | {
      readonly kind: "plugin";
      readonly id: string;
      readonly name: string;
      readonly of: PickedKind;
      readonly title: string;
      readonly version?: string;
      /** Why it cannot be used, and what would help. */
      readonly reason?: string;
      readonly help?: string;
      readonly setup?: string;
    }
  | {
      readonly kind: "choice";
      readonly id: "role" | "plan";
      readonly choices: readonly string[];
      readonly help: string;
    }
  | { readonly kind: "field"; readonly id: string; readonly field: (typeof fieldKinds)[number] };

export type ActiveRow = Exclude<Row, { kind: "title" }>;

const kindTitles: Readonly<Record<PickedKind, string>> = { proxy: "proxies", load: "load tools", limiter: "limiters" };

/** The three columns of rows: proxies, load and limiters, limits and plan. */
export function columnsOf(state: ComposeState, lab: LabState): readonly (readonly Row[])[] {
  const plugins = (of: PickedKind): Row[] => [
    { kind: "title", text: kindTitles[of] },
    ...(lab.plugins?.plugins ?? [])
      .filter(({ kind }) => kind === of)
      .map((plugin) =>
        pluginRow(
          of,
          plugin,
          lab.diagnosis?.findings.find((one) => isOf(one, plugin)),
        ),
      ),
  ];
  return [
    [
      ...plugins("proxy"),
      { kind: "title", text: "role" },
      {
        kind: "choice",
        id: "role",
        choices: ["reverse", "forward"],
        help: "reverse: in front of servers; forward: before clients, and requests name the server",
      },
    ],
    [...plugins("load"), ...plugins("limiter")],
    [
      { kind: "title", text: "levels and plan" },
      ...fieldKinds.slice(0, 6).map((field): Row => ({ kind: "field", id: `field/${field.id}`, field })),
      {
        kind: "choice",
        id: "plan",
        choices: PLANS,
        help: "grid: every combination; random: spread between the outer levels; adaptive: CPU levels where they tell most",
      },
      ...fieldKinds
        .slice(6)
        .filter(({ id }) => fieldKindOf(state, `field/${id}`))
        .map((field): Row => ({ kind: "field", id: `field/${field.id}`, field })),
    ],
  ];
}

function isOf({ kind, id }: Finding, plugin: PluginSummary): boolean {
  return kind === plugin.kind && id === plugin.id;
}

function pluginRow(of: PickedKind, { id, title }: PluginSummary, finding: Finding | undefined): Row {
  const row = { kind: "plugin", id: `${of}/${id}`, name: id, of, title } as const;
  if (!finding) return row;
  const { detection, image, advice } = finding;
  if (detection.available) return { ...row, ...(detection.version ? { version: detection.version } : {}) };
  if (image) return { ...row, version: `image, by ${image.limiter}` };
  const setup = advice?.do === "setup" && !advice.by ? { setup: advice.program } : {};
  return { ...row, reason: detection.reason, ...(advice && { help: adviceInWords(advice) }), ...setup };
}

/** The rows of a column that keys can act on. */
export function active(rows: readonly Row[]): ActiveRow[] {
  return rows.filter((row): row is ActiveRow => row.kind !== "title");
}

/** The row under the cursor. */
export function rowAt(state: ComposeState, lab: LabState): ActiveRow | undefined {
  return columnsOf(state, lab)
    .flatMap(active)
    .find(({ id }) => id === state.cursor);
}

/** The cursor after a step: down and up in its column, right and left to the same height of the next one. */
export function moved(state: ComposeState, lab: LabState, key: string): ComposeState {
  const columns = columnsOf(state, lab).map(active);
  const column = Math.max(
    0,
    columns.findIndex((rows) => rows.some(({ id }) => id === state.cursor)),
  );
  const row = Math.max(
    0,
    columns[column]!.findIndex(({ id }) => id === state.cursor),
  );
  const [dx, dy] = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] }[key] ?? [0, 0];
  const target = columns[Math.max(0, Math.min(columns.length - 1, column + dx!))]!;
  const cursor = target[Math.max(0, Math.min(target.length - 1, row + dy!))]?.id;
  return cursor === undefined || cursor === state.cursor ? state : { ...state, cursor };
}
