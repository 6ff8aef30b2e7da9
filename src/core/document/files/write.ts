import { join, resolve } from "node:path";
import { pathInside, writeOutput } from "../../store/output.ts";
import { drawingsOf, type ReportDocument } from "../document.ts";
import { htmlPage } from "../html/page.ts";
import { markdownPage } from "../markdown/page.ts";
import { withSlugs } from "../slug.ts";
import { drawAll } from "../vega/draw.ts";
import { drawPng, findChromium } from "./chromium.ts";
import type { ReportFormat } from "./formats.ts";

/** Folder of the charts, inside that of the report. */
const CHARTS = "charts";

/**
 * Writes a report into a folder: report.html, report.md, report.json, and charts/*.svg and *.png. Returns the files.
 * Throws LAB_USAGE where they cannot be written, LAB_UNAVAILABLE where png is wanted and Chromium is missing.
 */
export async function writeReport(
  made: ReportDocument,
  dir: string,
  formats: readonly ReportFormat[],
  onStep: (what: string, share: number) => void = () => {},
): Promise<string[]> {
  const report = withSlugs(made);
  const has = (...wanted: ReportFormat[]) => wanted.some((format) => formats.includes(format));
  const chromium = has("png") ? await findChromium() : undefined;
  const drawings = has("html", "md", "svg", "png") ? drawingsOf(report) : [];
  const svgs = await drawAll(drawings, (done) => onStep("drawing charts", done / drawings.length));
  const texts: [name: string, text: string][] = [
    ...(has("html") ? [["report.html", htmlPage(report, svgs)] as [string, string]] : []),
    ...(has("md") ? [["report.md", markdownPage(report, CHARTS)] as [string, string]] : []),
    ...(has("json") ? [["report.json", `${JSON.stringify(report, null, 1)}\n`] as [string, string]] : []),
    ...(has("svg", "md", "png") ? [...svgs].map(([id, svg]): [string, string] => [`${CHARTS}/${id}.svg`, svg]) : []),
  ];
  const files = texts.map(([name]) => join(dir, name));
  for (const [name, text] of texts) await writeOutput(await pathInside(dir, name), text);
  for (const [index, [id, svg]] of chromium ? [...svgs].entries() : []) {
    onStep("drawing pictures", index / svgs.size);
    const png = await pathInside(dir, join(CHARTS, `${id}.png`));
    await drawPng(chromium!, { svg: resolve(dir, CHARTS, `${id}.svg`), png: resolve(png) }, sizeOf(svg));
    files.push(png);
  }
  return files;
}

function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width ?? 480), height: Number(height ?? 320) };
}
