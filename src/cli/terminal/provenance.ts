import type { Bundle } from "../../core/lab.ts";

/** Where and when the trials of a bundle were made, a line for each machine. */
export function provenanceInWords({ header, trials }: Pick<Bundle, "header" | "trials">): string[] {
  const machines = Map.groupBy(trials, ({ environment: { cpuModel, cores, kernel } }) =>
    [cpuModel, `${cores} cores`, `kernel ${kernel}`].join(", "),
  );
  const lines = [...machines].map(
    ([machine, own]) => `measured ${days(own.map((one) => one.startedAt))} on ${machine}`,
  );
  return header.note === undefined ? lines : [header.note, ...lines];
}

function days(times: readonly string[]): string {
  const sorted = times.map((time) => time.slice(0, 10)).sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}
