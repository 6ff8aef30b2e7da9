import { describe, expect, it } from "vitest";
import { comparableTrials, correlatableTrials } from "../../../../src/core/answer/learning/comparable.ts";
import { trialRecord } from "../../../fixtures/records.ts";

const at = (startedAt: string, changes: Parameters<typeof trialRecord>[0] = {}) =>
  trialRecord({ startedAt, ...changes });
const scenario = trialRecord().scenario;

describe("comparable trials", () => {
  it("are those made as the newest one was", () => {
    const old = at("2026-01-01", { point: { loadTool: "ab" } });
    const plain = at("2026-01-02", { scenario: { ...scenario, keepAlive: false } });
    const newest = at("2026-01-03", { point: { cpu: 0.1 } });
    const same = at("2026-01-01", { point: { servers: 3 } });
    expect(comparableTrials([old, newest, plain, same])).toEqual({
      trials: [newest, same],
      others: 2,
      differ: ["loadTool", "keepAlive"],
    });
  });

  it("may be visits or have windows of their own", () => {
    const visited = at("2026-01-01", { scenario: { ...scenario, method: "visit" } });
    expect(comparableTrials([visited, at("2026-01-02")]).trials).toHaveLength(2);
  });

  it("may differ in how long they took", () => {
    const short = at("2026-01-01", { scenario: { ...scenario, windowSeconds: 2, warmupSeconds: 0, fresh: true } });
    expect(comparableTrials([short, at("2026-01-02")]).trials).toHaveLength(2);
  });

  it("are of one machine and one version of the proxy", () => {
    const { environment } = trialRecord();
    const elsewhere = at("2026-01-01", { environment: { ...environment, cores: 64 } });
    const older = at("2026-01-01", { environment: { ...environment, versions: { haproxy: "1.0" } } });
    const found = comparableTrials([elsewhere, older, at("2026-01-02")]);
    expect(found).toMatchObject({ others: 2, differ: ["machine", "proxyVersion"] });
  });

  it("are none of none", () => expect(comparableTrials([])).toEqual({ trials: [], others: 0, differ: [] }));
});

describe("trials of an open loop", () => {
  const offered = (startedAt: string, requestsPerSecond: number) => at(startedAt, { point: { requestsPerSecond } });
  const share = at("2026-01-05", { scenario: { ...scenario, rate: { shareOfCapacity: 0.7 } } });
  const closed = at("2026-01-01");
  const open = [offered("2026-01-02", 500), offered("2026-01-03", 900), offered("2026-01-04", 500)];

  it("are left out beside those of a closed one, however new they are, and it is told why", () => {
    expect(comparableTrials([closed, ...open, share])).toEqual({
      trials: [closed],
      others: 4,
      differ: ["loop", "rate"],
    });
  });

  it("are comparable at the rate of the newest, where there are no others", () => {
    expect(comparableTrials(open)).toEqual({ trials: [open[0], open[2]], others: 1, differ: ["rate"] });
    expect(comparableTrials([...open, share]).trials).toEqual([share]);
  });

  it("are looked at together whatever their rates, but never with those of a closed loop", () => {
    expect(correlatableTrials([closed, ...open])).toEqual({ trials: open, others: 1, differ: ["loop"] });
    expect(correlatableTrials([...open, at("2026-01-09")]).trials).toHaveLength(1);
  });
});
