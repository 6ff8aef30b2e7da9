import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainText, widthOf } from "../../../src/core/cells/line.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import { Controller } from "../../../src/tui/app/controller.ts";
import { consoleLines } from "../../../src/tui/app/frame.ts";
import { globalKeys } from "../../../src/tui/app/globalKeys.ts";
import { screens } from "../../../src/tui/app/screens.ts";
import { diagnosis, pluginList } from "../../fixtures/console/facts.ts";
import { fakeServices, fakeSurroundings, settled } from "../../fixtures/console/fakes.ts";
import { recordedSweep } from "../../fixtures/console/recording.ts";
import { roundsSweep } from "../../fixtures/console/rounds.ts";

/** Three rounds of ten visits. */
const inRounds = roundsSweep(3);
const pen = new Pen({ colour: false, ascii: false });

async function opened(services = fakeServices()) {
  const fake = fakeSurroundings(services);
  const controller = new Controller(screens, "compose", fake.around);
  controller.lookAgain();
  await settled();
  const press = (...keys: string[]) => {
    for (const key of keys) controller.press(key);
  };
  const seen = (width = 120, height = 40) => plainText(draw(controller, width, height));
  return { controller, press, seen, ...fake };
}

function draw(controller: Controller, width: number, height: number) {
  return consoleLines({
    state: controller.store.get(),
    screens,
    bindings: controller.entries(),
    footer: controller.footer(),
    size: { width, height },
    pen,
    screenReader: false,
  });
}

