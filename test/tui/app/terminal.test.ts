import fc from "fast-check";
import { render } from "ink";
import { createElement } from "react";
import { describe, expect, it, onTestFinished } from "vitest";
import { caretOf, plainText } from "../../../src/core/cells/line.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import { App } from "../../../src/tui/app/App.tsx";
import { Controller } from "../../../src/tui/app/controller.ts";
import { consoleLines } from "../../../src/tui/app/frame.ts";
import { screens } from "../../../src/tui/app/screens.ts";
import { fakeSurroundings, settled } from "../../fixtures/console/fakes.ts";
import { recordedSweep } from "../../fixtures/console/recording.ts";
import { Keyboard, ScreenModel } from "../../fixtures/console/screenModel.ts";

const pen = new Pen({ colour: true, ascii: false });
/** Clears of the whole screen: all, all with the scrollback, and all from its upper left corner on. */
const clears = new RegExp(["\\u001b\\[[23]J", "\\u001b\\[(1;1)?H\\u001b\\[0?J"].join("|"));

/** Each look at it is a second later: the store tells of every change at once. */
function hurriedClock() {
  let now = 0;
  return {
    now: () => {
      now += 1_000;
      return now;
    },
    after: () => () => {},
  };
}

async function opened(width: number, height: number) {
  const fake = fakeSurroundings();
  const controller = new Controller(screens, "compose", fake.around, hurriedClock());
  const screen = new ScreenModel(width, height);
  const keyboard = new Keyboard();
  const instance = render(createElement(App, { controller, pen, screenReader: false }), {
    stdout: screen,
    stdin: keyboard,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 1_000,
  });
  onTestFinished(() => instance.unmount());
  controller.lookAgain();
  await settled();
  await instance.waitUntilRenderFlush();
  const frame = () =>
    consoleLines({
      state: controller.store.get(),
      screens,
      bindings: controller.entries(),
      footer: controller.footer(),
      size: { width: screen.columns, height: screen.rows },
      pen,
      screenReader: false,
    });
  const expected = () => plainText(frame()).split("\n");
  const drawn = async () => {
    await new Promise((later) => setTimeout(later, 5));
    await instance.waitUntilRenderFlush();
  };
  return { ...fake, controller, screen, keyboard, frame, expected, drawn };
}

describe("the console on a terminal", { timeout: 60_000 }, () => {
  it("shows what was drawn, and hears keys", async () => {
    const { screen, keyboard, expected, drawn, controller } = await opened(100, 30);
    expect(await screen.lines()).toEqual(expected());
    keyboard.write("2");
    await drawn();
    expect(controller.store.get().screen).toBe("run");
    expect(await screen.lines()).toEqual(expected());
  });

  it("replays a sweep without ever clearing the screen, in few bytes", async () => {
    const { screen, sweeps, controller, expected, drawn } = await opened(120, 40);
    controller.press("r");
    await drawn();
    screen.writes.length = 0;
    const bytes: number[] = [];
    for (const event of recordedSweep) {
      sweeps[0]!.emit(event);
      await drawn();
      bytes.push(screen.writes.reduce((sum, write) => sum + Buffer.byteLength(write), 0));
      for (const write of screen.writes) expect(write).not.toMatch(clears);
      screen.writes.length = 0;
    }
    expect(await screen.lines()).toEqual(expected());
    const repaints = bytes.filter((count) => count > 0).sort((a, b) => a - b);
    expect(repaints[repaints.length >> 1]).toBeLessThan(2_000);
  });

  it("puts the terminal's cursor where a field is typed in, and hides it elsewhere", async () => {
    const { screen, keyboard, expected, frame, drawn } = await opened(100, 30);
    const pressed = async (keys: string) => {
      keyboard.write(keys);
      await drawn();
      return screen.cursor();
    };
    expect(await screen.cursor()).toBeUndefined();
    const begun = await pressed("\r"); // the field of the CPU levels
    expect(begun).toEqual(caretOf(frame()));
    const before = (await screen.lines())[begun!.y]!.slice(0, begun!.x);
    expect(before).toMatch(/CPU limits +0\.1\.\.0\.7\/5$/);
    expect(await pressed("宽")).toEqual({ x: begun!.x + 2, y: begun!.y });
    expect(await pressed("\u001b[D")).toEqual(begun);
    screen.resize(90, 24);
    await drawn();
    expect(await screen.cursor()).toEqual(caretOf(frame()));
    expect(await screen.lines()).toEqual(expected());
    expect(await pressed("\r")).toBeUndefined();
    expect(await screen.lines()).toEqual(expected());
  });

  it("types where the topmost field is", async () => {
    const { screen, keyboard, expected, frame, drawn } = await opened(100, 30);
    keyboard.write("\r");
    await drawn();
    keyboard.write("\u0010"); // ctrl-p: the palette lies over the field
    await drawn();
    keyboard.write("pl");
    await drawn();
    expect(await screen.cursor()).toEqual(caretOf(frame()));
    const { x, y } = (await screen.cursor())!;
    expect((await screen.lines())[y]!.slice(0, x)).toMatch(/: pl$/);
    expect(await screen.lines()).toEqual(expected());
  });

  it("writes nothing for keys that do nothing", async () => {
    const { screen, keyboard, drawn } = await opened(100, 30);
    screen.writes.length = 0;
    keyboard.write("Z");
    await drawn();
    expect(screen.writes).toEqual([]);
  });

  it("stands a storm of sizes", async () => {
    const { screen, expected, drawn } = await opened(100, 30);
    const size = fc.tuple(fc.integer({ min: 5, max: 200 }), fc.integer({ min: 3, max: 60 }));
    await fc.assert(
      fc.asyncProperty(fc.array(size, { minLength: 1, maxLength: 8 }), async (sizes) => {
        for (const [columns, rows] of sizes) screen.resize(columns, rows);
        await drawn();
        expect(await screen.lines()).toEqual(expected());
      }),
      { numRuns: 15 },
    );
  });
});
