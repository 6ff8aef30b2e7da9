import { beforeAll, describe, expect, it } from "vitest";
import { buildReport } from "../../../src/core/document/build.ts";
import { drawingsOf, type ReportDocument } from "../../../src/core/document/document.ts";
import { evidenceTable, memoryThreshold } from "../../../src/core/document/evidence.ts";
import { htmlPage } from "../../../src/core/document/html/page.ts";
import { COLOUR_PAIRS } from "../../../src/core/document/html/palette.ts";
import { markdownPage } from "../../../src/core/document/markdown/page.ts";
import { drawAll } from "../../../src/core/document/vega/draw.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import { speedCorrected } from "../../../src/core/statistics/trials/speeds.ts";
import { thresholdInWords } from "../../../src/core/words/memory.ts";
import { studySweep, studyTrials } from "../../fixtures/study.ts";
import { unprobed, visits } from "../../fixtures/visits.ts";

/** Drawing takes seconds, on a busy machine many. */
const slowMs = 120_000;
const records = studyTrials();
let report: ReportDocument;
let svgs: Map<string, string>;
beforeAll(async () => {
  report = await buildReport({ sweeps: [studySweep], records, models: [] });
  svgs = await drawAll(drawingsOf(report));
}, slowMs);

function table(section: string, caption: string | RegExp) {
  const { blocks } = report.sections.find(({ id }) => id === section)!;
  const block = blocks.find((one) => one.kind === "table" && one.caption.match(caption));
  if (block?.kind !== "table") throw new Error(`no table ${caption}`);
  return block.table;
}

describe("a report", () => {
  it("has the charts of the study, each with a name of its own", () => {
    const ids = drawingsOf(report).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const figure of ["requestsPerSecond", "latencyMs-mean", "transferredBytes"]) {
      expect(ids).toContain(`reverse-fair-traefik-servers-${figure}`);
      expect(ids).toContain(`reverse-fair-handicap-${figure}`);
      expect(ids).toContain(`forward-fair-proxies-${figure}`);
    }
    for (const figure of ["completedRequests", "failedShare", "memoryPeakBytes", "throttledShare"]) {
      expect(ids).toContain(`forward-fair-proxies-${figure}`);
    }
    expect(ids).toContain("forward-fair-squid-memory-requestsPerSecond");
    expect(ids).toContain("forward-fair-mitmproxy-correlation");
  });

  it("compares the faster load balancer with one server to the slower one with several", () => {
    const { columns, rows } = table("answers", /^haproxy with 1 server against traefik with 3 servers/);
    expect(columns[1]?.title).toBe("haproxy with 1 server / traefik with 3 servers");
    expect(rows.find(([figure]) => figure === "requests/s")).toEqual([
      "requests/s",
      "4.00",
      expect.anything(),
      "higher",
      "6",
    ]);
  });

  it("counts verdicts, errors included", () => {
    const { columns, rows } = table("basis", /^Verdicts/);
    expect(columns.map(({ title }) => title)).toEqual(["proxy", "failed: LAB_MEMORY", "proxy-bound", "all"]);
    expect(rows.find(([proxy]) => proxy === "mitmproxy")).toEqual(["mitmproxy", "6", "6", "12"]);
  });

  it("lists every trial", () => {
    expect(table("trials", /^All/).rows).toHaveLength(records.length);
  });
});

describe("the evidence of observations", () => {
  it("says how a figure changes with CPU, and by how much", () => {
    const { rows } = evidenceTable(records.filter(({ point }) => point.role === "forward"));
    const row = rows.find(([proxy, figure]) => proxy === "squid" && figure === "requests/s")!;
    expect(row[2]).toMatch(/^\+; ρ 0\.9\d \(0\.\d\d to (0\.99|1\.00)\), n 12; \+\d+ per 0\.1 CPU$/);
    expect(row[3]).toMatch(/^[0+]; ρ .*; ×1\.0\d \(0\.9\d to 1\.0\d\) from 64 MiB to 256 MiB$|^0; /);
  });

  it("finds the memory limit from which on a proxy holds its load", () => {
    const forward = records.filter(({ point }) => point.role === "forward");
    expect(thresholdInWords(memoryThreshold("mitmproxy", forward)!)).toBe(
      "mitmproxy holds the load from 256 MiB on; at 64 MiB 6 of 6 trials failed (LAB_MEMORY)",
    );
    expect(thresholdInWords(memoryThreshold("squid", forward)!)).toBe(
      "squid holds the load from 64 MiB on, the least that was measured",
    );
    const one = forward.filter(({ point }) => point.memoryBytes === 256 * 2 ** 20);
    expect(memoryThreshold("squid", one)).toBeUndefined();
  });
});