describe("the console", () => {
  it("goes to screens by their numbers and by tab", async () => {
    const { press, controller } = await opened();
    press("2");
    expect(controller.store.get().screen).toBe("run");
    press("tab", "shift+tab", "shift+tab");
    expect(controller.store.get().screen).toBe("compose");
  });

  it("shows the keys of the screen, and everywhere, on ?", async () => {
    const { press, seen } = await opened();
    press("?");
    expect(seen()).toContain("Run this sweep.");
    expect(seen()).toContain("Leave the console");
    press("escape");
    expect(seen()).not.toContain("Run this sweep.");
  });

  it("finds commands by their names and does them", async () => {
    const { press, seen, controller } = await opened();
    press(":", ..."plug");
    expect(seen()).toContain("Go to the screen Plugins");
    press("enter");
    expect(controller.store.get().screen).toBe("plugins");
  });

  it("takes pasted text into a field, and nowhere else", async () => {
    const { press, seen, controller } = await opened();
    controller.paste("qqq");
    expect(controller.store.get().screen).toBe("compose");
    press("enter", "ctrl+u");
    controller.paste("0.1,\n0.4");
    expect(seen()).toContain("0.1, 0.4");
  });

  it("leaves at once where nothing runs", async () => {
    const { press, exits } = await opened();
    press("q");
    expect(exits).toEqual([undefined]);
  });

  it("asks before it leaves a sweep, and stays unless told otherwise", async () => {
    const { press, exits, sweeps, seen } = await opened();
    press("r", "q");
    expect(seen()).toContain("A sweep is running");
    press("escape");
    expect(seen()).not.toContain("A sweep is running");
    press("q", "enter");
    expect(exits).toEqual([]);
    press("ctrl+c", "x");
    expect(sweeps[0]!.told).toEqual([{ do: "stop" }]);
    await sweeps[0]!.end();
    expect(exits).toHaveLength(1);
  });

  it("lets a sweep run on by itself where that is wanted", async () => {
    const { press, exits, sweeps, controller } = await opened();
    press("r", "q", "d");
    controller.end();
    expect(sweeps[0]).toMatchObject({ detached: true, told: [] });
    expect(exits[0]).toContain("./lab watch --store x.sqlite");
  });

  it("leaves all the same where the sweep has ended while it was asked what is to become of it", async () => {
    for (const key of ["x", "d"]) {
      const { press, exits, sweeps } = await opened();
      press("r", "q");
      await sweeps[0]!.end();
      press(key);
      expect(exits).toEqual([undefined]);
    }
  });

  it("says that it stops a sweep while that puts its trial away", async () => {
    const { press, sweeps, controller } = await opened();
    press("r");
    controller.steer({ do: "stop" });
    expect(sweeps[0]!.told).toEqual([{ do: "stop" }]);
    expect(controller.store.get().lab.run.phase).toBe("stopping");
    await sweeps[0]!.end();
    expect(controller.store.get().lab.run.phase).toBe("ended");
  });

  it("says which plugins of the list could not be loaded", async () => {
    const plugins = async () => ({ ...pluginList, problems: ["caddy: no such file"] });
    expect((await opened(fakeServices({ plugins }))).seen()).toContain("left out caddy: no such file");
  });

  it("saves an experiment file on enter, and none on escape", async () => {
    const saved: string[] = [];
    const { press } = await opened(fakeServices({ saveExperiment: async (file) => void saved.push(file) }));
    press("w", "escape");
    expect(saved).toEqual([]);
    press("w", "enter");
    expect(saved).toEqual(["experiment.yaml"]);
  });

  it("begins with the first of each kind that works here", async () => {
    const combination = { proxy: "builtin", load: "autocannon", limiter: "docker" };
    const { controller } = await opened(fakeServices({ diagnose: async () => ({ ...diagnosis, combination }) }));
    expect(controller.store.get().screens.compose).toMatchObject({
      said: { proxy: "builtin", load: "autocannon", limiter: "docker" },
    });
  });

  it("stops a sweep when it is ended from outside", async () => {
    const { press, sweeps, controller } = await opened();
    press("r");
    controller.end();
    expect(sweeps[0]!.told).toEqual([{ do: "stop" }]);
  });

  it("runs one sweep at a time", async () => {
    const { press, sweeps, seen } = await opened();
    press("r", "1", "r");
    expect(sweeps).toHaveLength(1);
    expect(seen()).toContain("running already");
  });

  it("says why a sweep could not be run", async () => {
    const { press, sweeps, seen } = await opened();
    press("r");
    await sweeps[0]!.end({ code: "LAB_FAULT", message: "no such load tool", help: "install it" });
    expect(seen()).toContain("no such load tool");
    expect(seen()).toContain("install it");
  });

  it("takes in what a sweep in rounds tells about twice a second, and all of it in the end", async () => {
    const { press, sweeps, controller } = await opened();
    press("r");
    const states = new Set<unknown>();
    for (const event of inRounds) {
      sweeps[0]!.emit(event);
      states.add(controller.store.get().lab.run);
    }
    const seconds = (Date.parse(inRounds.at(-1)!.at) - Date.parse(inRounds[0]!.at)) / 1000;
    expect(states.size).toBeLessThan(2.5 * seconds);
    expect(controller.store.get().lab.run.records).toHaveLength(30);
  });

  it("gives the trials of a round to the other screens together", async () => {
    const { press, sweeps, controller } = await opened();
    press("r");
    const counts = inRounds.map((event) => {
      sweeps[0]!.emit(event);
      return controller.store.get().lab.trials.length;
    });
    expect([...new Set(counts)]).toEqual([0, 10, 20, 30]);
  });

  it("says in one line that the terminal is too small", async () => {
    const { seen } = await opened();
    expect(seen(59, 18).trim()).toBe("too small: 60 x 18 needed, this is 59 x 18");
  });

  it("has no key with two meanings: what a screen binds goes before, and numbers belong to the tabs", () => {
    const tabs = new Set(globalKeys(screens).flatMap(({ keys }) => keys));
    for (const { keys } of screens)
      for (const { keys: own } of keys) for (const key of own) expect(tabs.has(key)).toBe(false);
  });

  it("draws every state that keys, pastes and sizes can bring about, within the terminal", {
    timeout: 60_000,
  }, async () => {
    const known = screens.flatMap(({ keys }) => keys.flatMap(({ keys }) => [...keys]));
    const key = fc.oneof(
      fc.constantFrom(
        ...known,
        "1",
        "2",
        "3",
        "tab",
        ":",
        "?",
        "escape",
        "enter",
        "space",
        "up",
        "down",
        "left",
        "right",
      ),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
    );
    const step = fc.oneof(
      { weight: 8, arbitrary: key.map((press) => ({ press })) },
      { weight: 1, arbitrary: fc.string({ unit: "grapheme" }).map((paste) => ({ paste })) },
      { weight: 1, arbitrary: fc.constantFrom(...recordedSweep, ...inRounds).map((event) => ({ event })) },
    );
    const size = fc.tuple(fc.integer({ min: 1, max: 220 }), fc.integer({ min: 1, max: 70 }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), size, async (steps, [width, height]) => {
        const { controller, sweeps } = await opened();
        for (const one of steps) {
          if ("press" in one) controller.press(one.press);
          else if ("paste" in one) controller.paste(one.paste);
          else sweeps[0]?.emit(one.event);
        }
        await settled();
        const lines = draw(controller, width, height);
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        controller.end();
      }),
      { numRuns: 40 },
    );
  });
});
