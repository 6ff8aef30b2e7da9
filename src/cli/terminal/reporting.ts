import { formatDuration } from "../../core/domain/format.ts";
import { printLine } from "./output.ts";

/** Does work in steps; on a terminal it says what is being done, with the time left of it. */
export async function withSteps<T>(
  json: boolean | undefined,
  work: (onStep: (what: string, share: number) => void) => Promise<T>,
): Promise<T> {
  const { stderr } = process;
  const quiet = json || !stderr.isTTY;
  let [current, begun] = ["", 0];
  const onStep = (what: string, share: number) => {
    if (quiet) return;
    if (what !== current) begun = performance.now();
    current = what;
    const elapsed = (performance.now() - begun) / 1000;
    const left = share > 0 && elapsed > 1 ? `, ${formatDuration((elapsed / share) * (1 - share))} left` : "";
    stderr.write(`\r\x1b[2K${what}, ${Math.round(100 * share)} %${left}`);
  };
  try {
    return await work(onStep);
  } finally {
    if (!quiet) stderr.write("\r\x1b[2K");
  }
}

export function printFiles([first, ...others]: readonly string[]): void {
  printLine(`wrote ${first}${others.length > 0 ? ` and ${others.length} more files` : ""}`);
}
