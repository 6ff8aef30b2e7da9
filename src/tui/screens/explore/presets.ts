import type { FactorName, NumericFactor } from "../../../core/domain/factors.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { fieldOf } from "../../widgets/field.ts";
import type { PickerEntry } from "../../widgets/picker.ts";
import type { ExploreState } from "./state.ts";

/** A question that is often asked, as a way to look at trials: of requests/s against CPU, a line for each proxy, unless it says more. */
interface Preset {
  readonly label: string;
  readonly figure?: string;
  readonly factor?: NumericFactor;
  readonly lines?: readonly FactorName[];
  readonly filter?: string;
  /** Why these trials cannot answer it. */
  missing?(records: readonly TrialRecord[]): string | undefined;
}

const PRESETS: Readonly<Record<string, Preset>> = {
  servers: {
    label: "one server against several",
    lines: ["proxy", "servers"],
    missing: (records) => needs(records, "numbers of servers", (r) => r.point.servers),
  },
  "traefik-haproxy": {
    label: "Traefik against HAProxy",
    lines: ["proxy", "servers"],
    filter: "proxy=traefik,haproxy",
    missing: (records) => lacks(records, ["traefik", "haproxy"]),
  },
  "mitmproxy-squid": {
    label: "mitmproxy against squid",
    lines: ["proxy", "memory"],
    filter: "proxy=mitmproxy,squid",
    missing: (records) => lacks(records, ["mitmproxy", "squid"]),
  },
  latency: { label: "latency under a CPU limit", figure: "latencyMs.p99" },
  cost: { label: "CPU time of a request", figure: "cpuMicrosPerRequest" },
  memory: {
    label: "does memory matter?",
    factor: "memory",
    lines: ["proxy", "cpu"],
    missing: (records) => needs(records, "memory limits", (r) => r.point.memoryBytes),
  },
  failures: { label: "failed requests", figure: "failedShare" },
  tools: {
    label: "load tools against each other",
    lines: ["proxy", "loadTool"],
    missing: (records) => needs(records, "load tools", (r) => r.point.loadTool),
  },
};

/** Presets to pick from; those that the trials cannot answer with the reason. */
export function presetEntries(records: readonly TrialRecord[]): PickerEntry[] {
  return Object.entries(PRESETS).map(([id, { label, missing }]) => {
    const reason = missing?.(records);
    return { id, label, ...(reason !== undefined && { unavailable: reason }) };
  });
}

/** The state as a preset wants it. */
export function asPreset(state: ExploreState, id: string): ExploreState {
  const preset = PRESETS[id];
  if (!preset) return state;
  const { figure = "requestsPerSecond", factor = "cpu", lines = ["proxy"], filter = "" } = preset;
  return { ...state, view: "chart", figure, factor, lines, table: { ...state.table, filter: fieldOf(filter) } };
}

function needs(
  records: readonly TrialRecord[],
  what: string,
  read: (record: TrialRecord) => unknown,
): string | undefined {
  const levels = new Set(records.map(read)).size;
  return levels > 1 ? undefined : `needs several ${what}`;
}

function lacks(records: readonly TrialRecord[], proxies: readonly string[]): string | undefined {
  const missing = proxies.filter((name) => !records.some(({ point }) => point.proxy === name));
  return missing.length > 0 ? `no trials of ${missing.join(" and ")}` : undefined;
}
