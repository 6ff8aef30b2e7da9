import { beforeAll, describe, expect, it } from "vitest";
import { buildReport } from "../../../src/core/document/build.ts";
import { drawingsOf, type ReportDocument } from "../../../src/core/document/document.ts";
import { htmlPage } from "../../../src/core/document/html/page.ts";
import { COLOUR_PAIRS } from "../../../src/core/document/html/palette.ts";
import { markdownPage } from "../../../src/core/document/markdown/page.ts";
import { drawAll } from "../../../src/core/document/vega/draw.ts";
import { offered } from "../../fixtures/madeRecords.ts";
import { studySweep } from "../../fixtures/study.ts";

let report: ReportDocument;
let svgs: Map<string, string>;
beforeAll(async () => {
  report = await buildReport({ sweeps: [studySweep], records: offered(), models: [] });
  const ofRates = drawingsOf(report).filter(({ id }) => id.includes("-rates"));
  svgs = await drawAll(ofRates);
}, 120_000);

describe("a report on open loops at several rates", () => {
  it("begins with p99 against the rate on a log scale, a line for each CPU limit", () => {
    const [first] = drawingsOf(report);
    expect(first).toMatchObject({ kind: "chart", id: "reverse-fair-haproxy-rates-latencyMs-p99" });
    const svg = svgs.get(first!.id)!;
    for (const text of ["p99 response time (ms), log scale", "offered rate (requests/s)", "0.05 cpu", "0.90 cpu"])
      expect(svg).toContain(text);
  });

  it("has a map of it over CPU limit and rate that marks what missed its rate", () => {
    const svg = svgs.get("reverse-fair-haproxy-rates-map-1")!;
    expect(svg).toContain("10,000 \u25be");
    expect(svg).toContain("CPU bandwidth (cores)");
    expect(svg).toContain("<desc");
    const known = new Set<string>(COLOUR_PAIRS.map(([light]) => light));
    const used = [...svg.matchAll(/(?:fill|stroke)="(#[0-9a-f]+)"/g)].map(([, colour]) => colour!);
    expect(used.filter((colour) => !known.has(colour))).toEqual([]);
  });

  it("shows both as HTML and as Markdown", () => {
    const html = htmlPage(report, svgs);
    const markdown = markdownPage(report, "charts");
    for (const { id } of drawingsOf(report).slice(0, 2)) {
      expect(html).toContain(`${id}-title`);
      expect(markdown).toContain(`charts/${id}.svg`);
    }
  });
});
