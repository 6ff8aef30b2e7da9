import { describe, expect, it } from "vitest";
import { plainText } from "../../../src/core/cells/line.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import { Controller } from "../../../src/tui/app/controller.ts";
import { consoleLines } from "../../../src/tui/app/frame.ts";
import { screens } from "../../../src/tui/app/screens.ts";
import type { ScreenId } from "../../../src/tui/screens/screen.ts";
import { fakeSurroundings, settled } from "../../fixtures/console/fakes.ts";
import { until } from "../../fixtures/console/recording.ts";

const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

/** The console in the middle of the recorded sweep. */
async function midSweep(screen: ScreenId): Promise<Controller> {
  const { around, sweeps } = fakeSurroundings();
  const controller = new Controller(screens, "compose", around);
  controller.lookAgain();
  await settled();
  controller.press("r");
  const events = until("trial-finished", 9).slice(0, -1);
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
