import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Recommendation } from "../../../src/core/answer/index.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { askedBy, FIELDS, type FieldName, firstFields, goalFlags } from "../../../src/tui/screens/predict/goals.ts";
import { knownProxies, stopsOf } from "../../../src/tui/screens/predict/known.ts";
import { predictScreen } from "../../../src/tui/screens/predict/predict.ts";
import { readLine } from "../../../src/tui/screens/predict/verify.ts";
import type { Services } from "../../../src/tui/services.ts";
import { emptyLab, type LabState } from "../../../src/tui/store/labState.ts";
import { noRun, type RunState } from "../../../src/tui/store/runState.ts";
import { figureField } from "../../../src/tui/widgets/field.ts";
import { asciiPen, expectWithin } from "../drawn.ts";
import { type Driven, drive, recordedLab } from "./drive.ts";
import { recordedPredictor } from "./predictor.ts";

const predictor = recordedPredictor();

/** The screen with all its answers. */
async function shown(services: Partial<Services> = {}) {
  const screen = drive(predictScreen, recordedLab, { ...predictor, ...services });
  screen.refresh();
  await settled(screen);
  return screen;
}

async function settled(screen: Driven<typeof predictScreen.initial>): Promise<void> {
  await vi.waitFor(() => expect(screen.state.asking).toBe(false), { timeout: 20_000, interval: 5 });
}

/** The recorded trials, and three of traefik with larger bodies. */
function labWithOthers(): LabState {
  const others = recordedLab.trials
    .filter(({ point }) => point.proxy === "traefik" && point.memoryBytes === undefined)
    .slice(0, 3)
    .map((trial) => ({ ...trial, id: `other ${trial.id}`, scenario: { ...trial.scenario, bodyBytes: 10_240 } }));
  return { ...recordedLab, trials: [...recordedLab.trials, ...others] };
}

/** The recorded trials, and open loops of haproxy at three rates, whose p99 turns up where the limit comes near the use. */
function labWithOpenLoops(): LabState {
  const like = recordedLab.trials.find(({ point, status }) => point.proxy === "haproxy" && status === "completed")!;
  const open = [500, 1000, 2000].flatMap((requestsPerSecond) =>
    [0.6, 0.8, 1, 1.25, 1.6, 2].map((share, i): TrialRecord => {
      const cpu = Number((share * requestsPerSecond * 1e-4).toPrecision(3));
      const latencyMs = { mean: 2, p99: (2 + 20 / share ** 6) * (1 + 0.03 * Math.sin(5 * i)) };
      return {
        ...like,
        id: `open ${requestsPerSecond} ${cpu}`,
        point: { ...like.point, loadTool: "pacer", cpu, requestsPerSecond },
        result: { ...like.result!, requestsPerSecond: requestsPerSecond * Math.min(1, share), latencyMs },
        verdict: { bound: share > 1 ? "rate-bound" : "proxy-bound", evidence: "" },
      };
    }),
  );
  return { ...recordedLab, trials: [...recordedLab.trials, ...open] };
}

const typed = (texts: Partial<Record<FieldName, string>>) =>
  askedBy({
    ...firstFields,
    ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, figureField(text)])),
  });

