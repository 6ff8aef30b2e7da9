/** State outside React: read, change, and be told. */
export interface StateStore<T> {
  get(): T;
  /** Changes the state. Nobody is told where the change gives back what there was. */
  update(change: (state: T) => T): void;
  /** Called after changes, at most once per gap; the returned function ends it. */
  subscribe(listener: () => void): () => void;
}

/** Time and timers, to be replaced in tests. */
export interface Timers {
  now(): number;
  /** Calls back after so many milliseconds; the returned function calls that off. */
  after(ms: number, call: () => void): () => void;
}

export const realTimers: Timers = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * A store whose listeners are told at once, but never more often than every `gapMs(state)` milliseconds: what changes in
 * between is told together, at the end of the gap.
 */
export function createStore<T>(initial: T, gapMs: (state: T) => number, timers: Timers = realTimers): StateStore<T> {
  const listeners = new Set<() => void>();
  let state = initial;
  let toldAt = Number.NEGATIVE_INFINITY;
  let waiting = false;

  function tell(): void {
    waiting = false;
    toldAt = timers.now();
    for (const listener of [...listeners]) listener();
  }

  return {
    get: () => state,
    update(change) {
      const next = change(state);
      if (Object.is(next, state)) return;
      state = next;
      if (waiting) return;
      const left = toldAt + gapMs(state) - timers.now();
      if (left <= 0) return tell();
      waiting = true;
      timers.after(left, tell);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
