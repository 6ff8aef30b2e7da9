/**
 * When requests are due, in ms from the start, without end. `rate`: requests per second on average.
 * `constant`: at equal distances. `poisson`: independent of each other, by exponential distances. `bursts`: `size` requests
 * at once, at equal distances.
 */
export function* duesOf({ kind, size = 1 }, rate, seed) {
  const meanMs = 1000 / rate;
  const draw = random(seed);
  if (kind === "poisson") for (let due = gap(draw, meanMs); ; due += gap(draw, meanMs)) yield due;
  const together = kind === "bursts" ? size : 1;
  for (let index = 0; ; index++) yield Math.floor(index / together) * together * meanMs;
}

function gap(draw, meanMs) {
  return -meanMs * Math.log(1 - draw());
}

/** Numbers from 0 to below 1. Source: T. Ettinger, Mulberry32. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
