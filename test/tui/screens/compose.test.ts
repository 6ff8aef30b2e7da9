import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argumentsOf } from "../../../src/core/domain/options.ts";
import { experimentText, flagsFromExperiment } from "../../../src/core/experiment/flags.ts";
import { fieldKinds, problemOf } from "../../../src/tui/screens/compose/fields.ts";
import {
  type ComposeState,
  commandOf,
  flagsOf,
  fromFlags,
  initialCompose,
  toggled,
  typed,
  typingBegun,
} from "../../../src/tui/screens/compose/state.ts";
import { fieldOf } from "../../../src/tui/widgets/field.ts";

const composed: ComposeState = {
  ...initialCompose,
  picked: { proxy: ["haproxy", "traefik"], load: ["wrk"], limiter: ["cgroup"] },
};

describe("a composed sweep", () => {
  it("is the command of a shell, without what is usual", () => {
    expect(commandOf(composed)).toBe("./lab sweep --proxy haproxy,traefik --cpu 0.1..0.7/5");
    const random = toggled({ ...composed, texts: { ...composed.texts, memory: "64M", trials: "12" } }, "plan");
    expect(commandOf(random)).toBe(
      "./lab sweep --proxy haproxy,traefik --plan random --cpu 0.1..0.7/5 --memory 64M --trials 12",
    );
    expect(commandOf(toggled(random, "plan"))).toContain("--plan adaptive");
    expect(commandOf(toggled(toggled(random, "plan"), "plan"))).toBe(
      "./lab sweep --proxy haproxy,traefik --cpu 0.1..0.7/5 --memory 64M",
    );
  });

  it("quotes what a shell would read otherwise", () => {
    const odd = { ...composed, texts: { ...composed.texts, cpu: "0.1; rm 'x'" } };
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
        const state: ComposeState = {
          ...initialCompose,
          picked: { proxy, load, limiter: ["cgroup"] },
          role: forward ? "forward" : "reverse",
          plan: adaptive ? "adaptive" : "grid",
          texts: { ...initialCompose.texts, cpu, memory, replicates },
        };
        const flags = flagsOf(state);
        expect(flagsOf(fromFlags(initialCompose, flags))).toEqual(flags);
        expect(flagsFromExperiment(experimentText(flags), "x.yaml").flags).toEqual(flags);
      }),
    );
  });

  it("keeps what a preset says and the screen has no place for", () => {
    const state = fromFlags(initialCompose, { proxy: "haproxy", cpu: "0.1", rate: "70%", keepAlive: false });
    expect(argumentsOf(flagsOf(state))).toEqual([
      "--proxy",
      "haproxy",
      "--cpu",
      "0.1",
      "--rate",
      "70%",
      "--no-keep-alive",
    ]);
  });

  it("counts what is typed at once, and says what is wrong with it", () => {
    const state = typed(typingBegun({ ...composed, cursor: "field/cpu" }), fieldOf("0.1,x"));
    expect(state.texts.cpu).toBe("0.1,x");
    const cpu = fieldKinds[0]!;
    expect(problemOf(cpu, "0.1,x")).toBe('"x" is not a number of cores above 0, such as 0.25');
    expect(problemOf(cpu, "0.1..0.4/3")).toBeUndefined();
    expect(problemOf(cpu, "")).toBe("say which levels");
  });
});
