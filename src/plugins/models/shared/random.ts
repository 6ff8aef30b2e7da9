/** Numbers in [0, 1) by mulberry32 (Tommy Ettinger, public domain), the same for the same seed and stream. */
export function generator(seed: number, stream = 0): () => number {
  // Neighbouring seeds and streams must not give neighbouring states.
  let state = Math.imul(seed ^ (seed / 2 ** 32), 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
