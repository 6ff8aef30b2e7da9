import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argumentsOf, SWEEP_OPTIONS } from "../../../src/core/domain/options.ts";
import { experimentText, flagsFromExperiment } from "../../../src/core/experiment/flags.ts";
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
import { fieldOf } from "../../../src/tui/widgets/field.ts";

const initial = composeState();
const composed = saying({ proxy: "haproxy,traefik", load: "wrk", limiter: "cgroup" });

function saying(said: ComposeState["said"]): ComposeState {
  return { ...initial, said: { ...initial.said, ...said } };
}

describe("a composed sweep", () => {
  it("is the command of a shell, without what is usual", () => {
    expect(commandOf(composed)).toBe("./lab sweep --proxy haproxy,traefik --cpu 0.1..0.7/5");
    const random = toggled(saying({ ...composed.said, memory: "64M", trials: "12" }), "plan");
    expect(commandOf(random)).toBe(
      "./lab sweep --proxy haproxy,traefik --cpu 0.1..0.7/5 --memory 64M --plan random --trials 12",
    );
    expect(commandOf(toggled(random, "plan"))).toContain("--plan adaptive");
    expect(commandOf(toggled(toggled(random, "plan"), "plan"))).toBe(
      "./lab sweep --proxy haproxy,traefik --cpu 0.1..0.7/5 --memory 64M",
    );
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
      forward: fc.boolean(),
      adaptive: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitrary, ({ proxy, load, cpu, memory, replicates, forward, adaptive }) => {
        const state = saying({
          ...{ proxy: proxy.join(","), load: load.join(","), limiter: "cgroup", cpu, memory, replicates },
          ...{ role: forward ? "forward" : "reverse", plan: adaptive ? "adaptive" : "grid" },
        });
        const flags = flagsOf(state);
        expect(flagsOf(fromFlags(initial, flags))).toEqual(flags);
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
    ]);
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
    expect(flagsOf(toggled(state, "plan"))).toMatchObject({ plan: "grid", until: "5%" });
  });

  it("keeps the proxies that are chosen if a preset names none", () => {
    expect(flagsOf(fromFlags(composed, { cpu: "0.2" }))).toEqual({ proxy: "haproxy,traefik", cpu: "0.2" });
  });
});
