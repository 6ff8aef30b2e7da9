import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argumentsOf, SWEEP_OPTIONS, type SweepFlags } from "../../../src/core/domain/options.ts";
import { PLANS } from "../../../src/core/domain/spec.ts";
import { toSpec } from "../../../src/core/experiment/defaults.ts";
import { experimentText, flagsFromExperiment, wishFrom } from "../../../src/core/experiment/flags.ts";
import { columnsOf } from "../../../src/tui/screens/compose/rows.ts";
import {
  type ComposeState,
  commandOf,
  composeState,
  faultIn,
  flagsOf,
  fromFlags,
  toggled,
  typed,
  typingBegun,
} from "../../../src/tui/screens/compose/state.ts";
import { emptyLab } from "../../../src/tui/store/labState.ts";
import { fieldOf } from "../../../src/tui/widgets/field.ts";

const initial = composeState();
const composed = saying({ proxy: "haproxy,traefik", load: "wrk", limiter: "cgroup" });

function saying(said: ComposeState["said"]): ComposeState {
  return { ...initial, said: { ...initial.said, ...said } };
}

/** The plan that a shell would run. */
const planOf = (flags: SweepFlags) => toSpec(wishFrom(flags), { proxies: [], seed: 1 }).plan;

describe("a composed sweep", () => {
  it("is the command of a shell, without what is usual", () => {
    expect(commandOf(composed)).toBe("./lab sweep --proxy haproxy,traefik --cpu 0.1..0.7/5");
    const grid = toggled(saying({ ...composed.said, memory: "64M", trials: "12" }), "plan");
    const command = "./lab sweep --proxy haproxy,traefik --cpu 0.1..0.7/5 --memory 64M";
    expect(commandOf(grid)).toBe(`${command} --plan grid`);
    const random = toggled(grid, "plan");
    expect(commandOf(random)).toBe(`${command} --plan random --trials 12`);
    const adaptive = toggled(random, "plan");
    expect(commandOf(adaptive)).toBe(`${command} --plan adaptive --trials 12`);
    expect(commandOf(toggled(adaptive, "plan"))).toBe(command);
  });

  it("runs in rounds with a precision of its own, but not beside another plan", () => {
    const rounds = saying({ ...composed.said, precision: "3%" });
    expect(commandOf(rounds)).toContain("--precision 3%");
    expect(commandOf(toggled(rounds, "plan"))).not.toContain("--precision");
  });

  it("switches on and off", () => {
    const off = toggled(composed, "probe");
    expect(commandOf(off)).toContain(" --no-probe");
    expect(commandOf(toggled(off, "probe"))).toBe(commandOf(composed));
    expect(flagsOf(fromFlags(initial, flagsOf(off)))).toEqual(flagsOf(off));
  });

  it("quotes what a shell would read otherwise", () => {
    const odd = saying({ ...composed.said, cpu: "0.1; rm 'x'" });
    expect(commandOf(odd)).toContain(`--cpu '0.1; rm '\\''x'\\'''`);
  });

  it("comes back from its own flags, also by way of an experiment file", () => {
    const level = fc.constantFrom("0.1", "0.1,0.4", "0.05..0.9/5");
    const arbitrary = fc.record({
      proxy: fc.uniqueArray(fc.constantFrom("haproxy", "traefik", "squid"), { minLength: 1 }),
      load: fc.uniqueArray(fc.constantFrom("wrk", "ab"), { minLength: 1 }),
      cpu: level,
      memory: fc.constantFrom("", "64M,1G"),
      replicates: fc.constantFrom("1", "3"),
      window: fc.constantFrom("", "600ms", "5s"),
      precision: fc.constantFrom("", "5%", "10%"),
      probe: fc.boolean(),
      forward: fc.boolean(),
      plan: fc.constantFrom(...PLANS),
    });
    fc.assert(
      fc.property(arbitrary, ({ proxy, load, forward, ...others }) => {
        const role = forward ? "forward" : "reverse";
        const state = saying({ ...others, proxy: proxy.join(","), load: load.join(","), limiter: "cgroup", role });
        const flags = flagsOf(state);
        expect(flagsOf(fromFlags(initial, flags))).toEqual(flags);
        expect(planOf(flags)).toBe(others.plan);
        expect(flagsFromExperiment(experimentText(flags), "x.yaml").flags).toEqual(flags);
      }),
    );
  });

  it("keeps what a preset says and the screen has no place for", () => {
    const state = fromFlags(initial, { proxy: "haproxy", cpu: "0.1", rate: "70%", keepAlive: false });
    expect(argumentsOf(flagsOf(state))).toEqual([
      "--proxy",
      "haproxy",
      "--cpu",
      "0.1",
      "--no-keep-alive",
      "--rate",
      "70%",
      "--plan",
      "grid",
    ]);
  });

  it("has a field for offered rates beside plans that take several, and where a preset offers one", () => {
    const shown = (state: ComposeState) =>
      columnsOf(state, emptyLab)
        .flat()
        .some((row) => row.kind === "option" && row.id === "rate");
    expect(shown(composed)).toBe(false);
    const grid = toggled(composed, "plan");
    expect(shown(grid)).toBe(true);
    expect(shown(fromFlags(initial, { proxy: "haproxy", rate: "500" }))).toBe(true);
    expect(commandOf(grid)).not.toContain("--rate");
    const offered = typed(typingBegun({ ...grid, cursor: "rate" }), fieldOf("500..2000/3"));
    expect(commandOf(offered)).toContain(" --rate 500..2000/3");
    expect(faultIn(SWEEP_OPTIONS.rate, "500,70%")).toContain("one share alone");
  });

  it("counts what is typed at once, and says what is wrong with it", () => {
    const state = typed(typingBegun({ ...composed, cursor: "cpu" }), fieldOf("0.1,x"));
    expect(state.said.cpu).toBe("0.1,x");
    expect(faultIn(SWEEP_OPTIONS.cpu, "0.1,x")).toBe('"x" is not a number of cores above 0, such as 0.25');
    expect(faultIn(SWEEP_OPTIONS.cpu, "0.1..0.4/3")).toBeUndefined();
  });

  it("takes an empty field for the default", () => {
    expect(faultIn(SWEEP_OPTIONS.cpu, "")).toBeUndefined();
    expect(commandOf(saying({ ...composed.said, cpu: "", servers: " " }))).toBe("./lab sweep --proxy haproxy,traefik");
  });

  it("says which plan it is if a preset leaves that to what else it says", () => {
    const state = fromFlags(initial, { proxy: "haproxy", until: "5%" });
    expect(state.said.plan).toBe("adaptive");
    expect(flagsOf(state)).toMatchObject({ plan: "adaptive", until: "5%" });
    expect(flagsOf(toggled(state, "plan"))).toMatchObject({ plan: "rounds", until: "5%" });
  });

  it("keeps the proxies that are chosen if a preset names none", () => {
    expect(flagsOf(fromFlags(composed, { cpu: "0.2" }))).toEqual({ proxy: "haproxy,traefik", cpu: "0.2" });
  });
});
