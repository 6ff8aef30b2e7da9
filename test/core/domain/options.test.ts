import { Command } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { experimentSchema } from "../../../scripts/schema.ts";
import { valuesOf } from "../../../src/cli/completion.ts";
import { addSweepOptions } from "../../../src/cli/terminal/sweepOptions.ts";
import { kinds, type ValueKind } from "../../../src/core/domain/levels.ts";
import {
  argumentsOf,
  SWEEP_OPTIONS,
  type SweepFlags,
  type SweepOptions,
  severalLevels,
} from "../../../src/core/domain/options.ts";
import type { Scenario } from "../../../src/core/domain/point.ts";
import { TABLES } from "../../../src/core/domain/tables.ts";
import { toSpec } from "../../../src/core/experiment/defaults.ts";
import { parseExperiment } from "../../../src/core/experiment/file.ts";
import { experimentText, flagsFromExperiment, wishFrom } from "../../../src/core/experiment/flags.ts";
import { columnsOf } from "../../../src/tui/screens/compose/rows.ts";
import {
  type ComposeState,
  composeState,
  flagsOf,
  fromFlags,
  toggled,
  typed,
  typingBegun,
} from "../../../src/tui/screens/compose/state.ts";
import type { LabState } from "../../../src/tui/store/labState.ts";
import { fieldOf } from "../../../src/tui/widgets/field.ts";
import { expectError } from "../../fixtures/errors.ts";

/** The table with two options more. */
const options = {
  ...SWEEP_OPTIONS,
  quicVersion: {
    value: kinds.choice(["off", "1.2", "1.3"]),
    scenario: "quicVersion" as keyof Scenario,
    help: "the version of QUIC that proxies speak",
    default: "off",
    label: "TLS",
  },
  sessions: {
    value: kinds.counts,
    scenario: "sessions" as keyof Scenario,
    help: "TLS sessions that clients keep, such as 8,32",
    inWords: "one for each connection",
    label: "sessions",
    when: ({ quicVersion }) => quicVersion !== "off",
  },
} satisfies SweepOptions;
const flags = { quicVersion: "1.3" } as SweepFlags;
const fallback = { proxies: ["haproxy"], seed: 1 };

function parsed(args: readonly string[], table?: SweepOptions): object {
  const command = addSweepOptions(new Command(), "sweep", {}, table).parse(args, { from: "user" });
  const { keepAlive, probe, ...said } = command.opts();
  return { ...said, ...(keepAlive ? {} : { keepAlive }), ...(probe ? {} : { probe }) };
}

describe("an option added to the table", () => {
  it("is a flag with its help, and its value an argument", () => {
    const help = addSweepOptions(new Command(), "run", {}, options).helpInformation();
    expect(help).toMatch(/--quic-version <name>\s+the version of QUIC that proxies speak \(default: off\)/);
    expect(parsed(["--quic-version", "1.3"], options)).toEqual(flags);
    expect(argumentsOf(flags, options)).toEqual(["--quic-version", "1.3"]);
  });

  it("is a key of experiment files, and a mistake in it has a line", () => {
    expect(parseExperiment("cpu: 1\nquicVersion: '1.2'\n", "e.yaml", { options })).toEqual({
      cpu: [1],
      quicVersion: "1.2",
    });
    const wrong = () => parseExperiment("cpu: 1\nquicVersion: two\n", "e.yaml", { options });
    expectError(wrong, "LAB_EXPERIMENT_FILE", /line 2: quicVersion: .*\boff\b.*\b1\.2\b.*\b1\.3\b/);
    expect(flagsFromExperiment(experimentText(flags, options), "e.yaml", options)).toEqual({ flags });
  });

  it("is in the schema for editors", () => {
    expect(experimentSchema(options)).toMatchObject({
      properties: {
        quicVersion: {
          enum: ["off", "1.2", "1.3", 1.2, 1.3],
          description: "The version of QUIC that proxies speak (default: off).",
        },
      },
    });
  });

  it("lands in the spec: as it was said, or else by its default", () => {
    expect(toSpec(wishFrom(flags, options), fallback, options).scenario).toMatchObject({ quicVersion: "1.3" });
    expect(toSpec({}, fallback, options).scenario).toMatchObject({ quicVersion: "off" });
  });

  it("is a choice or a field of Compose, of what counts beside what else is said", () => {
    const rows = (state: ComposeState) =>
      columnsOf(state, {} as LabState, options).flatMap((column) =>
        column.flatMap((row) => ("id" in row ? row.id : [])),
      );
    const begun = composeState(options);
    expect(rows(begun)).toContain("quicVersion");
    expect(rows(begun)).not.toContain("sessions");
    const chosen = toggled(begun, "quicVersion", options);
    expect(rows(chosen)).toContain("sessions");
    const typing = typingBegun({ ...chosen, cursor: "sessions" }, options);
    const said = { cpu: "0.1..0.7/5", quicVersion: "1.2", sessions: "8" };
    expect(flagsOf(typed(typing, fieldOf("8")), options)).toEqual(said);
    expect(flagsOf(fromFlags(begun, said as SweepFlags, options), options)).toEqual(said);
  });

  it("has its values completed", () => {
    expect(valuesOf("sweep", "quic-version", undefined, { ...TABLES, options })).toEqual([
      { value: "off" },
      { value: "1.2" },
      { value: "1.3" },
    ]);
  });
});