describe("the charts of a report", () => {
  it("name the unit of both axes", () => {
    for (const drawing of drawingsOf(report)) {
      if (drawing.kind !== "chart") continue;
      const svg = svgs.get(drawing.id)!;
      expect(svg).toContain("CPU bandwidth (cores)");
      expect(svg).toMatch(/>[^<]*(requests\/s|requests|\(ms\)|\(MiB\)|\(%\))[^<]*</);
    }
  });

  it("use no colour that has no counterpart for dark pages", () => {
    const known = new Set<string>(COLOUR_PAIRS.map(([light]) => light));
    expect(known.size).toBe(COLOUR_PAIRS.length);
    for (const svg of svgs.values()) {
      const used = [...svg.matchAll(/(?:fill|stroke)="(#[0-9a-f]+|[a-z]+)"/g)].map(([, colour]) => colour!);
      expect(used.filter((colour) => !known.has(colour) && !["none", "transparent"].includes(colour))).toEqual([]);
    }
  });
});

describe("a report as HTML", () => {
  it("loads nothing and runs nothing", () => {
    const html = htmlPage(report, svgs);
    expect(html).not.toMatch(/<script|<link[^>]+stylesheet|@import|url\(|\son[a-z]+=/i);
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address!);
    expect(addresses.filter((address) => !address.startsWith("#") && address !== "data:,")).toEqual([]);
  });

  it("writes text as text", () => {
    const html = htmlPage(report, svgs);
    expect(html).toContain("a &lt;b&gt; &amp; c");
    expect(html).not.toContain("A <study>");
  });

  it("has each drawing in it, with a name and a description for those who cannot see it", () => {
    const html = htmlPage(report, svgs);
    for (const { id } of drawingsOf(report)) {
      expect(html).toContain(`aria-labelledby="${id}-title ${id}-desc"`);
      expect(html).toContain(`<title id="${id}-title">`);
    }
  });
});

it("a report as Markdown names the files of its charts and keeps its tables", () => {
  const markdown = markdownPage(report, "charts");
  for (const { id } of drawingsOf(report)) expect(markdown).toContain(`(charts/${id}.svg)`);
  expect(markdown).toContain("| proxy | failed: LAB_MEMORY | proxy-bound | all |\n|---|---:|---:|---:|");
});

it(
  "a report of trials that all failed says so and draws what there is",
  async () => {
    const failed = records.filter(({ status }) => status === "failed");
    const bare = await buildReport({ sweeps: [studySweep], records: failed, models: [] });
    const drawn = await drawAll(drawingsOf(bare));
    expect(htmlPage(bare, drawn)).toContain("LAB_MEMORY");
  },
  slowMs,
);

describe("a report of trials beside a speed probe", () => {
  const captions = async (trials: readonly TrialRecord[]) => {
    const { sections } = await buildReport({ sweeps: [studySweep], records: trials, models: [] });
    const blocks = sections.flatMap((section) => section.blocks);
    const texts = blocks.flatMap((block) =>
      block.kind === "table"
        ? block.caption
        : block.kind === "chart"
          ? block.chart.title
          : block.kind === "matrix"
            ? block.title
            : [],
    );
    return { texts, headings: blocks.flatMap((block) => (block.kind === "heading" ? block.text : [])) };
  };
  const probed = [...visits(), ...visits({ point: { proxy: "traefik" } })];

  it("says at what speed the figures are wherever it shows some that follow it, and how that is known", async () => {
    const { texts, headings } = await captions(speedCorrected(probed));
    for (const caption of [
      /against traefik|traefik against/,
      /^Load balancers/,
      /^All 36 trials/,
      /^haproxy \(/,
      /^requests\/s/,
    ])
      expect(texts.filter((text) => caption.test(text)).join()).toContain("at reference speed");
    expect(headings).toContain("How fast the machine was");
    expect((await captions(probed)).texts.join()).not.toContain("at reference speed");
  });

  it("says nothing of it where no probe ran", async () => {
    const { texts, headings } = await captions(unprobed(probed));
    expect(texts.join()).not.toMatch(/reference speed|as measured/);
    expect(headings).not.toContain("How fast the machine was");
  });
});
