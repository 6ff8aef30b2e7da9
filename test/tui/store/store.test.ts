import { describe, expect, it } from "vitest";
import { createStore, type Timers } from "../../../src/tui/store/store.ts";

/** A clock that is moved by hand. */
function handClock() {
  let now = 0;
  let due: { at: number; call: () => void }[] = [];
  const clock: Timers = {
    now: () => now,
    after(ms, call) {
      const one = { at: now + ms, call };
      due.push(one);
      return () => {
        due = due.filter((other) => other !== one);
      };
    },
  };
  const move = (ms: number) => {
    now += ms;
    const ready = due.filter(({ at }) => at <= now);
    due = due.filter(({ at }) => at > now);
    for (const { call } of ready) call();
  };
  return { clock, move };
}

function counted(gapMs: (state: number) => number) {
  const { clock, move } = handClock();
  const store = createStore<number>(0, gapMs, clock);
  const told: number[] = [];
  const leave = store.subscribe(() => told.push(store.get()));
  return { store, told, move, leave };
}

const one = (state: number) => state + 1;

describe("the store", () => {
  it("tells of a first change at once", () => {
    const { store, told } = counted(() => 250);
    store.update(one);
    expect(told).toEqual([1]);
  });

  it("tells of all changes within a gap together, when it has ended", () => {
    const { store, told, move } = counted(() => 250);
    for (let i = 0; i < 100; i++) store.update(one);
    expect(told).toEqual([1]);
    move(250);
    expect(told).toEqual([1, 100]);
  });

  it("tells at most four times a second, however often it changes", () => {
    const { store, told, move } = counted(() => 250);
    for (let i = 0; i < 1_000; i++) {
      store.update(one);
      move(10);
    }
    expect(told.length).toBeLessThanOrEqual(41);
    expect(told.at(-1)).toBeGreaterThan(970);
  });

  it("keeps the gap that its state asks for", () => {
    const { store, told, move } = counted((state) => (state < 3 ? 0 : 250));
    store.update(one);
    store.update(one);
    store.update(one);
    store.update(one);
    expect(told).toEqual([1, 2]);
    move(250);
    expect(told).toEqual([1, 2, 4]);
  });

  it("does not tell of a change to the same state, nor those that left", () => {
    const { store, told, leave } = counted(() => 0);
    store.update((state) => state);
    leave();
    store.update(one);
    expect(told).toEqual([]);
  });
});
