import type { LabNotice } from "../domain/face.ts";
import { formatPercent, formatTimes } from "../domain/format.ts";

export function noticeInWords(notice: LabNotice): string {
  switch (notice.code) {
    case "plugin-left-out":
      return `${notice.file}: left out ${notice.problem}`;
    case "other-machine":
      return `learned on another machine (${notice.cpuModel}, ${notice.cores} cores); --calibrate scales it to this one`;
    case "other-trials":
      return `${notice.proxy}: answered from the ${notice.trials} trials of the file; the store has other data, ${notice.unknown} trials that are not in the file`;
    case "calibrated": {
      const { target, factor, error, cpu, checkedAt } = notice;
      const off = `${formatPercent(Math.abs(error))} too ${error > 0 ? "high" : "low"}`;
      return `calibrated by one trial at ${cpu} cpu: ${target} ${formatTimes(factor)}; at ${checkedAt} cpu that was ${off}`;
    }
    case "longer-tail":
      return `${notice.missing} is not installed: ${notice.loadTool} sends the requests, and adds more to their p99; ./lab setup brings ${notice.missing}`;
    case "not-remembered":
      return `nothing is remembered: ${notice.file} cannot be written (${notice.reason})`;
  }
}
