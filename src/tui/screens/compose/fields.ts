import {
  parseCount,
  parseCountLevels,
  parseCpuLevels,
  parseMemoryLevels,
  parseSeconds,
} from "../../../core/domain/levels.ts";
import type { SweepFlags } from "../../../core/domain/options.ts";

type FlagName = keyof SweepFlags & string;

/** An option of a sweep that is typed. */
export interface FieldKind {
  readonly id: FlagName;
  readonly label: string;
  /** What it means and how it is written, in one line. */
  readonly help: string;
  /** Text that need not be said. */
  readonly usual: string;
  /** Where nothing is typed. */
  readonly placeholder?: string;
  /** Throws where the text means nothing. */
  parse(text: string, name: string): unknown;
}

/** The options that are typed, in the order in which they are shown. */
export const fieldKinds: readonly FieldKind[] = [
  {
    id: "cpu",
    label: "CPU limits",
    help: "cores: 0.1,0.3 or 0.05..0.9 or 0.05..0.9/5 for five levels in equal ratios",
    usual: "",
    parse: parseCpuLevels,
  },
  {
    id: "memory",
    label: "memory limits",
    help: "64M,256M; none where it is empty",
    usual: "",
    placeholder: "none",
    parse: parseMemoryLevels,
  },
  {
    id: "servers",
    label: "servers",
    help: "numbers of servers behind the proxy: 1,3",
    usual: "1",
    parse: parseCountLevels,
  },
  {
    id: "concurrency",
    label: "connections",
    help: "connections that the load tool keeps open: 8,32,128",
    usual: "32",
    parse: parseCountLevels,
  },
  {
    id: "replicates",
    label: "replicates",
    help: "how often each point is measured; with 1 some points are repeated all the same",
    usual: "1",
    parse: parseCount,
  },
  {
    id: "window",
    label: "window",
    help: "shortest measuring window: 5s; it goes on to twice that while the rate is not steady",
    usual: "5s",
    parse: parseSeconds,
  },
  {
    id: "trials",
    label: "trials",
    help: "number of trials; unless given 10 for each factor that varies, or of an adaptive plan 8 for each combination",
    usual: "",
    placeholder: "as needed",
    parse: parseCount,
  },
  {
    id: "budget",
    label: "time budget",
    help: "begin no further trial after this time: 10m",
    usual: "",
    placeholder: "none",
    parse: parseSeconds,
  },
];

/** What is wrong with the text of a field, in one line. */
export function problemOf({ parse, usual, placeholder }: FieldKind, text: string): string | undefined {
  if (text.trim() === "") return placeholder === undefined && usual === "" ? "say which levels" : undefined;
  try {
    parse(text.trim(), "");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^: /, "") : String(error);
  }
}
