import { drawTable } from "../../src/core/cells/table.ts";
import { median } from "../../src/core/statistics/index.ts";
import { type Lap, ratioOf, spread } from "./ratios.ts";

const agreement = 0.1;

/** Laps by name of what was measured in them. */
export type LapsBySetting = ReadonlyMap<string, readonly Lap[]>;

/** Medians and ratios as tables. `arms`: names, in the order of the columns; ratios are to the first. */
export function tables(all: LapsBySetting, arms: readonly string[]): string {
  const [base = ""] = arms;
  const ratioText = (laps: readonly Lap[], arm: string) => {
    const { median: middle, low, high } = ratioOf(laps, arm, base);
    return arm === base ? "1" : `${middle.toFixed(3)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  };
  return [
    "requests per CPU second, medians",
    tableOf(all, arms, (laps, arm) => median(laps.map((lap) => lap.get(arm)!)).toFixed(0)),
    `\nratio to ${base}, medians of the ratios within laps (95 % intervals, as if laps of one start were independent)`,
    tableOf(all, arms, ratioText),
  ].join("\n");
}

function tableOf(all: LapsBySetting, arms: readonly string[], cell: (laps: readonly Lap[], arm: string) => string) {
  const table = {
    columns: ["", ...arms].map((title, index) => ({
      title,
      align: index === 0 ? ("left" as const) : ("right" as const),
    })),
    rows: [...all].map(([setting, laps]) => [setting, ...arms.map((arm) => cell(laps, arm))]),
  };
  return drawTable(table, { width: 120, colour: false, ascii: true });
}

/** Whether arms agree at every setting, and where they are furthest apart. */
export function verdict(
  all: LapsBySetting,
  arms: readonly string[],
): { readonly agree: boolean; readonly text: string } {
  const [base = ""] = arms;
  const apart = [...all].map(([setting, laps]) => ({
    setting,
    share: spread(arms.map((arm) => ratioOf(laps, arm, base).median)),
  }));
  const worst = apart.reduce((a, b) => (b.share > a.share ? b : a));
  const agree = worst.share <= agreement;
  const what = `${arms.join(", ")} ${agree ? "agree" : "do NOT agree"} within ${100 * agreement} %`;
  return {
    agree,
    text: `${what}: the furthest apart are two by ${(100 * worst.share).toFixed(1)} %, ${worst.setting}`,
  };
}
