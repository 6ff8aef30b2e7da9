import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildReport } from "../../../src/core/document/build.ts";
import type { ReportDocument } from "../../../src/core/document/document.ts";
import { writeReport } from "../../../src/core/document/files/write.ts";
import { html, safeHtml } from "../../../src/core/document/html/html.ts";
import { markdownTable } from "../../../src/core/document/markdown/page.ts";
import { slug, withSlugs } from "../../../src/core/document/slug.ts";
import { namedSvg } from "../../../src/core/document/vega/named.ts";
import { expectRejection } from "../../fixtures/errors.ts";
import { studySweep, studyTrials } from "../../fixtures/study.ts";

const HOSTILE = `../../etc/x</title><script>alert("1")</script>' onload='$&\u0001\n# | [a](javascript:b) \``;
const TAG = /<[a-zA-Z/!](?:"[^"]*"|'[^']*'|[^<>"'])*>/g;

/** What should not be in a page or drawing: unknown elements, handlers of events, signs of markup between tags. */
function strange(markup: string): string[] {
  const page = markup.replace(/<style>[\s\S]*?<\/style>/, "");
  const tags = (page.match(TAG) ?? []).map((tag) => tag.replace(/"[^"]*"|'[^']*'/g, '""'));
  const between = page.replace(TAG, "").match(/.{0,20}[<>].{0,20}/g) ?? [];
  return [...tags.filter((tag) => /^<\/?script|\son[a-z]+=/i.test(tag)), ...between];
}

describe("a template of HTML", () => {
  it("escapes what is put in, in text and in attributes", () => {
    expect(html`<a title="${`"><b>&'`}">${"<i>"}${1}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;b&gt;&amp;&#39;">&lt;i&gt;1</a>',
    );
  });

  it("keeps HTML as it is, also in lists, and text in lists escaped", () => {
    expect(html`<p>${html`<b>${"<"}</b>`}${[html`<br>`, "&", safeHtml("<hr>")]}</p>`.text).toBe(
      "<p><b>&lt;</b><br>&amp;<hr></p>",
    );
  });

  it("takes no other language for HTML", () => {
    const other = { language: "markdown", text: "<b>" } as const;
    // @ts-expect-error Markdown is no part of HTML
    expect(html`${other}`.text).toBe("&lt;b&gt;");
  });
});

describe("slugs", () => {
  it.each([
    ["reverse-fair-haproxy-latencyMs-mean", "reverse-fair-haproxy-latencyMs-mean"],
    ["../../etc/x", "etc-x"],
    ["..", "x"],
    ["", "x"],
    ["a\0b\n<c>", "a-b-c"],
    ["Zürich, größer", "Zurich-gro-er"],
  ])("makes a plain name of %j", (text, name) => expect(slug(text)).toBe(name));

  it("keeps names short", () => expect(slug("x".repeat(500)).length).toBeLessThan(100));

  it("keeps the ids of a report apart, with those of titles and descriptions", () => {
    const heading = (id: string) => ({ kind: "chart", id, chart: { title: id } }) as never;
    const ids = ["a", "A", "a!", "a-title", "a-2"];
    const report = { title: "", subtitle: "", sections: [{ id: "a", title: "", blocks: ids.map(heading) }] };
    const [section] = withSlugs(report).sections;
    const found = [section!.id, ...section!.blocks.map((block) => ("id" in block ? block.id : ""))];
    expect(found).toEqual(["a", "a-2", "A-3", "a-4", "a-title-2", "a-2-2"]);
  });
});

describe("a report of trials with hostile names", { timeout: 120_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), "lab-hostile-"));
  const out = join(dir, "report", "here");
  let report: ReportDocument;
  let files: string[];
  const read = (name: string) => readFileSync(join(out, name), "utf8");

  beforeAll(async () => {
    const records = studyTrials()
      .filter(({ point }) => ["haproxy", "squid"].includes(point.proxy))
      .map((record) => ({
        ...record,
        point: { ...record.point, proxy: `${record.point.proxy}${HOSTILE}`, loadTool: HOSTILE },
        deviations: [HOSTILE],
        configuration: { argv: [HOSTILE], files: { [HOSTILE]: "```\n</pre><script>alert(1)</script>" } },
      }));
    const sweeps = [{ ...studySweep, spec: { ...studySweep.spec, title: HOSTILE } }];
    report = await buildReport({ sweeps, records, models: [] });
    files = await writeReport(report, out, ["html", "md", "svg", "json"]);
  }, 120_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("stays in its folder, with plain names", () => {
    expect(readdirSync(dir)).toEqual(["report"]);
    expect(readdirSync(join(dir, "report"))).toEqual(["here"]);
    expect(readdirSync(out).sort()).toEqual(["charts", "report.html", "report.json", "report.md"]);
    const charts = readdirSync(join(out, "charts"));
    expect(charts.length).toBeGreaterThan(10);
    expect(charts.length).toBe(files.length - 3);
    for (const name of charts) expect(name).toMatch(/^[A-Za-z0-9-]+\.svg$/);
  });

  it.each([
    ["a chart that is there is", (own: string, other: string) => [join(own, "charts", "x.svg"), other]],
    ["the folder of charts is", (own: string, other: string) => [join(own, "charts"), join(other, "..")]],
    ["the page is", (own: string, other: string) => [join(own, "report.html"), other]],
  ])("is not written where %s a link to elsewhere", async (_, link) => {
    const [own, other] = [mkdtempSync(join(dir, "own-")), join(mkdtempSync(join(dir, "other-")), "f")];
    writeFileSync(other, "mine");
    const [at, to] = link(own, other) as [string, string];
    mkdirSync(join(at, ".."), { recursive: true });
    symlinkSync(to, at);
    const chart = { title: "", x: { label: "", unit: "" }, y: { label: "", unit: "" }, series: [] };
    const sections = [{ id: "a", title: "", blocks: [{ kind: "chart", id: "x", chart } as const] }];
    const made = { title: "", subtitle: "", sections };
    await expectRejection(writeReport(made, own, ["html", "svg"]), "LAB_USAGE", at);
    expect(readdirSync(join(other, ".."))).toEqual(["f"]);
    expect(readFileSync(other, "utf8")).toBe("mine");
    for (const made of [own, join(other, "..")]) rmSync(made, { recursive: true });
  });

  it("shows them as text in HTML", () => {
    const page = read("report.html");
    expect(strange(page)).toEqual([]);
    for (const [, id] of page.matchAll(/ id="([^"]*)"/g)) expect(id).toMatch(/^[A-Za-z0-9-]+$/);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("shows them as text in drawings", () => {
    for (const name of readdirSync(join(out, "charts"))) {
      const svg = read(join("charts", name));
      expect(strange(svg)).toEqual([]);
      expect(svg.includes("\u0001")).toBe(false);
    }
  });

  it("shows them as text in Markdown, where a row stays a row and code stays code", () => {
    const page = read("report.md");
    const [code, text] = [/^(`{3,})\n[\s\S]*?\n\1$/gm, page.replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, "")];
    expect(page.match(code)?.length).toBeGreaterThan(0);
    expect(text.match(/(?<!\\)<script|(?<!\\)\[a\\?\]|^# \|/gm)).toBeNull();
    const rows = text.split("\n").filter((line) => line.startsWith("| proxy |") || line.startsWith("| haproxy"));
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect(row).toMatch(/ \|$/);
  });
});

it("a title with signs that a replacement knows stays as it is in a drawing", () => {
  const chart = { title: "a $& b $1 c", x: { label: "", unit: "" }, y: { label: "", unit: "" }, series: [] };
  const svg = namedSvg('<svg class="marks" width="1"></svg>', { kind: "chart", id: "i", chart });
  expect(svg).toContain('<title id="i-title">a $&amp; b $1 c</title>');
});

it("a cell of Markdown has neither borders nor lines", () => {
  const table = { columns: [{ title: "a|b", align: "right" as const }], rows: [["1\n2 | <b>"]] };
  expect(markdownTable(table)).toBe("| a\\|b |\n|---:|\n| 1 2 \\| \\<b> |");
});
