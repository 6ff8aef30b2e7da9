import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pen } from "../../../src/core/cells/pen.ts";
import { exploreScreen } from "../../../src/tui/screens/explore/explore.ts";
import { emptyLab, type LabState } from "../../../src/tui/store/labState.ts";
import { offered, trial } from "../../fixtures/madeRecords.ts";
import { visits } from "../../fixtures/visits.ts";
import { asciiPen, expectWithin } from "../drawn.ts";
import { drive, recordedLab } from "./drive.ts";

/** What the frame leaves of a terminal of 80x24, 120x40 and 200x60. */
const SIZES = [
  [80, 21],
  [120, 37],
  [200, 57],
] as const;

describe("Explore", () => {
  it.each(SIZES)("looks the same as ever at %i x %i", async (columns, rows) => {
    const screen = drive(exploreScreen);
    const golden = (name: string) => `golden/explore-${name}-${columns}x${rows}.txt`;
    await expect(screen.text(columns, rows)).toMatchFileSnapshot(golden("chart"));
    await expect(drive(exploreScreen).press("enter").text(columns, rows)).toMatchFileSnapshot(golden("record"));
    await expect(drive(exploreScreen).press("o").text(columns, rows)).toMatchFileSnapshot(golden("observations"));
    await expect(drive(exploreScreen).press("c", "enter", "enter").text(columns, rows)).toMatchFileSnapshot(
      golden("comparison"),
    );
    await expect(screen.press("t", "p").text(columns, rows, asciiPen)).toMatchFileSnapshot(golden("ascii"));
  });

  it("draws any figure against any factor, with a line for each level chosen", () => {
    const screen = drive(exploreScreen)
      .press("f")
      .type("p99")
      .press("enter", "x")
      .press("home", "down", "down", "enter");
    expect(screen.state).toMatchObject({ figure: "latencyMs.p99", factor: "servers" });
    expect(screen.text(120, 37)).toMatch(/f figure p99 latency {2}x against servers {2}b by what varies/);
    screen.press("b", "a", "a", "home", "space", "enter");
    expect(screen.state.lines).toEqual(["proxy"]);
    expect(screen.text(120, 37)).toContain("b by proxy");
  });

  it("does not draw what was not measured, and says why", () => {
    const screen = drive(exploreScreen).press("w").type("20261123-000507").press("enter", "f").type("without");
    expect(screen.text(80, 21)).toContain("requests/s without a proxy");
    const squid = drive(exploreScreen, {
      ...recordedLab,
      trials: recordedLab.trials.filter(({ status }) => status === "failed"),
    });
    expect(squid.press("f").type("mean").text(80, 21)).toContain("not measured here");
    expect(squid.press("enter").state).toMatchObject({ figure: "requestsPerSecond", picker: { purpose: "figure" } });
  });

  it("has presets for the questions that are asked most", () => {
    const screen = drive(exploreScreen).press("p").type("one server").press("enter");
    expect(screen.state).toMatchObject({ figure: "requestsPerSecond", factor: "cpu", lines: ["proxy", "servers"] });
    screen.press("p").type("traefik").press("enter");
    expect(screen.state.table.filter.text).toBe("proxy=traefik,haproxy");
    expect(screen.press("p").text(80, 21)).toContain("needs several load tools");
  });

  it("filters chart and table while the filter is typed", () => {
    const screen = drive(exploreScreen).press("/").type("proxy=haproxy cpu<0.3");
    expect(screen.text(120, 37)).toContain("1/6 of 26");
    expect(screen.text(120, 37)).not.toContain("traefik");
    expect(screen.press("down").state.table.cursor).toBeDefined();
    expect(screen.press("enter").state.table.typing).toBe(false);
    expect(screen.press("escape").state.table.filter.text).toBe("");
  });

  it("sorts, and keeps its cursor on the trial when others come", () => {
    const screen = drive(exploreScreen).press("s").type("req").press("enter");
    expect(screen.state.table.sort).toEqual({ column: "rate", descending: false });
    screen.press("S").press("home", "down");
    const { cursor } = screen.state.table;
    screen.withLab({ ...recordedLab, trials: [...recordedLab.trials, { ...recordedLab.trials.at(-1)!, id: "new" }] });
    expect(screen.text(120, 37)).toContain("2/27");
    expect(screen.state.table.cursor).toBe(cursor);
  });

  it("opens a trial's record with its verdict and its evidence, and goes on to the next", () => {
    const screen = drive(exploreScreen).press("enter");
    expect(screen.text(120, 37)).toContain("proxy used 0.200 of 0.2 cpu, throttled in 97 % of periods");
    expect(screen.press("down").text(120, 37)).toContain("trial 2 of 26");
    expect(screen.press("escape").state.open).toBeUndefined();
  });

  it("shows what failed, and why", () => {
    const screen = drive(exploreScreen)
      .press("w")
      .type("all")
      .press("enter", "/")
      .type("verdict=lab")
      .press("enter", "enter");
    expect(screen.text(80, 21)).toContain("LAB_");
  });

  it("draws an observation on enter", () => {
    const screen = drive(exploreScreen).press("o", "down", "enter");
    expect(screen.state).toMatchObject({ view: "chart", figure: "latencyMs.p99" });
  });

  it("compares two proxies, and two sweeps", () => {
    const screen = drive(exploreScreen).press("c").type("traefik").press("enter", "enter");
    expect(screen.text(120, 37)).toContain("requests/s: haproxy is higher; haproxy / traefik = 4.");
    const later = recordedLab.trials
      .filter(({ sweepId }) => sweepId === recordedLab.sweeps[0]!.id)
      .map((one) => ({ ...one, id: `again ${one.id}`, sweepId: "again" }));
    screen.withLab({
      ...recordedLab,
      sweeps: [...recordedLab.sweeps, { ...recordedLab.sweeps[0]!, id: "again" }],
      trials: [...recordedLab.trials, ...later],
    });
    screen.press("c").type("again").press("enter");
    expect(screen.text(120, 37)).toMatch(/20261123-000507-e97d +no setting in common/);
    screen.type("042844").press("enter");
    expect(screen.text(120, 37)).toContain("requests/s: unstable: ");
    expect(screen.text(120, 37)).toContain("measured at different times");
  });

  it("says that there is nothing to compare, and nothing at all", () => {
    const one: LabState = { ...emptyLab, loaded: true, trials: [trial({})] };
    const screen = drive(exploreScreen, one).press("c");
    expect(screen.asked).toEqual(["say nothing to compare: one proxy of one sweep bad"]);
    expect(drive(exploreScreen, { ...emptyLab, loaded: true }).text(80, 21)).toContain("No trials yet.");
    expect(drive(exploreScreen, emptyLab).text(80, 21)).toContain("reading the store");
    const trials = Array.from({ length: 2500 }, () => trial({}));
    expect(drive(exploreScreen, { ...emptyLab, trials }).text(80, 21)).toContain("reading the store: 2,500 trials");
  });

  it("tells its chart in words to those who listen", () => {
    const text = drive(exploreScreen, recordedLab, {}, true).text(120, 37);
    expect(text).toContain("haproxy, 1 server: at 0.05 cores 1.64k");
    expect(text).not.toMatch(/[┤╭●]/);
  });

  it("has help for every key", () => {
    for (const { title, help } of exploreScreen.keys) expect([title, help].every((text) => text.length > 1)).toBe(true);
  });

  it("takes any keys in any order at any size", () => {
    const keys = [
      ...new Set(exploreScreen.keys.flatMap((binding) => binding.keys)),
      "z",
      "1",
      "backspace",
      "ctrl+w",
      "left",
    ];
    const size = fc.record({ width: fc.integer({ min: 20, max: 200 }), height: fc.integer({ min: 3, max: 57 }) });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...keys), { maxLength: 25 }),
        size,
        fc.boolean(),
        (pressed, { width, height }, ascii) => {
          const pen = new Pen({ colour: true, ascii });
          const lines = drive(exploreScreen)
            .press(...pressed)
            .draw(width, height, pen);
          expectWithin(lines, { width, height }, pen);
        },
      ),
      { numRuns: 40 },
    );
  }, 30_000);
});

