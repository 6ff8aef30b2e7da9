import { describe, expect, it } from "vitest";
import { Progress } from "../../src/cli/terminal/progress.ts";
import type { LabEvent } from "../../src/core/domain/events.ts";
import { recordedSweep } from "../fixtures/console/recording.ts";
import { roundsSweep } from "../fixtures/console/rounds.ts";

/** What is written to a terminal of so many columns, or else to a pipe, when a sweep tells of itself. */
function written(events: readonly LabEvent[], { columns, ascii = false }: { columns?: number; ascii?: boolean } = {}) {
  let text = "";
  const write = (chunk: string) => {
    text += chunk;
    return true;
  };
  const stream = { isTTY: columns !== undefined, columns, write } as unknown as NodeJS.WriteStream;
  const progress = new Progress(stream, { quiet: false, ascii });
  for (const event of events) progress.see(event);
  progress.close();
  return text;
}

const clear = "\r\u001b[2K";
const rounds = roundsSweep(4);
const failing = rounds.map((event): LabEvent => {
  if (event.type !== "trial-finished" || event.record.point.cpu !== 0.05) return event;
  const { result: _, verdict: __, ...record } = event.record;
  return { ...event, record: { ...record, status: "failed", error: { code: "LAB_NOT_READY", message: "no answer" } } };
});

describe("the progress of a sweep", () => {
  it("is a line for each trial in a pipe", () => {
    const lines = written(recordedSweep).trim().split("\n");
    const ended = recordedSweep.filter(({ type }) => type === "trial-finished");
    expect(lines.filter((line) => /^\[\d+\/\d+\]/.test(line))).toHaveLength(ended.length);
  });

  it("is a line for each round in a pipe, and none for visits", () => {
    const [planned, ...lines] = written(rounds).trim().split("\n");
    expect(planned).toContain("rounds of 10 points");
    expect(lines).toHaveLength(4);
    lines.forEach((line, index) => void expect(line).toMatch(new RegExp(`^round ${index + 1}\\b`)));
    expect(lines[2]).toMatch(/widest band ±[\d.]+ % \(wanted ±5 %\), about \d+ s left$/);
  });

  it("tells of the first visit of a configuration that fails in the same way", () => {
    const lines = written(failing).trim().split("\n");
    expect(lines.filter((line) => line.includes("no answer"))).toHaveLength(2);
  });

  it("is one line on a terminal, which is written anew", () => {
    const text = written(rounds, { columns: 100 });
    expect(text.split("\n")).toHaveLength(2);
    const drawn = text.split(clear);
    expect(drawn.some((line) => line.startsWith("round 1, visit 3 of 10"))).toBe(true);
    expect(drawn.some((line) => /^round 3, widest band .+ left$/.test(line))).toBe(true);
    expect(text.endsWith(clear)).toBe(true);
  });

  it("leaves words out where the terminal is narrow, and nothing beyond its width", () => {
    const drawn = written(rounds, { columns: 36 }).split(clear).slice(2);
    for (const line of drawn) expect(line.length).toBeLessThan(36);
    expect(drawn.some((line) => /^round 3, ±[\d.]+ %, \d+ s left$/.test(line))).toBe(true);
  });

  it("keeps to 7-bit characters where those are asked for", () => {
    expect(written(rounds, { ascii: true })).toMatch(/^[ -~\n]*$/);
  });
});
