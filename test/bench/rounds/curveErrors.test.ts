import { describe, expect, it } from "vitest";
import { errorsAtLevels } from "../../../bench/rounds/curveErrors.ts";
import { simulatedVisits } from "../../../bench/rounds/simulate.ts";
import { mean } from "../../../src/core/statistics/index.ts";

const cpu = [0.05, 0.1, 0.2, 0.4, 0.8];
const visits = simulatedVisits({ id: "curve", cpu, rounds: 40, proxies: { haproxy: 30_000 } });

describe("the errors of a curve", () => {
  it("are fewer from more visits", async () => {
    const [few, many] = await Promise.all(
      [3, 20].map((rounds) => errorsAtLevels(visits.slice(0, 5 * rounds), visits, [])),
    );
    expect(few).toHaveLength(cpu.length);
    expect(mean(few!)).toBeLessThan(0.15);
    expect(mean(many!)).toBeLessThan(mean(few!));
  });

  it("have no bound at a level that was not visited and that no model answers for", async () => {
    const drawn = visits.slice(0, 30).filter(({ point }) => point.cpu !== 0.2);
    const errors = await errorsAtLevels(drawn, visits, []);
    expect(errors.filter((error) => error === Number.POSITIVE_INFINITY)).toHaveLength(1);
  });
});