describe("an option of the lab", () => {
  it("refuses as a flag what it means nothing by, and names itself", () => {
    expect(() => wishFrom({ maxWindow: "soon" })).toThrowError(/^--max-window: "soon" is not a time/);
    expect(() => wishFrom({ origin: "here" })).toThrowError(/^--origin: "here" is not an http:/);
  });

  it("takes its default from what else is said", () => {
    expect(toSpec({}, fallback)).toMatchObject({
      plan: "rounds",
      precision: 0.05,
      anchors: 0,
      memoryBytes: [],
      seed: 1,
    });
    expect(toSpec({ rate: [9] }, fallback)).toMatchObject({ plan: "grid", anchors: 6 });
    expect(toSpec({ trials: 12, replicates: 3 }, fallback)).toMatchObject({ plan: "adaptive", anchors: 0 });
    expect(toSpec({ window: 2 }, fallback).scenario).toMatchObject({ windowSeconds: 2, maxWindowSeconds: 4 });
    expect(toSpec({ maxWindow: 2 }, fallback).scenario).toMatchObject({ windowSeconds: 5, maxWindowSeconds: 5 });
    expect(toSpec({ rounds: 3 }, fallback).scenario).toMatchObject({ windowSeconds: 0.6, method: "visit" });
  });

  it("puts rates among the levels, and a share of the capacity into the scenario", () => {
    const rates = toSpec(wishFrom({ rate: "200..800/3" }), fallback);
    expect(rates.requestsPerSecond).toEqual([200, 400, 800]);
    expect(rates.scenario).not.toHaveProperty("rate");
    const share = toSpec(wishFrom({ rate: "70%" }), fallback);
    expect(share).toMatchObject({ requestsPerSecond: [], scenario: { rate: { shareOfCapacity: 0.7 } } });
    expect(toSpec({}, fallback).requestsPerSecond).toEqual([]);
  });

  it("that stands for several rates is not one point", () => {
    const onePoint = { proxy: ["haproxy"], cpu: [0.3] };
    expect(severalLevels(toSpec({ ...onePoint, rate: [200, 400] }, fallback))).toEqual({ flag: "--rate", count: 2 });
    expect(severalLevels(toSpec({ ...onePoint, rate: [200] }, fallback))).toBeUndefined();
    expect(severalLevels(toSpec({ ...onePoint, rate: { shareOfCapacity: 0.5 } }, fallback))).toBeUndefined();
  });

  it("of a rate is asked for where a plan takes several, or where one is said", () => {
    const { when } = SWEEP_OPTIONS.rate;
    expect([{ plan: "grid" }, { plan: "random" }, { plan: "rounds", rate: "500" }].map(when)).toEqual([
      true,
      true,
      true,
    ]);
    expect([{}, { plan: "rounds" }, { plan: "rounds", rate: "" }].map(when)).toEqual([false, false, false]);
  });

  it("is absent from the spec if nothing stands for it", () => {
    const spec = toSpec({}, fallback);
    expect(Object.keys(spec)).not.toContain("budgetSeconds");
    expect(Object.keys(spec.scenario)).not.toContain("rate");
  });
});

