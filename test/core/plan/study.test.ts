import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { experimentSchema } from "../../../scripts/schema.ts";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { toSpec } from "../../../src/core/experiment/defaults.ts";
import { readExperiment } from "../../../src/core/experiment/file.ts";
import { openParts, STUDY_PARTS } from "../../../src/core/plan/study.ts";

const quickSeconds = 180;
const study = { id: "study-1", quick: true };

async function specOf(name: string, quick: boolean): Promise<SweepSpec> {
  const wish = await readExperiment(`experiments/${name}.yaml`, { quick });
  return { ...toSpec(wish, { proxies: [], seed: 1 }), study };
}

describe("the experiments of the study", () => {
  it("are files that can be read, with a title of their own", async () => {
    const specs = await Promise.all(STUDY_PARTS.map((name) => specOf(name, false)));
    expect(new Set(specs.map(({ title }) => title)).size).toBe(STUDY_PARTS.length);
  });

  it.each(STUDY_PARTS)("%s has a quick variant that is planned to end within three minutes", async (name) => {
    const [part] = openParts([await specOf(name, true)], []);
    expect(part?.seconds).toBeLessThan(quickSeconds);
  });

  it("that are done are not run again, and those begun go on as they were planned", async () => {
    const specs = await Promise.all(STUDY_PARTS.slice(0, 3).map((name) => specOf(name, true)));
    const begun = { ...specs[1]!, seed: 99 };
    const sweeps = [
      { id: "a", createdAt: "", status: "finished", spec: specs[0]! },
      { id: "b", createdAt: "", status: "interrupted", spec: begun },
      { id: "c", createdAt: "", status: "finished", spec: { ...specs[2]!, study: { id: "another", quick: true } } },
    ] as const;
    expect(openParts(specs, sweeps)).toMatchObject([{ spec: begun, sweepId: "b" }, { spec: specs[2] }]);
  });
});

describe("experiments/schema.json", () => {
  it("is what the schema of the code gives: npm run docs:schema writes it", () => {
    expect(JSON.parse(readFileSync("experiments/schema.json", "utf8"))).toEqual(experimentSchema());
  });

  it("is named by each experiment file", () => {
    for (const file of readdirSync("experiments").filter((name) => name.endsWith(".yaml"))) {
      expect(readFileSync(`experiments/${file}`, "utf8")).toMatch(/^# yaml-language-server: \$schema=schema\.json\n/);
    }
  });

  it("knows the keys that docs/experiments.md lists", () => {
    const documented = [...readFileSync("docs/experiments.md", "utf8").matchAll(/^\| (`.*?`) \|/gm)].flatMap(
      ([, cell]) => [...cell!.matchAll(/`(\w+)`/g)].map(([, key]) => key),
    );
    const { properties } = experimentSchema() as { properties: object };
    expect(documented.sort()).toEqual(Object.keys(properties).sort());
  });
});
