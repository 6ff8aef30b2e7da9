import { describe, expect, it } from "vitest";
import { defineProxy, type InstallHints } from "../../../../src/core/contract/index.ts";
import { Registry } from "../../../../src/core/hosting/registry.ts";
import { installableNames, type Machine, planSetup } from "../../../../src/core/machine/provision/setup.ts";
import type { LocalHost } from "../../../../src/core/process/host.ts";

/** A machine with npm and cargo, and no other program. */
const host: Partial<LocalHost> = {
  platform: "linux",
  root: true,
  env: {},
  findProgram: async () => ({ available: false, reason: "not on this machine" }),
  probe: async ([name]) => (name === "npm" || name === "cargo" ? { code: 0, stdout: "1\n", stderr: "" } : undefined),
  readText: async () => undefined,
};

function machine(programs: Record<string, InstallHints>): Machine {
  const entries = Object.entries(programs).map(([id, install]) => {
    const program = { executables: [id], versionArguments: ["-v"], versionPattern: "(.*)", install };
    const supports = { roles: ["reverse" as const], balancing: true };
    const plugin = defineProxy({ id, title: id, program, supports, plan: () => ({ argv: [id] }) });
    return { plugin, options: {}, source: id };
  });
  return { host: host as LocalHost, registry: new Registry(entries), dataDir: "/data" };
}

const programsOf = async (on: Machine, names?: readonly string[]) => {
  const { steps, byHand } = await planSetup(on, names);
  return [...new Set([...steps.flatMap(({ programs }) => programs), ...byHand.map(({ program }) => program)])];
};

describe("setup", () => {
  const both = machine({ light: { npm: ["light"] }, slow: { cargo: ["slow@1"] } });

  it("builds with cargo, which takes long, only what it is told to", async () => {
    expect(await programsOf(both)).toEqual(["light", "nginx"]);
    expect(await programsOf(both, ["slow"])).toEqual(["slow"]);
  });

  it("knows what must be built from what is quickly there", () => {
    expect(installableNames(both)).toEqual(["light", "slow", "nginx"]);
    expect(installableNames(both, { quick: true })).toEqual(["light", "nginx"]);
  });

  it("installs nginx once, whether it serves as an origin or is a proxy, too", () => {
    expect(installableNames(machine({ nginx: { npm: ["nginx"] } }))).toEqual(["nginx"]);
    expect(installableNames(machine({}))).toEqual(["nginx"]);
  });
});
