import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../../src/core/domain/events.ts";
import { planSweep } from "../../../src/core/plan/plan.ts";
import { specOfToday, trialOfToday } from "../../../src/core/store/earlier.ts";
import { trialRecord } from "../../fixtures/records.ts";

/** Events that were recorded before the offered rate was a factor, by the name of their sweep. */
const earlier: Readonly<Record<string, readonly LabEvent[]>> = JSON.parse(
  gunzipSync(readFileSync("test/fixtures/contracts/events.json.gz")).toString(),
);

function only<T extends LabEvent["type"]>(name: string, type: T) {
  return earlier[name]!.filter((event): event is Extract<LabEvent, { type: T }> => event.type === type);
}

const record = trialRecord({ point: { cpu: 0.2 } });
const inScenario = { ...record, scenario: { ...record.scenario, rate: { requestsPerSecond: 500 } } } as never;

describe("what an earlier lab recorded", () => {
  it.each(["grid", "open", "forward", "failed"])("of the sweep %s is planned again just so", (name) => {
    const spec = specOfToday(only(name, "sweep-planned")[0]!.spec);
    expect(spec.requestsPerSecond).toEqual([]);
    const began = only(name, "trial-started").map(({ sequence, point }) => ({ sequence, point }));
    expect(planSweep(spec).map(({ sequence, point }) => ({ sequence, point }))).toEqual(began);
  });

  it("of a share of the capacity stays as it is", () => {
    const [finished] = only("open", "trial-finished");
    expect(finished!.record.scenario.rate).toEqual({ shareOfCapacity: 0.7 });
    expect(trialOfToday(finished!.record)).toEqual(finished!.record);
    const { spec } = only("open", "sweep-planned")[0]!;
    expect(specOfToday(spec).scenario).toEqual(spec.scenario);
  });

  it("of a rate in requests/s has it at the point, and no longer in the scenario", () => {
    const read = trialOfToday<typeof record>(inScenario);
    expect(read.point).toEqual({ ...record.point, requestsPerSecond: 500 });
    expect(read.scenario).toEqual(record.scenario);
    const { spec } = only("grid", "sweep-planned")[0]!;
    const rated = { ...spec, scenario: { ...spec.scenario, rate: { requestsPerSecond: 500 } } } as never;
    expect(specOfToday(rated)).toEqual({ ...spec, requestsPerSecond: [500] });
  });

  it("is read once: what is in today's form stays so", () => {
    const read = trialOfToday<typeof record>(inScenario);
    expect(trialOfToday(read)).toBe(read);
    const spec = specOfToday(only("grid", "sweep-planned")[0]!.spec);
    expect(specOfToday({ ...spec, requestsPerSecond: [200, 400] }).requestsPerSecond).toEqual([200, 400]);
  });
});
