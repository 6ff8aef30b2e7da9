import { truncate } from "../cells/text.ts";
import type { LabEvent } from "../domain/events.ts";
import { formatBytes, formatDuration } from "../domain/format.ts";

type Preparing = Extract<LabEvent, { type: "preparing" }>;
type Progress = Pick<Preparing, "task" | "layers" | "doneBytes" | "totalBytes" | "remainingSeconds">;

const barWidth = 20;

/** How far a limiter's preparation is, in one line: `pull x:1 [#####     ] 4 MiB of 16 MiB, 1 of 3 layers, 6 s left`. */
export function preparingLine(progress: Progress, { width, ascii }: { width: number; ascii: boolean }): string {
  const { task, layers, doneBytes, totalBytes, remainingSeconds } = progress;
  const total = totalBytes === undefined ? "" : ` of ${formatBytes(totalBytes)}`;
  const facts = [
    ...(doneBytes === undefined ? [] : [`${formatBytes(doneBytes)}${total}`]),
    ...(layers === undefined ? [] : [`${layers.done} of ${layers.of} layers`]),
    ...(remainingSeconds === undefined ? [] : [`${formatDuration(Math.ceil(remainingSeconds))} left`]),
  ].join(", ");
  const share = shareOf(progress);
  const parts = [task, share === undefined ? "" : bar(share, ascii), facts].filter((part) => part !== "");
  const whole = parts.join(" ");
  // A long name of an image must not push the figures off the line.
  const room = Math.max(8, task.length - (whole.length - width));
  return truncate([truncate(task, room, ascii), ...parts.slice(1)].join(" "), width, ascii);
}

/** Done share, 0 to 1: of the bytes, where all are known, else of the layers. */
function shareOf({ layers, doneBytes, totalBytes }: Progress): number | undefined {
  if (doneBytes !== undefined && totalBytes) return doneBytes / totalBytes;
  return doneBytes === undefined && layers ? layers.done / layers.of : undefined;
}

function bar(share: number, ascii: boolean): string {
  const full = Math.round(share * barWidth);
  return `[${(ascii ? "#" : "█").repeat(full)}${" ".repeat(barWidth - full)}]`;
}