describe("Explore beside an open loop", () => {
  const offered = [500, 2000].map((requestsPerSecond) => {
    const { result, ...made } = trial({ requestsPerSecond, rate: 490, latencyKind: "response" });
    const latencyMs = { p50: 1, p95: 3, p99: 8, p999: 20 };
    const usage = { cpuMicrosPerRequest: 40, userCpuSeconds: 1, systemCpuSeconds: 3 };
    const throttled = { throttledShare: 0.5, throttledSeconds: 2.4 };
    return { ...made, result: { ...result!, latencyMs }, usage: { ...usage, ...throttled } };
  });
  const lab: LabState = { ...emptyLab, loaded: true, trials: offered };

  it("has the offered rate as an axis, for lines, and as a column to sort by", () => {
    const screen = drive(exploreScreen, lab).press("x").type("offered").press("enter");
    expect(screen.state.factor).toBe("rate");
    expect(screen.text(120, 37)).toMatch(/x against offered rate/);
    expect(screen.text(120, 37)).toMatch(/\boffered\b.*\breq\/s\b/);
    expect(screen.press("b").text(120, 37)).toMatch(/offered rate +2 levels/);
  });

  it("says nothing of it where all trials are of a closed loop", () => {
    for (const key of ["x", "b", "s", "t"])
      expect(drive(exploreScreen).press(key).text(160, 50)).not.toMatch(/\boffered\b/);
    expect(drive(exploreScreen).press("enter").text(160, 50)).not.toMatch(/\bclosed loop\b/);
  });

  it("tells in a record what was offered, all percentiles, what CPU time was spent on, and for how long it was stopped", () => {
    const text = drive(exploreScreen, lab).press("enter").text(160, 50);
    expect(text).toContain("500 requests/s offered");
    expect(text).toContain("p50 1 ms, p95 3 ms, p99 8 ms, p99.9 20 ms");
    expect(text).toMatch(/user, system +10(\.0)? µs, 30(\.0)? µs/);
    expect(text).toMatch(/throttled +50 % of periods, 2\.4 s/);
  });

  it("leaves out of a record what was not told apart", () => {
    const text = drive(exploreScreen).press("enter").text(160, 50);
    expect(text).not.toContain("user, system");
    expect(text).not.toContain("p95");
  });
});