/** Texts that a kind of value can be written as. */
function texts(kind: ValueKind): fc.Arbitrary<string | boolean> {
  const { choices, written, name } = kind;
  const count = fc.integer({ min: 1, max: 9_999 }).map(String);
  const listOf = (one: fc.Arbitrary<string>) =>
    fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => all.join(","));
  if (choices) return fc.constantFrom(...choices);
  if (written === "boolean") return fc.boolean();
  const cores = fc.double({ min: 0.01, max: 64, noNaN: true }).map((value) => value.toFixed(2));
  const sizes = fc.tuple(count, fc.constantFrom("", "K", "M", "G")).map((parts) => parts.join(""));
  const known: Readonly<Record<string, fc.Arbitrary<string>>> = {
    names: listOf(fc.constantFrom("haproxy", "traefik", "wrk", "cgroup")),
    counts: listOf(count),
    number: count,
    time: fc.tuple(count, fc.constantFrom("", "ms", "s", "m", "h")).map((parts) => parts.join("")),
    share: fc.integer({ min: 1, max: 99 }).map((percent) => `${percent}%`),
    rates: fc.oneof(listOf(count), fc.constantFrom("70%", "120%", "500..20000/6", "100,200..800/3")),
    arrivals: fc.constantFrom("constant", "poisson", "bursts:50"),
    setting: fc
      .array(fc.constantFrom("haproxy.accessLog=on", "haproxy.frontend=a, b=c", "wrk.x="), {
        minLength: 1,
        maxLength: 3,
      })
      .map((all) => all.join("\n")),
    size: sizes,
    paths: listOf(fc.constantFrom("haproxy.cfg", "/etc/haproxy/conf.d")),
    addresses: listOf(fc.constantFrom("127.0.0.1:9001", "localhost:80", "[::1]:9002")),
    url: fc.webUrl({ validSchemes: ["http"] }),
  };
  if (kind === kinds.memoryLevels) return listOf(sizes);
  if (kind === kinds.ownUrl) return fc.constantFrom("https://127.0.0.1:8443/a", "http://{{listen}}/");
  return known[name] ?? fc.oneof(listOf(cores), fc.constant("0.05..0.9/5"));
}

const written: fc.Arbitrary<SweepFlags> = fc.record(
  Object.fromEntries(
    Object.entries(SWEEP_OPTIONS)
      .filter(([id]) => id !== "title")
      .map(([id, { value }]) => [id, texts(value)]),
  ),
  { requiredKeys: [] },
);
const switchesThatSay = ({ keepAlive, probe, fresh, quick, ...rest }: SweepFlags): SweepFlags => ({
  ...rest,
  ...(probe === false && { probe }),
  ...(keepAlive === false && { keepAlive }),
  ...(fresh && { fresh }),
  ...(quick && { quick }),
});

describe("flags", () => {
  it("come back from the arguments of a command", () => {
    fc.assert(
      fc.property(written, (said) => {
        expect(parsed(argumentsOf(said))).toEqual(switchesThatSay(said));
      }),
    );
  });

  it("come back from an experiment file, which means the same", () => {
    fc.assert(
      fc.property(written, ({ port: _, quick: __, ...said }) => {
        const text = experimentText(said);
        expect(flagsFromExperiment(text, "e.yaml").flags).toEqual(said);
        expect(toSpec(parseExperiment(text, "e.yaml"), fallback)).toEqual(toSpec(wishFrom(said), fallback));
      }),
    );
  });
});