describe("a question", () => {
  it("is a number of requests within a time, a rate, a latency, or all of these", () => {
    expect(typed({})).toEqual({ ok: true, goals: { completedRequests: 5000, withinSeconds: 10 }, confidence: 0.9 });
    expect(typed({ rate: "750" })).toMatchObject({ goals: { requestsPerSecond: 750 } });
    expect(typed({ completed: "", p99: "200", failed: "1" })).toMatchObject({
      goals: { p99Ms: 200, failedShare: 0.01 },
    });
    expect(typed({ sure: "99.5" })).toMatchObject({ confidence: 0.995 });
  });

  it("says what is wrong with it", () => {
    expect(typed({ completed: "" })).toEqual({ ok: false, field: "completed", problem: "how many, or which rate?" });
    expect(typed({ completed: "1.2.3" })).toMatchObject({ field: "completed", problem: "no number" });
    expect(typed({ within: "" })).toMatchObject({ field: "within" });
    expect(typed({ rate: "0" })).toMatchObject({ field: "rate", problem: "more than 0" });
    expect(typed({ sure: "100" })).toMatchObject({ field: "sure" });
    expect(typed({ failed: "100" })).toMatchObject({ field: "failed" });
  });

  it("is the same on the command line", () => {
    expect(goalFlags({ completedRequests: 5000, withinSeconds: 10, p99Ms: 200, failedShare: 0.01 })).toEqual([
      "--completed",
      "5000",
      "--within",
      "10s",
      "--p99",
      "200ms",
      "--failed-share",
      "1%",
    ]);
  });

  it("never asks for what is no number", () => {
    const text = fc.string({ unit: fc.constantFrom(..."0123456789."), maxLength: 8 });
    fc.assert(
      fc.property(fc.record(Object.fromEntries(FIELDS.map((name) => [name, text]))), (texts) => {
        const asked = typed(texts as Partial<Record<FieldName, string>>);
        if (!asked.ok) return;
        for (const figure of Object.values(asked.goals)) expect(figure).toBeGreaterThanOrEqual(0);
        expect(asked.confidence).toBeLessThan(1);
      }),
    );
  });
});

describe("sliders", () => {
  it("stand within what was measured", () => {
    const haproxy = knownProxies(recordedLab.trials).find(({ proxy }) => proxy === "haproxy")!;
    const stops = stopsOf(haproxy, "cpu");
    expect([stops[0], stops.at(-1), stops.length]).toEqual([0.05, 0.6, 56]);
    expect(stops).toEqual([...new Set(stops)].sort((a, b) => a - b));
    expect(stopsOf(haproxy, "servers")).toEqual([1, 3]);
    expect(stopsOf(haproxy, "memoryBytes")).toEqual([]);
  });
});

