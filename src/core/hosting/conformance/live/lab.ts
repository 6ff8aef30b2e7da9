import type { Bench } from "../../../measure/trial/bench.ts";
import type { LocalHost } from "../../../process/host.ts";
import { type Entry, Registry } from "../../registry.ts";

/** What live rules are tried with. */
export interface LiveLab {
  readonly host: LocalHost;
  /** Everything on the clean-up list now, for what must be off it again. */
  owned(): number;
}

/** A bench for the pieces of an experiment, with the plugin under test and what it needs of others. */
export function benchOf({ host }: LiveLab, signal: AbortSignal, ...entries: Entry[]): Bench {
  return { host, registry: new Registry(entries), signal, emit: () => {} };
}
