import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { steeredBy } from "../../src/cli/terminal/steering.ts";

function steered() {
  const input = new PassThrough();
  const steering = steeredBy(input, () => {});
  const told: string[] = [];
  steering.control.onSteered = (what) => told.push(what);
  const heard = () => new Promise((later) => setTimeout(later, 20));
  return { ...steering, input, told, heard };
}

describe("a steered sweep", () => {
  it("does what it is told, line by line, and leaves alone what it does not understand", async () => {
    const { input, told, heard, control, signal } = steered();
    input.write(
      'rubbish\n{"do":"dance"}\n{"do":"pause"}\n{"do":"resume"}\n{"do":"budget","seconds":30}\n{"do":"budget","seconds":"x"}\n',
    );
    await heard();
    expect(told).toEqual(["pausing", "resumed", "budget"]);
    expect(control.budgetSeconds(undefined)).toBe(30);
    expect(signal.aborted).toBe(false);
  });

  it("stops when it is told so, and when whoever steers it has gone", async () => {
    const [told, left] = [steered(), steered()];
    told.input.write('{"do":"stop"}\n');
    left.input.end();
    await left.heard();
    expect([told.signal.aborted, left.signal.aborted]).toEqual([true, true]);
  });

  it("goes on by itself when it was detached, and logs to a file", async () => {
    const dir = mkdtempSync(join(tmpdir(), "lab-detached-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const log = join(dir, "events.jsonl");
    const { input, heard, signal, print } = steered();
    input.end(`${JSON.stringify({ do: "detach", log })}\n`);
    await heard();
    print("an event");
    expect(signal.aborted).toBe(false);
    expect(readFileSync(log, "utf8")).toBe("an event\n");
  });
});
