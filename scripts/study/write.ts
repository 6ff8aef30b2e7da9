import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Chart } from "../../src/core/cells/chartData.ts";
import { comparableConditions, withMostMemory } from "../../src/core/document/conditions.ts";
import { chartSpec } from "../../src/core/document/vega/chartSpec.ts";
import { renderSvg } from "../../src/core/document/vega/draw.ts";
import { namedSvg } from "../../src/core/document/vega/named.ts";
import { door } from "../../src/core/hosting/door.ts";
import { Lab } from "../../src/core/lab.ts";
import { recordedStudyFile } from "../../src/core/places.ts";
import type { Bundle } from "../../src/core/store/bundleSchema.ts";
import { unpackBundle } from "../../src/core/store/unpack.ts";
import type { SeriesQuery } from "../../src/core/views/series.ts";
import { trialChart } from "../../src/core/views/trialChart.ts";
import { factsOf } from "./facts.ts";

const template = new URL("template.md", import.meta.url);

/** The recorded study. */
export function recordedStudy(): Promise<Bundle> {
  return unpackBundle(recordedStudyFile, "data/study.ndjson.gz");
}

/** docs/study.md from its template and the data. Throws where they do not fit. */
export async function studyPage(bundle: Bundle): Promise<string> {
  const lab = await Lab.open({ store: ":memory:" });
  try {
    const models = lab.workplace.registry.list("model").map(({ plugin }) => door.model(plugin));
    const facts = await factsOf(
      bundle,
      models.filter(({ comparisonOnly }) => !comparisonOnly),
    );
    return readFileSync(template, "utf8").replaceAll(/\{\{(.+?)\}\}/g, (_, name: string) => {
      const fact = facts[name];
      if (fact === undefined) throw new Error(`template.md asks for "${name}", which facts.ts does not know`);
      return fact;
    });
  } finally {
    lab.close();
  }
}

/** The drawings of docs/study.md by the names of their files. */
export async function studyCharts({ trials }: Bundle): Promise<Map<string, string>> {
  const conditions = comparableConditions(trials);
  const of = (id: string) => conditions.find((one) => one.id === id)!.records;
  const [reverse, forward] = [withMostMemory(of("reverse-fair")), withMostMemory(of("forward-fair"))];
  const draw = (records: typeof trials, query: Omit<SeriesQuery, "x">): Chart =>
    trialChart(records, { x: "cpu", ...query });
  const only = (records: typeof trials, proxy: string) => records.filter(({ point }) => point.proxy === proxy);
  const charts: Record<string, Chart> = {
    "proxies-requests": draw(reverse, { y: "requestsPerSecond", by: ["proxy", "servers"] }),
    "proxies-latency": draw(reverse, { y: "latencyMs.mean", by: ["proxy", "servers"] }),
    "traefik-servers": draw(only(reverse, "traefik"), { y: "requestsPerSecond", by: ["servers"] }),
    "mitmproxy-memory": draw(only(of("forward-fair"), "mitmproxy"), { y: "requestsPerSecond", by: ["memory"] }),
    "forward-completed": draw(forward, { y: "completedRequests", by: ["proxy"] }),
  };
  const svgs = new Map<string, string>();
  // On the white that they are drawn for: a page on which they are shown may be dark.
  for (const [name, chart] of Object.entries(charts)) {
    const svg = await renderSvg({ ...chartSpec(chart), background: "white", padding: 12 });
    svgs.set(name, namedSvg(svg, { kind: "chart", id: name, chart }));
  }
  return svgs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bundle = await recordedStudy();
  const docs = new URL("../../docs/", import.meta.url);
  writeFileSync(new URL("study.md", docs), await studyPage(bundle));
  mkdirSync(new URL("study/", docs), { recursive: true });
  for (const [name, svg] of await studyCharts(bundle)) writeFileSync(new URL(`study/${name}.svg`, docs), `${svg}\n`);
}