describe("Explore beside open loops at several rates and limits", () => {
  const lab: LabState = { ...emptyLab, loaded: true, trials: offered() };

  it.each(SIZES)("looks the same as ever at %i x %i", async (columns, rows) => {
    const screen = drive(exploreScreen, lab).press("p").type("against the rate").press("enter");
    await expect(screen.text(columns, rows)).toMatchFileSnapshot(`golden/explore-rates-${columns}x${rows}.txt`);
    await expect(screen.press("m").text(columns, rows)).toMatchFileSnapshot(
      `golden/explore-map-${columns}x${rows}.txt`,
    );
  });

  it("draws p99 against the rate with a line for each limit, whatever was drawn before", () => {
    const screen = drive(exploreScreen, lab).press("b", "a", "a", "home", "space", "enter");
    expect(screen.state.lines).toEqual(["proxy"]);
    screen.press("p").type("against the rate").press("enter");
    expect(screen.state).toMatchObject({ view: "chart", figure: "latencyMs.p99", factor: "rate" });
    expect(screen.text(120, 37)).toMatch(/0\.05 cpu.*0\.10 cpu.*0\.30 cpu.*0\.90 cpu/s);
  });

  it("has a map of any figure over both, which a key opens and closes", () => {
    const screen = drive(exploreScreen, lab).press("m");
    expect(screen.text(120, 37)).toContain("requests/s of haproxy over CPU bandwidth and offered rate");
    screen.press("f").type("p99").press("enter");
    expect(screen.text(120, 37)).toMatch(/10,000 ▼/);
    expect(screen.press("m").state.view).toBe("chart");
    expect(screen.press("p").type("over limit").press("enter").state).toMatchObject({
      view: "map",
      figure: "latencyMs.p99",
    });
  });

  it("says why there is no map once a filter leaves none", () => {
    const screen = drive(exploreScreen, lab).press("m", "/").type("cpu<0.1").press("enter");
    expect(screen.text(120, 37)).toContain("several CPU limits");
  });

  it("has neither map nor its key where nothing was offered", () => {
    const screen = drive(exploreScreen).press("m");
    expect(screen.state.view).toBe("chart");
    expect(screen.text(120, 37)).not.toMatch(/\bmap\b/);
    expect(screen.press("p").text(120, 37)).toContain("needs several rates");
  });

  it("tells its map in words to those who listen", () => {
    const text = drive(exploreScreen, lab, {}, true).press("m", "f").type("p99").press("enter").text(120, 37);
    expect(text).toMatch(/0\.05 cpu: at 500 requests\/s 3 ms; at 2\.00k requests\/s 4,000 ms \(rate missed\)/);
  });
});

