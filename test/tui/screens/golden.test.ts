import { describe, expect, it } from "vitest";
import { plainText } from "../../../src/core/cells/line.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import type { LabEvent } from "../../../src/core/domain/events.ts";
import { Controller } from "../../../src/tui/app/controller.ts";
import { consoleLines } from "../../../src/tui/app/frame.ts";
import { screens } from "../../../src/tui/app/screens.ts";
import type { ScreenId } from "../../../src/tui/screens/screen.ts";
import { fakeSurroundings, settled } from "../../fixtures/console/fakes.ts";
import { until } from "../../fixtures/console/recording.ts";
import { roundsSweep } from "../../fixtures/console/rounds.ts";

const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

/** The console after some events of a sweep that it has started, unless given in the middle of the recorded one. */
async function midSweep(
  screen: ScreenId,
  events: readonly LabEvent[] = until("trial-finished", 9).slice(0, -1),
): Promise<Controller> {
  const { around, sweeps } = fakeSurroundings();
  const controller = new Controller(screens, "compose", around);
  controller.lookAgain();
  await settled();
  controller.press("r");
  for (const event of events) sweeps[0]!.emit(event);
  controller.tick(Date.parse(events.at(-1)!.at));
  controller.goTo(screen);
  await settled();
  return controller;
}

function screenOf(controller: Controller, width: number, height: number, ascii: boolean): string {
  const lines = consoleLines({
    state: controller.store.get(),
    screens,
    bindings: controller.entries(),
    footer: controller.footer(),
    size: { width, height },
    pen: new Pen({ colour: false, ascii }),
    screenReader: false,
  });
  return `${plainText(lines)}\n`;
}

/** Times of day depend on where the test runs. */
const timeless = (text: string) => text.replace(/\b\d\d:\d\d:\d\d\b/g, "hh:mm:ss");

describe.each(["compose", "run", "plugins"] as const)("the screen %s", (screen) => {
  it.each(sizes)("at %i x %i", async (width, height) => {
    const text = timeless(screenOf(await midSweep(screen), width, height, false));
    await expect(text).toMatchFileSnapshot(`golden/${screen}-${width}x${height}.txt`);
  });

  it("in 7-bit characters", async () => {
    const text = timeless(screenOf(await midSweep(screen), 80, 24, true));
    expect(text).toMatch(/^[ -~\n]*$/);
    await expect(text).toMatchFileSnapshot(`golden/${screen}-ascii.txt`);
  });
});

describe("the screen run, in rounds", () => {
  const whole = roundsSweep(12);
  const upTo = (type: LabEvent["type"], count: number) => {
    const ends = whole.flatMap((event, index) => (event.type === type ? index + 1 : []));
    return whole.slice(0, ends[count - 1]);
  };

  it.each([[60, 18], ...sizes] as const)("at %i x %i", async (width, height) => {
    const text = timeless(screenOf(await midSweep("run", upTo("sample", 250)), width, height, false));
    await expect(text).toMatchFileSnapshot(`golden/run-rounds-${width}x${height}.txt`);
  });

  it("in 7-bit characters", async () => {
    const text = timeless(screenOf(await midSweep("run", upTo("sample", 250)), 80, 24, true));
    expect(text).toMatch(/^[ -~\n]*$/);
    await expect(text).toMatchFileSnapshot("golden/run-rounds-ascii.txt");
  });

  it("before the first round is over", async () => {
    const text = timeless(screenOf(await midSweep("run", upTo("sample", 20)), 100, 30, false));
    await expect(text).toMatchFileSnapshot("golden/run-rounds-first.txt");
  });

  it("at its end", async () => {
    const text = timeless(screenOf(await midSweep("run", whole), 100, 30, false));
    await expect(text).toMatchFileSnapshot("golden/run-rounds-ended.txt");
  });
});