describe("Predict", () => {
  it.each([
    [80, 21],
    [120, 37],
    [200, 57],
  ])("looks the same as ever at %i x %i", async (columns, rows) => {
    const screen = await shown();
    const golden = (name: string) => `golden/predict-${name}-${columns}x${rows}.txt`;
    await expect(screen.text(columns, rows)).toMatchFileSnapshot(golden("first"));
    screen.press("enter", "down");
    await settled(screen);
    await expect(screen.text(columns, rows)).toMatchFileSnapshot(golden("answer"));
    await expect(screen.press("k").text(columns, rows, asciiPen)).toMatchFileSnapshot(golden("paste-ascii"));
  });

  it("answers what is typed, for every proxy, best first", async () => {
    const screen = await shown();
    screen.press("ctrl+u").type("30000");
    await settled(screen);
    expect(screen.state.answers.haproxy).toMatchObject({ ok: true, requestsPerSecond: 3000 });
    expect(screen.state.answers.traefik).toMatchObject({ ok: true });
    expect(screen.text(120, 37)).toMatch(/★ haproxy .*v verifies\s+traefik /);
    expect(screen.text(120, 37)).toContain("0 trials at 0 points teach");
  });

  it("asks no more than once while an answer is worked out, and then for what was typed last", async () => {
    const recommend = vi.fn(predictor.recommend);
    const screen = await shown({ recommend });
    recommend.mockClear();
    screen.press("ctrl+u", ..."12000");
    await settled(screen);
    const asked = recommend.mock.calls.map(([, goals]) => goals.completedRequests);
    expect(asked.at(-1)).toBe(12_000);
    expect(new Set(asked).size).toBeLessThanOrEqual(2);
  });

  it("leaves letters to the screen while a figure is typed", async () => {
    const screen = await shown();
    screen.press("ctrl+u").type("30000 requests");
    await settled(screen);
    expect(screen.state.fields.completed.text).toBe("30000");
    expect(screen.press("d").state.paste).toBe("docker");
    expect(screen.text(120, 37)).toContain("docker update --cpus");
    screen.press("y");
    expect(screen.asked[0]).toMatch(
      /^copy # untested.*\ndocker update --cpus 0\.1\d* --memory \d+m --memory-swap \d+m haproxy\n$/,
    );
    expect(screen.state.paste).toBeUndefined();
  });

  it("moves the prediction with the sliders", async () => {
    const screen = await shown();
    screen.press("s", "end");
    await settled(screen);
    const most = screen.state.outlook?.rate;
    screen.press("left", "left", "shift+left");
    await settled(screen);
    const less = screen.state.outlook?.rate;
    expect(screen.state.levels.cpu).toBeCloseTo(0.52);
    expect(most?.ok && less?.ok && most.quantity.estimate > less.quantity.estimate).toBe(true);
    screen.press("down", "left");
    await settled(screen);
    expect(screen.state.levels.servers).toBe(1);
    expect(screen.press("r").state.levels).toEqual({});
  });

  it("has answers that the sliders do not change, under conditions that stand in their title", async () => {
    const recommend = vi.fn(predictor.recommend);
    const screen = await shown({ recommend });
    const answers = screen.state.answers;
    recommend.mockClear();
    screen.press("s", "down", "left");
    await settled(screen);
    expect(screen.state.levels.servers).toBe(1);
    expect(recommend).not.toHaveBeenCalled();
    expect(screen.state.answers).toBe(answers);
    expect(screen.text(160, 37)).toMatch(
      /── answers: 32 connections, 3 servers \(.*1\), no memory limit, wrk, .*reverse/,
    );
  });

  it("answers under the conditions that are picked, and for the levels", async () => {
    const recommend = vi.fn(predictor.recommend);
    const screen = await shown({ recommend });
    screen.press("escape", "o").type("1 server");
    expect(screen.text(120, 37)).toMatch(/1 server\b/);
    screen.press("enter");
    await settled(screen);
    expect(screen.state.asked).toEqual({ servers: 1 });
    expect(screen.state.answers.traefik).toMatchObject({ ok: true, levels: { servers: 1 } });
    expect(screen.press("o").type("measured most").press("enter").state.asked).toEqual({});
    await settled(screen);
    expect(screen.press("o", "escape").state.picker).toBeUndefined();
  });

  it("tells apart what was made otherwise, and can answer from it", async () => {
    const lab = labWithOthers();
    const own = recordedPredictor(lab);
    const recommend = vi.fn(own.recommend);
    const screen = drive(predictScreen, lab, { ...own, recommend });
    screen.refresh();
    await settled(screen);
    expect(screen.state.answers.traefik).toMatchObject({
      data: { leftOut: [{ trials: 3, differ: { bodyBytes: 10_240 } }] },
    });
    screen.press("escape", "down");
    await settled(screen);
    expect(screen.text(160, 37)).toMatch(/traefik: .*left out: 3 with 10 KiB bodies/);
    screen.press("o").type("10 KiB");
    screen.press("enter");
    await settled(screen);
    expect(recommend.mock.calls.at(-1)![0]).toMatchObject({
      bodyBytes: 10_240,
      among: ["haproxy", "squid", "traefik"],
    });
    expect(screen.state.answers.haproxy).toMatchObject({ refusal: { code: "other-conditions" } });
  });

  it("answers for a latency from open loops at the rate that is wanted, and keeps its sliders among closed ones", async () => {
    const lab = labWithOpenLoops();
    const command = vi.fn<Services["command"]>(async () => ({ code: 0 }));
    const screen = drive(predictScreen, lab, { ...recordedPredictor(lab), command });
    screen.refresh();
    await settled(screen);
    screen.press("down", "down", "down").type("40");
    await settled(screen);
    expect(screen.state.answers.haproxy).toMatchObject({
      ok: true,
      levels: { requestsPerSecond: 500 },
      data: { conditions: { loop: "open" } },
    });
    expect(screen.state.answers.traefik).toMatchObject({ refusal: { code: "closed-loop-only" } });
    expect(screen.state.outlook).toMatchObject({
      proxy: "haproxy",
      rate: { ok: true, data: { conditions: { loop: "closed" } } },
      p99: { ok: true, data: { latency: "at a rate", levels: { requestsPerSecond: 500 } } },
    });
    expect(screen.text(160, 37)).toContain("500 requests/s offered");
    screen.press("enter", "v");
    const flags = command.mock.calls[0]![0].join(" ");
    expect(flags).toContain("--completed 5000 --within 10s --p99 40ms");
    expect(flags).toContain("--loop open");
    expect(flags).not.toContain("--rate");
  });

  it("draws the p99 against the rate where it is answered so, with the goal, and on a key against CPU limits", async () => {
    const lab = labWithOpenLoops();
    const screen = drive(predictScreen, lab, recordedPredictor(lab));
    screen.refresh();
    await settled(screen);
    expect(screen.state.outlook?.rates).toEqual([]);
    screen.press("down", "down", "down").type("40");
    await settled(screen);
    const { recommendedCpu } = screen.state.answers.haproxy as Recommendation;
    const limits = screen.state.outlook!.rates!.map(({ fixed }) => fixed.cpu!);
    expect(limits).toHaveLength(3);
    expect(limits[0]).toBeCloseTo(recommendedCpu, 9);
    expect(limits[1]).toBeLessThan(recommendedCpu);
    expect(limits[2]).toBeGreaterThan(recommendedCpu);
    expect(screen.text(120, 37)).toMatch(/p99 latency of haproxy against offered rate/);
    expect(screen.text(120, 37)).toMatch(/goal 40 ms/);
    screen.press("enter", "g");
    expect(screen.text(120, 37)).toMatch(/requests\/s of haproxy against CPU bandwidth/);
    expect(screen.press("g").text(120, 37)).toMatch(/against offered rate/);
    await expect(screen.text(120, 37)).toMatchFileSnapshot("golden/predict-rates-120x37.txt");
  });

  it("says how to measure open loops where a latency is wanted and there are none", async () => {
    const screen = await shown();
    screen.press("down", "down", "down").type("40");
    await settled(screen);
    expect(screen.state.answers.haproxy).toMatchObject({ refusal: { code: "closed-loop-only" } });
    expect(screen.text(200, 57)).toContain("./lab size --proxy haproxy --rps 500 --p99 40ms");
  });

  it("verifies an answer under its conditions", async () => {
    const command = vi.fn<Services["command"]>(async () => ({ code: 0 }));
    const lab = labWithOthers();
    const screen = drive(predictScreen, lab, { ...recordedPredictor(lab), command });
    screen.refresh();
    await settled(screen);
    screen.press("enter", "down", "v");
    expect(command.mock.calls[0]![0].join(" ")).toContain("--body 1K");
  });

  it("verifies an answer by real runs in a process of its own", async () => {
    const lines = [
      { type: "sweep-planned", trials: 6, spec: {} as SweepSpec },
      { type: "trial-finished", remainingTrials: 5 },
      {
        type: "verified",
        goals: { completedRequests: 5000, withinSeconds: 10 },
        recommended: {
          cpu: 0.075,
          runs: 3,
          held: true,
          failedRuns: 0,
          findings: [{ target: "requestsPerSecond", measured: 512, wanted: 500, runsMet: 3 }],
        },
        below: { cpu: 0.066, runs: 3, held: false, failedRuns: 0, findings: [] },
      },
    ];
    const command = vi.fn<Services["command"]>(async (_, onLine) => {
      for (const line of lines) onLine(JSON.stringify(line));
      return { code: 0 };
    });
    const screen = await shown({ command });
    screen.press("enter", "down", "v");
    expect(command.mock.calls[0]![0]).toEqual([
      ..."verify --proxy traefik --completed 5000 --within 10s --confidence 0.9 --servers 3 --concurrency 32 --json".split(
        " ",
      ),
    ]);
    expect(screen.state.checks.traefik).toMatchObject({
      at: "held",
      line: "held at 0.075 cpu: 5,120 of 5,000 requests in 10 s (3 of 3 runs)",
    });
    expect(screen.text(160, 37)).toContain("✓ held at 0.075 cpu: 5,120 of 5,000");
  });

  it("says why a check did not come to its end, and does not check what it has no answer for", async () => {
    const problem = { code: "LAB_LIMIT", message: "no permission to set limits" } as const;
    const command: Services["command"] = async () => ({ code: 4, problem });
    const screen = await shown({ command });
    screen.press("enter", "down", "v");
    await vi.waitFor(() =>
      expect(screen.state.checks.traefik).toEqual({ at: "failed", line: "no permission to set limits" }),
    );
    screen.press("up", "v");
    expect(Object.keys(screen.state.checks)).toEqual(["traefik"]);
    expect(readLine("not json")).toBeUndefined();
    expect(readLine('{"type":"sample"}')).toBeUndefined();
  });

  it("does not learn while it is measured, and says so", async () => {
    const recommend = vi.fn(predictor.recommend);
    const screen = await shown({ recommend });
    recommend.mockClear();
    const run: RunState = { ...noRun, how: "own", phase: "running" };
    const trials = [...recordedLab.trials, recordedLab.trials[0]!];
    screen.withLab({ ...recordedLab, trials, run });
    screen.refresh();
    expect(recommend).not.toHaveBeenCalled();
    expect(screen.text(120, 37)).toContain("learns from the new trials when the last has ended");
    screen.withLab({ ...recordedLab, trials });
    screen.refresh();
    await settled(screen);
    expect(recommend).toHaveBeenCalled();
  });

  it("learns from trials that came while only its sliders were moved, when the last has ended", async () => {
    const screen = await shown();
    const run: RunState = { ...noRun, how: "own", phase: "running" };
    screen.withLab({ ...recordedLab, run, trials: recordedLab.trials.slice(1) });
    screen.press("s", "right");
    await settled(screen);
    expect(screen.state.learnedFrom).toBe(recordedLab.trials.length);
  });

  it("goes to its answers on escape, and takes no figures where there are none", async () => {
    expect((await shown()).press("escape").state.focus.on).toBe("answer");
    expect(predictScreen.field?.(predictScreen.initial, emptyLab)).toBeUndefined();
  });

  it("says that there is nothing to learn from", () => {
    expect(drive(predictScreen, { ...emptyLab, loaded: true }).text(80, 21)).toContain("No trials yet");
    expect(drive(predictScreen, emptyLab).text(80, 21)).toContain("reading the store");
  });

  it("takes any keys in any order at any size", async () => {
    const screen = await shown({ command: async () => ({ code: 0 }) });
    const keys = [
      ...new Set(predictScreen.keys.flatMap((binding) => binding.keys)),
      ..."0123456789.",
      "z",
      "backspace",
      "ctrl+w",
      "tab",
    ];
    const size = fc.record({ width: fc.integer({ min: 20, max: 200 }), height: fc.integer({ min: 3, max: 57 }) });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...keys), { maxLength: 20 }),
        size,
        fc.boolean(),
        (pressed, { width, height }, ascii) => {
          const pen = new Pen({ colour: true, ascii });
          expectWithin(screen.press(...pressed).draw(width, height, pen), { width, height }, pen);
        },
      ),
      { numRuns: 40 },
    );
    await settled(screen);
  }, 30_000);
});
