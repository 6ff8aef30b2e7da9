import { withoutAbsent } from "../domain/absent.ts";
import { defaultText, inVisits, SWEEP_OPTIONS, type SweepOptions, type SweepWish } from "../domain/options.ts";
import type { SweepSpec } from "../domain/spec.ts";

/** A visit goes on until enough requests were served, but no longer. */
const longestVisitSeconds = 3;

/** Values that no table can hold: those of this machine, and chance. */
export interface Fallback {
  readonly proxies: readonly string[];
  readonly seed: number;
}

/** Fills a wish up with defaults. */
export function toSpec(wish: SweepWish, { proxies, seed }: Fallback, options: SweepOptions = SWEEP_OPTIONS): SweepSpec {
  const plan = wish.plan ?? SWEEP_OPTIONS.plan.default(wish);
  const said: Readonly<Record<string, unknown>> = { ...withoutAbsent(wish), plan };
  const visits = inVisits(said);
  const window = wish.window ?? SWEEP_OPTIONS.window.value.parse(SWEEP_OPTIONS.window.default(said));
  const longest = visits ? Math.max(longestVisitSeconds, window) : 2 * window;
  const known: Readonly<Record<string, unknown>> = {
    proxy: proxies,
    memory: [],
    rate: [],
    seed,
    ...said,
    maxWindow: Math.max(window, wish.maxWindow ?? longest),
  };
  const values = (place: "spec" | "scenario") =>
    Object.entries(options).flatMap(([id, option]) => {
      const standard = defaultText(option, said);
      const meant = known[id] ?? (standard === undefined ? undefined : option.value.parse(standard));
      const value = meant === undefined || !option.parts ? meant : option.parts(meant)[place];
      return option[place] === undefined || value === undefined ? [] : [[option[place], value]];
    });
  const scenario = { ...Object.fromEntries(values("scenario")), ...(visits ? { method: "visit" } : {}) };
  return { ...Object.fromEntries(values("spec")), scenario } as SweepSpec;
}

type Standard = Omit<SweepSpec, "proxies" | "seed">;

/** What a sweep is unless flags or an experiment file say otherwise; proxies are the user's choice. */
export const defaultSpec: Standard = standard({});

/** The same where each point of a grid is measured in a window of its own. */
export const gridSpec: Standard = standard({ plan: "grid" });

function standard(wish: SweepWish): Standard {
  const { proxies: _, seed: __, ...spec } = toSpec(wish, { proxies: [], seed: 1 });
  return spec;
}

export const { scenario: gridScenario } = gridSpec;
