import type { TrialRecord } from "../../../core/records/record.ts";
import type { FactorName, NumericFactor } from "../../../core/report/index.ts";
import { fieldOf } from "../../text/field.ts";
import type { PickerEntry } from "../../widgets/picker.ts";
import type { ExploreState } from "./state.ts";

/** A question that is often asked, as a way to look at trials. */
interface Preset {
  readonly id: string;
  readonly label: string;
  readonly figure: string;
  readonly factor: NumericFactor;
  readonly lines: readonly FactorName[];
  readonly filter?: string;
  /** Why these trials cannot answer it. */
  missing(records: readonly TrialRecord[]): string | undefined;
}

const PRESETS: readonly Preset[] = [
  {
    id: "servers",
    label: "one server against several",
    figure: "requestsPerSecond",
    factor: "cpu",
    lines: ["proxy", "servers"],
    missing: (records) => needs(records, "numbers of servers", (r) => r.point.servers),
  },
  {
    id: "traefik-haproxy",
    label: "Traefik against HAProxy",
    figure: "requestsPerSecond",
    factor: "cpu",
    lines: ["proxy", "servers"],
    filter: "proxy=traefik,haproxy",
    missing: (records) => lacks(records, ["traefik", "haproxy"]),
  },
  {
    id: "mitmproxy-squid",
    label: "mitmproxy against squid",
    figure: "requestsPerSecond",
    factor: "cpu",
    lines: ["proxy", "memory"],
    filter: "proxy=mitmproxy,squid",
    missing: (records) => lacks(records, ["mitmproxy", "squid"]),
  },
  {
    id: "latency",
    label: "latency under a CPU limit",
    figure: "latencyMs.p99",
    factor: "cpu",
    lines: ["proxy"],
    missing: () => undefined,
  },
  {
    id: "cost",
    label: "CPU time of a request",
    figure: "cpuMicrosPerRequest",
    factor: "cpu",
    lines: ["proxy"],
    missing: () => undefined,
  },
  {
    id: "memory",
    label: "does memory matter?",
    figure: "requestsPerSecond",
    factor: "memory",
    lines: ["proxy", "cpu"],
    missing: (records) => needs(records, "memory limits", (r) => r.point.memoryBytes),
  },
  {
    id: "failures",
    label: "failed requests",
    figure: "failedShare",
    factor: "cpu",
    lines: ["proxy"],
    missing: () => undefined,
  },
  {
    id: "tools",
    label: "load tools against each other",
    figure: "requestsPerSecond",
    factor: "cpu",
    lines: ["proxy", "loadTool"],
    missing: (records) => needs(records, "load tools", (r) => r.point.loadTool),
  },
];

/** Presets to pick from; those that the trials cannot answer with the reason. */
export function presetEntries(records: readonly TrialRecord[]): PickerEntry[] {
  return PRESETS.map(({ id, label, missing }) => {
    const reason = missing(records);
    return { id, label, ...(reason !== undefined && { unavailable: reason }) };
  });
}

/** The state as a preset wants it. */
export function asPreset(state: ExploreState, id: string): ExploreState {
  const preset = PRESETS.find((one) => one.id === id);
  if (!preset) return state;
  const { figure, factor, lines, filter = "" } = preset;
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
