/** What a request costs a proxy that nothing stops: CPU time, in ms, against the rate, in requests/ms. */
export interface CostLaw {
  /** A rate within those measured, and the cost there. */
  readonly rate: number;
  readonly cost: number;
  /** Share of that cost that is left when requests come as fast as can be: what each costs by itself. */
  readonly own: number;
  /** How fast the rest is shared as the rate rises: it goes with rate^-fade. */
  readonly fade: number;
}

/** One run that nothing stopped. */
interface FreeRun {
  readonly rate: number;
  readonly cost: number;
}

/** What proxies were seen to have, as the logit of a share and the logarithm of an exponent. */
const usual = { own: { logit: -0.6, deviation: 0.5 }, fade: { log: Math.log(0.65), deviation: 0.3 } };
/** Standard deviation of the logarithm of a request's cost from run to run. */
export const costsDiffer = 0.1;

/** Cost of a request at a rate. */
export function costAt({ rate, cost, own, fade }: CostLaw, wanted: number): number {
  return cost * (own + (1 - own) * (wanted / rate) ** -fade);
}

/**
 * The law for some runs at one rate or more: a wake-up of the proxy costs about the same whatever waits for it, so that a
 * request is the cheaper the more of them come. The likeliest, seeing what other proxies have; of one rate the usual.
 */
export function costLaw(runs: readonly FreeRun[]): CostLaw {
  const rate = Math.max(...runs.map((run) => run.rate));
  let best: { law: CostLaw; misfit: number } | undefined;
  for (const own of shares) {
    for (const fade of fades) {
      const shape = { rate, cost: 1, own, fade };
      const logs = runs.map((run) => Math.log(run.cost / costAt(shape, run.rate)));
      const log = logs.reduce((sum, one) => sum + one, 0) / logs.length;
      const misses = logs.reduce((sum, one) => sum + ((one - log) / costsDiffer) ** 2, 0);
      const misfit = misses + unusual(own, fade);
      if (!best || misfit < best.misfit) best = { law: { ...shape, cost: Math.exp(log) }, misfit };
    }
  }
  return best!.law;
}

const shares = Array.from({ length: 37 }, (_, i) => 0.05 + 0.025 * i);
const fades = Array.from({ length: 31 }, (_, i) => 0.25 * 8 ** (i / 30));

function unusual(own: number, fade: number): number {
  const logit = Math.log(own / (1 - own));
  return (
    ((logit - usual.own.logit) / usual.own.deviation) ** 2 +
    ((Math.log(fade) - usual.fade.log) / usual.fade.deviation) ** 2
  );
}
