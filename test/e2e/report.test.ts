import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "../../src/core/document/files/chromium.ts";
import { runLab } from "../fixtures/runLab.ts";

const axe = createRequire(import.meta.url).resolve("axe-core");
const browser = await findChromium().catch(() => undefined);
const absent = browser === undefined && process.env.LAB_REQUIRE !== "all" ? "Chromium is not installed" : "";

describe.skipIf(absent)(`the report of the recorded study in a browser${absent && ` (skipped: ${absent})`}`, () => {
  let dir: string;
  let store: string;
  let page: string;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "lab-report-"));
    store = join(dir, "lab.sqlite");
    page = pathToFileURL(join(dir, "report", "report.html")).href;
    expect(await runLab(["import", "data/study.ndjson.gz"], { store })).toMatchObject({ code: 0 });
    const made = await runLab(["report", "--out", join(dir, "report")], { store });
    expect(made).toMatchObject({ code: 0 });
  }, 240_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each(["light", "dark"] as const)(
    "is accessible, complete in itself and without errors: %s",
    async (colorScheme) => {
      const running = await chromium.launch({ executablePath: pathOf(browser ?? "chromium"), args: ["--no-sandbox"] });
      try {
        const tab = await (await running.newContext({ colorScheme, bypassCSP: true })).newPage();
        const problems: string[] = [];
        const requests: string[] = [];
        tab.on("console", (message) => message.type() === "error" && problems.push(message.text()));
        tab.on("pageerror", (error) => problems.push(error.message));
        tab.on("request", (request) => requests.push(request.url()));
        await tab.goto(page);
        const outside = requests.filter((url) => url !== page && !url.startsWith("data:"));
        await tab.addScriptTag({ path: axe });
        // Folded parts are checked as well.
        const found = await tab.evaluate(`
        for (const one of document.querySelectorAll("details")) one.open = true;
        axe.run(document).then(({ violations, passes }) => ({
          passes: passes.length,
          violations: violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html }) => html.slice(0, 120)).join(" ; ")),
        }))`);
        expect(found).toMatchObject({ violations: [] });
        expect((found as { passes: number }).passes).toBeGreaterThan(15);
        expect({ problems, outside }).toEqual({ problems: [], outside: [] });
        expect(await tab.locator("figure svg.chart").count()).toBeGreaterThan(20);
        const width = await tab.evaluate("document.documentElement.scrollWidth <= innerWidth");
        expect(width).toBe(true);
      } finally {
        await running.close();
      }
    },
  );

  it("can be had as files of its own", async () => {
    const args = ["report", "--out", join(dir, "files"), "--format", "svg,json", "--no-models", "--json"];
    const { code, stdout } = await runLab(args, { store });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).files.length).toBeGreaterThan(20);
  });
});

/** Where a program lies: Playwright wants a path. */
function pathOf(name: string): string {
  const paths = (process.env.PATH ?? "").split(":").map((dir) => join(dir, name));
  return paths.find((path) => existsSync(path)) ?? name;
}
