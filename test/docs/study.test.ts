import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { recordedStudy, studyCharts, studyPage } from "../../scripts/study/write.ts";

/** Models are compared and charts drawn: seconds, on a busy machine many. */
const slowMs = 240_000;

it(
  "docs/study.md says what the recorded data say: npm run docs:study writes it",
  async () => {
    expect(readFileSync("docs/study.md", "utf8")).toBe(await studyPage(await recordedStudy()));
  },
  slowMs,
);

it(
  "the charts of docs/study.md are drawn from the recorded data, and all are shown",
  async () => {
    const page = readFileSync("docs/study.md", "utf8");
    const charts = await studyCharts(await recordedStudy());
    expect(readdirSync("docs/study").sort()).toEqual([...charts.keys()].map((name) => `${name}.svg`).sort());
    for (const [name, svg] of charts) {
      expect(readFileSync(`docs/study/${name}.svg`, "utf8")).toBe(`${svg}\n`);
      expect(page).toContain(`(study/${name}.svg)`);
    }
  },
  slowMs,
);

it("the recorded data are small, whole, and say where they come from", async () => {
  expect(readFileSync("data/study.ndjson.gz").length).toBeLessThan(2_000_000);
  const { header, sweeps, trials } = await recordedStudy();
  expect(header.note).toMatch(/study/);
  expect(sweeps.every(({ status }) => status !== "running")).toBe(true);
  for (const { environment, configuration, status } of trials) {
    expect(environment.cpuModel).not.toBe("");
    if (status === "completed") expect(configuration?.argv.length).toBeGreaterThan(0);
  }
});
