import { type FactorName, findFactor, type NumericFactor } from "../../../core/domain/factors.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { fieldOf } from "../../widgets/field.ts";
import type { PickerEntry } from "../../widgets/picker.ts";
import { type ExploreState, withTable } from "./state.ts";

/** A question that is often asked, as a way to look at trials: of requests/s against CPU, a line for each proxy, unless it says more. */
interface Preset {
  readonly label: string;
  readonly figure?: string;
  readonly factor?: NumericFactor;
  readonly lines?: readonly FactorName[];
  /** Only these proxies are looked at; each is needed. */
  readonly proxies?: readonly string[];
  /** A factor that has to vary, and what its levels are called. */
  readonly varied?: readonly [factor: FactorName, levels: string];
}

const PRESETS: Readonly<Record<string, Preset>> = {
  servers: {
    label: "one server against several",
    lines: ["proxy", "servers"],
    varied: ["servers", "numbers of servers"],
  },
  "traefik-haproxy": { label: "Traefik against HAProxy", lines: ["proxy", "servers"], proxies: ["traefik", "haproxy"] },
  "mitmproxy-squid": { label: "mitmproxy against squid", lines: ["proxy", "memory"], proxies: ["mitmproxy", "squid"] },
  latency: { label: "latency under a CPU limit", figure: "latencyMs.p99" },
  cost: { label: "CPU time of a request", figure: "cpuMicrosPerRequest" },
  memory: {
    label: "does memory matter?",
    factor: "memory",
    lines: ["proxy", "cpu"],
    varied: ["memory", "memory limits"],
  },
  failures: { label: "failed requests", figure: "failedShare" },
  tools: { label: "load tools against each other", lines: ["proxy", "loadTool"], varied: ["loadTool", "load tools"] },
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
  const { figure = "requestsPerSecond", factor = "cpu", lines = ["proxy"], proxies } = preset;
  const filter = fieldOf(proxies ? `proxy=${proxies.join(",")}` : "");
  return { ...withTable(state, { filter }), view: "chart", figure, factor, lines };
}

/** Why these trials cannot answer it. */
function missing({ proxies = [], varied }: Preset, records: readonly TrialRecord[]): string | undefined {
  const absent = proxies.filter((name) => !records.some(({ point }) => point.proxy === name));
  if (absent.length > 0) return `no trials of ${absent.join(" and ")}`;
  const [factor, levels] = varied ?? [];
  if (!factor) return undefined;
  const { read } = findFactor(factor);
  return new Set(records.map(({ point }) => read(point))).size > 1 ? undefined : `needs several ${levels}`;
}
