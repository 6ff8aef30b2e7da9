import type { Services } from "../services.ts";
import type { Controller } from "./controller.ts";

const usualMs = 500;
/** While a window is open here the store is looked at rarely: what changes it then is this console's own sweep. */
const busyMs = 5_000;

/** Reads the store, and then again and again what others store. The returned function ends it. */
export function watchStore(controller: Controller, services: Services): () => void {
  let place = 0;
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  let loaded = false;

  async function look(): Promise<void> {
    try {
      const [sweeps, found] = await Promise.all([services.sweeps(), services.trialsAfter(place)]);
      const more = found.records.length > 0;
      place = found.place;
      controller.stored(sweeps, found.records, !more);
      if (more || !loaded) controller.refresh();
      loaded ||= !more;
      next(more ? 0 : controller.busy ? busyMs : usualMs);
    } catch (problem) {
      controller.say(String((problem as { message?: string }).message ?? problem), "bad");
      next(busyMs);
    }
  }

  function next(ms: number): void {
    if (!over) timer = setTimeout(look, ms);
  }

  next(0);
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
