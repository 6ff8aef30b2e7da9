import { FACTORS, type FactorName, type NumericFactor } from "../../../core/domain/factors.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { fieldOf } from "../../widgets/field.ts";
import type { PickerEntry } from "../../widgets/picker.ts";
import { type ExploreState, withTable } from "./state.ts";

/** A question that is often asked, as a way to look at trials: of requests/s against CPU, a line for each proxy, unless it says more. */
interface Preset {
  readonly label: string;
  /** The chart unless given. */
  readonly view?: "map";
  readonly figure?: string;
  readonly factor?: NumericFactor;
  readonly lines?: readonly FactorName[] | "varied";
  /** Only these proxies are looked at; each is needed. */
  readonly proxies?: readonly string[];
  /** Factors that have to vary, and what their levels are called. */
  readonly varied?: Readonly<Partial<Record<FactorName, string>>>;
}

const PRESETS: Readonly<Record<string, Preset>> = {
  servers: {
    label: "one server against several",
    lines: ["proxy", "servers"],
    varied: { servers: "numbers of servers" },
  },
  "traefik-haproxy": { label: "Traefik against HAProxy", lines: ["proxy", "servers"], proxies: ["traefik", "haproxy"] },
  "mitmproxy-squid": { label: "mitmproxy against squid", lines: ["proxy", "memory"], proxies: ["mitmproxy", "squid"] },
  latency: { label: "latency under a CPU limit", figure: "latencyMs.p99" },
  rates: {
    label: "latency against the rate",
    figure: "latencyMs.p99",
    factor: "rate",
    lines: "varied",
    varied: { rate: "rates" },
  },
  map: {
    label: "latency over limit and rate",
    view: "map",
    figure: "latencyMs.p99",
    varied: { cpu: "CPU limits", rate: "rates" },
  },
  cost: { label: "CPU time of a request", figure: "cpuMicrosPerRequest" },
  memory: {
    label: "does memory matter?",
    factor: "memory",
    lines: ["proxy", "cpu"],
    varied: { memory: "memory limits" },
  },
  failures: { label: "failed requests", figure: "failedShare" },
  tools: { label: "load tools against each other", lines: ["proxy", "loadTool"], varied: { loadTool: "load tools" } },
};

/** Presets to pick from; those that the trials cannot answer with the reason. */
export function presetEntries(records: readonly TrialRecord[]): PickerEntry[] {
  return Object.entries(PRESETS).map(([id, preset]) => {
    const reason = missing(preset, records);
    return { id, label: preset.label, ...(reason !== undefined && { unavailable: reason }) };
  });
}

/** The state as a preset wants it. */
export function asPreset(state: ExploreState, id: string): ExploreState {
  const preset = PRESETS[id];
  if (!preset) return state;
  const { view = "chart", figure = "requestsPerSecond", factor = "cpu", lines = ["proxy"], proxies } = preset;
  const filter = fieldOf(proxies ? `proxy=${proxies.join(",")}` : "");
  const { lines: _, ...others } = withTable(state, { filter });
  return { ...others, view, figure, factor, ...(lines !== "varied" && { lines }) };
}

/** Why these trials cannot answer it. */
function missing({ proxies = [], varied = {} }: Preset, records: readonly TrialRecord[]): string | undefined {
  const absent = proxies.filter((name) => !records.some(({ point }) => point.proxy === name));
  if (absent.length > 0) return `no trials of ${absent.join(" and ")}`;
  const same = FACTORS.find(({ id, read }) => varied[id] && new Set(records.map(({ point }) => read(point))).size < 2);
  return same && `needs several ${varied[same.id]}`;
}
