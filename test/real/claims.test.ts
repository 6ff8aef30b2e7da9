import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { LabEvent } from "../../src/core/domain/events.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { missing } from "../fixtures/parts.ts";
import { runLab } from "../fixtures/runLab.ts";

const without = await missing("proxy/haproxy", "load/wrk", "load/ab", "limiter/cgroup");
const window = ["--plan", "grid", "--window", "2s", "--max-window", "2s", "--warmup", "0"];

/** What a trial of each tool on HAProxy says of it. A lie is the name of a tool that tells it. */
async function trials(lies: readonly string[], tools: readonly string[], flags: readonly string[] = window) {
  const dir = mkdtempSync(join(tmpdir(), "claims-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "plugins.json");
  const use = resolve("test/fixtures/plugins/lyingTool.ts");
  const names = lies.map((lie) => lie.replaceAll(" ", "-"));
  const sound = ["proxies/haproxy", "load/wrk", "load/ab", "limiters/cgroup"].map((part) => `builtin:${part}`);
  const plugins = [...sound, ...lies.map((lie, index) => ({ use, as: names[index], options: { lie } }))];
  writeFileSync(file, JSON.stringify({ plugins }));
  const parts = ["--plugins", file, "--proxy", "haproxy", "--limiter", "cgroup", "--load", [...names, ...tools].join()];
  const { stdout } = await runLab(["sweep", "--json", ...parts, "--cpu", "0.2", ...flags]);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LabEvent);
  const records = events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
  return Object.fromEntries(records.map((record) => [record.point.loadTool, found(record)]));
}

const found = ({ status, contradictions, verdict }: TrialRecord) => ({
  status,
  codes: contradictions?.map(({ code }) => code),
  contradicted: verdict?.bound === "contradicted",
});
const believed = { status: "completed", codes: undefined, contradicted: false };
const caught = (code: string) => ({ status: "completed", codes: [code], contradicted: true });

describe.skipIf(without)(`what a load tool says of itself ${without}`, () => {
  it("is believed of wrk and ab, and not where it contradicts the lab's clock or counts", async () => {
    const lies = ["counts twice", "counts half", "halves its time", "doubles its time", "does not heed keep-alive"];
    const records = await trials(lies, ["wrk", "ab"]);
    expect(records).toEqual({
      wrk: believed,
      ab: believed,
      "counts-twice": caught("count"),
      "counts-half": caught("count"),
      "halves-its-time": caught("duration"),
      "doubles-its-time": caught("duration"),
      "does-not-heed-keep-alive": caught("connections"),
    });
  });

  it("is checked in a load without keep-alive, too", async () => {
    const records = await trials(["does not heed keep-alive"], ["wrk", "ab"], [...window, "--no-keep-alive"]);
    expect(records).toEqual({
      wrk: believed,
      ab: believed,
      "does-not-heed-keep-alive": caught("connections"),
    });
  });

  it("is checked in a visit of a level, too", async () => {
    const records = await trials(["counts twice", "doubles its time"], ["wrk", "ab"], ["--rounds", "1"]);
    expect(records).toEqual({
      wrk: believed,
      ab: believed,
      "counts-twice": caught("count"),
      "doubles-its-time": caught("duration"),
    });
  });
});
