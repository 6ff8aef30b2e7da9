const WHOLE_UNITS = new Set(["requests", "servers", "connections", "kills"]);

/** Round steps from `smallest` to `largest`: 1, 2, 2.5, 5 times a power of ten; powers of two for bytes; whole for counts. */
export function niceSteps(smallest: number, largest: number, unit: string): number[] {
  const steps = unit.startsWith("bytes") ? binarySteps(smallest, largest) : decimalSteps(smallest, largest);
  return WHOLE_UNITS.has(unit) ? [...new Set(steps.map((step) => Math.ceil(step)))] : steps;
}

function decimalSteps(smallest: number, largest: number): number[] {
  const steps: number[] = [];
  for (let power = Math.floor(Math.log10(smallest)); power <= Math.log10(largest) + 1; power += 1) {
    for (const leading of [1, 2, 2.5, 5]) steps.push(Number(`${leading}e${power}`));
  }
  return steps;
}

function binarySteps(smallest: number, largest: number): number[] {
  const steps: number[] = [];
  for (let step = 2 ** Math.floor(Math.log2(smallest)); step <= 2 * largest; step *= 2) steps.push(step);
  return steps;
}
