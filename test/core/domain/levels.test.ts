import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kinds } from "../../../src/core/domain/levels.ts";
import { LabError } from "../../../src/core/errors.ts";
import { expectError } from "../../fixtures/errors.ts";

const cpu = (text: string) => kinds.cpuLevels.parse(text, "--cpu");
const memory = (text: string) => kinds.memoryLevels.parse(text, "--memory");

describe("CPU levels", () => {
  it("reads a list", () => expect(cpu("0.1,0.3, 1")).toEqual([0.1, 0.3, 1]));

  it("spreads a range evenly on a log scale, ends included", () => {
    expect(cpu("0.1..1.6/5")).toEqual([0.1, 0.2, 0.4, 0.8, 1.6]);
    expect(cpu("0.05..0.9")).toHaveLength(7);
  });

  it("begins and ends a range with just what was asked for, however many digits that has", () => {
    expect(cpu("1..128")).toEqual([1, 2.2, 5, 11, 25, 57, 128]);
    expect(cpu("0.125..0.5/3")).toEqual([0.125, 0.25, 0.5]);
    expect(cpu("0.124..0.126/3")[1]).toBeGreaterThanOrEqual(0.124);
  });

  it("names a level once", () => expect(cpu("0.1,0.1,0.2")).toEqual([0.1, 0.2]));

  it.each(["0", "-1", "abc", "", "0.1,", "1e-3", "0.9..0.1", "NaN", "Infinity", "0x10"])(
    "refuses %j in one line that names the option",
    (text) => {
      expectError(() => cpu(text), "LAB_USAGE", /^--cpu: /);
    },
  );

  it("reads back whatever positive number is written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6400 }), (hundredths) => {
        expect(cpu(String(hundredths / 100))).toEqual([hundredths / 100]);
      }),
    );
  });

  it("never gives a level that is not a positive number, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          for (const level of cpu(text)) expect(level).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
    );
  });
});

describe("rates of an open loop", () => {
  const rates = (text: string) => kinds.rates.parse(text, "--rate");

  it("are a number, a list, a range with two digits between its ends, or a mix of these", () => {
    expect(rates("500")).toEqual([500]);
    expect(rates("500, 2000,5000")).toEqual([500, 2000, 5000]);
    expect(rates("500..20000/6")).toEqual([500, 1000, 2200, 4600, 9600, 20_000]);
    expect(rates("500..20000")).toHaveLength(7);
    expect(rates("200,1000..4000/3,4000,0.5")).toEqual([200, 1000, 2000, 4000, 0.5]);
  });

  it("are one share of the capacity, at most twice of it", () => {
    expect(rates("70%")).toEqual({ shareOfCapacity: 0.7 });
    expect(rates(" 200% ")).toEqual({ shareOfCapacity: 2 });
    expectError(() => rates("201%"), "LAB_USAGE", /^--rate: "201%" .*\b200%/);
  });

  it.each(["500,70%", "70%,80%", "70%,", "50%..70%", "0%", "%"])(
    "are refused in one line where a share does not stand alone: %j",
    (text) => expectError(() => rates(text), "LAB_USAGE", /^--rate: .*\bshare alone\b.*$/),
  );

  it.each(["", "fast", "0", "-1", "1e3", "5..2", "100..200/1", "1..2/99999999999", "500,,600"])("are not %j", (text) =>
    expectError(() => rates(text), "LAB_USAGE", /^--rate: .*$/),
  );

  const rate = fc.integer({ min: 1, max: 1_000_000 });
  const range = fc
    .tuple(rate, fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 2, max: 30 }))
    .map(([low, more, count]) => ({ text: `${low}..${low + more}/${count}`, ends: [low, low + more] }));
  const one = rate.map((value) => ({ text: String(value), ends: [value] }));

  it("have every rate that is written, lie between the ends of their ranges, and are named once", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(one, range), { minLength: 1, maxLength: 5 }), (parts) => {
        const levels = rates(parts.map(({ text }) => text).join(",")) as readonly number[];
        const ends = parts.flatMap((part) => part.ends);
        expect(levels).toEqual(expect.arrayContaining(ends));
        expect(new Set(levels).size).toBe(levels.length);
        const inside = (level: number) => parts.some(({ ends: [low, high = low] }) => level >= low! && level <= high!);
        expect(levels.filter((level) => !inside(level))).toEqual([]);
      }),
    );
  });

  it("read back what was read, whatever was typed, or are refused", () => {
    const typed = fc.oneof(fc.string(), fc.stringMatching(/^[\d.,%/]{1,12}$/));
    fc.assert(
      fc.property(typed, (text) => {
        try {
          const read = rates(text);
          if ("shareOfCapacity" in read) expect(read.shareOfCapacity).toBeGreaterThan(0);
          else expect(rates(read.map((level) => level.toFixed(20)).join(","))).toEqual(read);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
    );
  });
});

describe("memory levels", () => {
  it("reads units of 1024", () => {
    expect(memory("64M,1G,512K,1048576")).toEqual([64 * 2 ** 20, 2 ** 30, 512 * 2 ** 10, 2 ** 20]);
    expect(memory("64MiB,64mb")).toEqual([64 * 2 ** 20]);
  });

  it.each(["0", "64X", "M", "-1M"])("refuses %j", (text) =>
    expectError(() => memory(text), "LAB_USAGE", /^--memory: /),
  );
});

describe("a size", () => {
  it("is a single one", () => {
    expect(kinds.size.parse("10K", "--body")).toBe(10_240);
    expectError(() => kinds.size.parse("1K,10K", "--body"), "LAB_USAGE", /^--body: "1K,10K"/);
  });
});

describe("counts and times", () => {
  it("takes whole numbers above 0 only", () => {
    expect(kinds.counts.parse("1,3", "--servers")).toEqual([1, 3]);
    for (const text of ["0", "1.5", "-2", "x"])
      expectError(() => kinds.counts.parse(text, "--servers"), "LAB_USAGE", /^--servers: /);
  });

  it("reads times with and without a unit", () => {
    expect(["10", "10s", "500ms", "2m"].map((text) => kinds.time.parse(text, "--window"))).toEqual([10, 10, 0.5, 120]);
    expectError(() => kinds.time.parse("soon", "--window"), "LAB_USAGE", /^--window: "soon"/);
  });

  it("takes 0 only where there may be none", () => {
    expect(["0", "0s", "2s"].map((text) => kinds.timeOrNone.parse(text, "--warmup"))).toEqual([0, 0, 2]);
    expectError(() => kinds.timeOrNone.parse("none", "--warmup"), "LAB_USAGE", /^--warmup: "none"/);
    expectError(() => kinds.time.parse("0", "--window"), "LAB_USAGE", /^--window: "0"/);
  });
});
