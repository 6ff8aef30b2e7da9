import { describe, expect, it } from "vitest";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { openLoopTools } from "../../../src/core/plan/openLoop.ts";
import autocannon from "../../../src/plugins/load/autocannon.ts";
import pacer from "../../../src/plugins/load/pacer.ts";
import vegeta from "../../../src/plugins/load/vegeta.ts";

const spec: SweepSpec = { ...gridSpec, proxies: ["haproxy"], requestsPerSecond: [500], seed: 1 };
const tools = [autocannon, pacer, vegeta].map((plugin) => ({ plugin }));
const wantedFor = (changes: Partial<SweepSpec>) =>
  openLoopTools({ ...spec, ...changes }, tools).map(({ plugin }) => plugin.id);

describe("the load tool of an open loop", () => {
  it("is vegeta, and pacer where there is none", () => {
    expect(wantedFor({})).toEqual(["vegeta", "pacer"]);
    expect(openLoopTools(spec, [{ plugin: pacer }])).toEqual([{ plugin: pacer }]);
  });

  it("is pacer where vegeta cannot send so", () => {
    expect(wantedFor({ role: "forward" })).toEqual(["pacer"]);
    expect(wantedFor({ scenario: { ...spec.scenario, arrivals: { kind: "poisson" } } })).toEqual(["pacer"]);
  });
});
