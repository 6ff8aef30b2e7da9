import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claims, contradictionsOf, isInDoubt, type Seen } from "../../../../src/core/measure/samples/claims.ts";

const claims: Claims = {
  completedRequests: 10_000,
  failedRequests: 0,
  durationSeconds: 2,
  concurrency: 32,
  keepAlive: true,
};
const seen: Seen = { tookSeconds: 2.03, served: 10_020, peakRate: 5_400, opened: 32 };
const plain = { passesOn: true, keepsConnections: true, closed: 10_000 };

function codes(changed: Partial<Claims>, changedSeen: Partial<Seen> = {}): string[] {
  return contradictionsOf({ ...claims, ...changed }, { ...seen, ...changedSeen }).map(({ code }) => code);
}
function doubted(changed: Partial<Claims>, changedSeen: Partial<Seen> = {}): boolean {
  return isInDoubt({ ...claims, ...changed }, { ...seen, ...changedSeen });
}

describe("a load tool's report", () => {
  it("is believed where it agrees with what the lab saw, and no inquiry is needed", () => {
    expect(codes({})).toEqual([]);
    expect(doubted({})).toBe(false);
  });

  it("is believed where nobody saw anything", () => {
    expect(contradictionsOf(claims, {})).toEqual([]);
    expect(contradictionsOf({ ...claims, keepAlive: false }, {})).toEqual([]);
  });

  it("is believed where the tool is honest, whatever was on its way or failed", () => {
    const honest = fc.record({
      completed: fc.integer({ min: 1, max: 1e6 }),
      failed: fc.integer({ min: 0, max: 1000 }),
      onTheirWay: fc.integer({ min: 0, max: 64 }),
      seconds: fc.double({ min: 0.3, max: 60, noNaN: true }),
      overhead: fc.double({ min: 0, max: 3, noNaN: true }),
      keepAlive: fc.boolean(),
    });
    fc.assert(
      fc.property(honest, ({ completed, failed, onTheirWay, seconds, overhead, keepAlive }) => {
        const told = { ...claims, completedRequests: completed, failedRequests: failed, durationSeconds: seconds };
        const found = contradictionsOf(
          { ...told, keepAlive },
          {
            tookSeconds: seconds + overhead,
            served: completed + failed + onTheirWay,
            peakRate: completed / seconds,
            opened: (keepAlive ? 32 : completed) + failed,
            inquiry: plain,
          },
        );
        expect(found).toEqual([]);
      }),
    );
  });
});

describe("its duration", () => {
  it("is not longer than its process lived", () => {
    expect(codes({ durationSeconds: 4 })).toEqual(["duration"]);
    expect(codes({ durationSeconds: 2.05 })).toEqual([]);
  });

  it("is not so short that the origins never served at the rate that follows", () => {
    expect(codes({ durationSeconds: 1 })).toEqual(["duration"]);
    expect(codes({ durationSeconds: 1.9 })).toEqual([]);
  });

  it("may be short beside a process that takes its time to start and to print", () =>
    expect(codes({}, { tookSeconds: 5 })).toEqual([]));

  it("is not doubted for the rate of a proxy that answers by itself", () => {
    const own = { served: 100, peakRate: 50, inquiry: { ...plain, passesOn: false } };
    expect(codes({}, own)).toEqual([]);
  });
});

describe("its count", () => {
  it.each([
    ["twice", 20_000],
    ["half", 5_000],
  ])("contradicts the origins' where it is %s of it and the proxy passes each request on", (_, completedRequests) => {
    expect(doubted({ completedRequests })).toBe(true);
    expect(codes({ completedRequests }, { inquiry: plain })).toEqual(["count"]);
  });

  it("does not where the proxy answers or repeats requests by itself, or where that is not known", () => {
    expect(codes({ completedRequests: 20_000 }, { inquiry: { ...plain, passesOn: false } })).toEqual([]);
    expect(codes({ completedRequests: 20_000 })).toEqual([]);
  });

  it("may differ by what was on its way, and by what failed", () => {
    expect(doubted({ completedRequests: 200 }, { served: 264 })).toBe(false);
    expect(doubted({ completedRequests: 200, failedRequests: 100 }, { served: 364 })).toBe(false);
    expect(doubted({ completedRequests: 200 }, { served: 265 })).toBe(true);
  });
});

describe("its connections", () => {
  const many = { opened: 10_032 };

  it("are few where they are to be kept", () => {
    expect(doubted({}, many)).toBe(true);
    expect(codes({}, { ...many, inquiry: plain })).toEqual(["connections"]);
  });

  it("are the proxy's doing where it does not keep those of the lab either", () =>
    expect(codes({}, { ...many, inquiry: { ...plain, keepsConnections: false } })).toEqual([]));

  it("are not those that others of this machine made meanwhile", () =>
    expect(codes({}, { ...many, inquiry: { ...plain, closed: 32 } })).toEqual([]));

  it("are one for each request where none is to be kept", () => {
    expect(codes({ keepAlive: false })).toEqual(["connections"]);
    expect(codes({ keepAlive: false }, many)).toEqual([]);
  });
});
