import type { RunContext } from "../../../measure/trial/context.ts";
import type { LocalHost } from "../../../process/host.ts";
import { type Entry, Registry } from "../../registry.ts";

/** What live rules are tried with. */
export interface LiveLab {
  readonly host: LocalHost;
  /** Everything on the clean-up list now, for what must be off it again. */
  owned(): number;
}

/** What the pieces of an experiment run in, with the plugin under test. */
export function contextOf({ host }: LiveLab, signal: AbortSignal, entry: Entry): RunContext {
  return { host, registry: new Registry([entry]), signal };
}