describe("Explore beside a speed probe", () => {
  const spec = recordedLab.sweeps[0]!.spec;
  const sweep = (id: string) => ({ id, createdAt: "2026-11-30", status: "finished", spec }) as const;
  const probed: LabState = {
    ...recordedLab,
    sweeps: [sweep("usual"), sweep("slow")],
    trials: [...visits({ sweepId: "usual" }), ...visits({ sweepId: "slow", slowness: 1.3 })],
  };

  it("shows figures at reference speed, and on a key as they were measured", () => {
    const screen = drive(exploreScreen, probed);
    expect(screen.text(120, 37)).toMatch(/r figures at reference speed/);
    expect(screen.text(120, 37)).toMatch(/requests\/s at reference speed/);
    screen.press("r");
    expect(screen.text(120, 37)).toMatch(/r figures as measured/);
    expect(screen.press("t").text(160, 37)).toMatch(/r figures as measured: probe/);
    expect(screen.press("r", "o").text(160, 37)).toMatch(/r figures at reference speed: probe/);
  });

  it("compares two sweeps at one speed", () => {
    const screen = drive(exploreScreen, probed).press("c", "enter", "enter");
    expect(screen.text(160, 37)).toMatch(/requests\/s at reference speed: /);
    expect(screen.text(160, 37)).toMatch(/r figures at reference speed: .*from 36 trials/);
    const ratio = () => Number(/ = (\d\.\d+) /.exec(screen.text(160, 37))![1]);
    expect(ratio()).toBeCloseTo(1, 1);
    screen.press("r");
    expect(screen.text(160, 37)).toMatch(/requests\/s as measured/);
    expect(Math.abs(Math.log(ratio()))).toBeCloseTo(1.6 * Math.log(1.3), 1);
  });

  it("tells in a record how fast the machine was, and the rate either way, whatever is drawn", () => {
    const screen = drive(exploreScreen, probed).press("r", "enter");
    expect(screen.text(120, 37)).toMatch(/speed probe\s+10\.0 µs/);
    expect(screen.text(120, 37)).toMatch(/3\.00k as measured, [\d.]+k at reference/);
  });

  it("has no such key where no probe ran", () => {
    const screen = drive(exploreScreen).press("r");
    expect(screen.state.raw).toBeUndefined();
    expect(screen.text(120, 37)).not.toContain("reference speed");
  });
});
