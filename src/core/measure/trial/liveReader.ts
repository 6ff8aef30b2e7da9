import type { LoadPlugin, LoadSample } from "../../contract/index.ts";
import type { LabError } from "../../errors.ts";
import { door } from "../../hosting/door.ts";

/** Lines that may wait to be read; a tool that prints more than its plugin can read loses some of its live figures. */
const mostWaiting = 100;

/** Who wants the live figures of a load tool. */
export interface LiveWatch {
  readonly onSample?: (sample: LoadSample) => void;
  /** Called at the first fault of the plugin's `sample`; there are no more figures then. */
  readonly onSampleFault?: (fault: LabError) => void;
}

/** Reads a load tool's lines one after the other. Without figures the load goes on. */
export function liveReader(plugin: LoadPlugin, watch: LiveWatch, signal: AbortSignal) {
  const { onSample, onSampleFault } = watch;
  let last = Promise.resolve();
  let waiting = 0;
  let over = onSample === undefined || plugin.sample === undefined;

  async function read(line: string): Promise<void> {
    waiting--;
    if (over) return;
    try {
      const sample = await door.sample(plugin, line, signal);
      if (sample && !over) onSample?.(sample);
    } catch (fault) {
      if (!over && !signal.aborted) onSampleFault?.(fault as LabError);
      over = true;
    }
  }

  return {
    onLine(line: string): void {
      if (over || waiting >= mostWaiting) return;
      waiting++;
      last = last.then(() => read(line));
    },
    /** Whoever still waits is not read. */
    close(): void {
      over = true;
    },
  };
}
