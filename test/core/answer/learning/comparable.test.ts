import { describe, expect, it } from "vitest";
import { comparableTrials, correlatableTrials } from "../../../../src/core/answer/learning/comparable.ts";
import { trialRecord } from "../../../fixtures/records.ts";

const at = (startedAt: string, changes: Parameters<typeof trialRecord>[0] = {}) =>
  trialRecord({ startedAt, ...changes });
const scenario = trialRecord().scenario;

describe("comparable trials", () => {
  it("are those made under the conditions that were measured most, however new others are", () => {
    const [one, same] = [at("2026-01-01", { point: { cpu: 0.1 } }), at("2026-01-01", { point: { servers: 3 } })];
    const newest = at("2026-01-03", { point: { loadTool: "ab" } });
    const plain = at("2026-01-02", { scenario: { ...scenario, keepAlive: false } });
    expect(comparableTrials([newest, one, plain, same])).toEqual({
      trials: [one, same],
      others: 2,
      differ: ["loadTool", "keepAlive"],
    });
  });

  it("are those that teach most about the figures, and the newest of equals", () => {
    const verdict = { bound: "client-bound", evidence: "" } as const;
    const bound = [1, 2, 3].map(() => at("2026-01-03", { point: { loadTool: "ab" }, verdict }));
    const [old, fresh] = [at("2026-01-01"), at("2026-01-02", { point: { loadTool: "autocannon" } })];
    expect(comparableTrials([fresh, ...bound, old]).trials).toEqual([fresh]);
    const without = { ...fresh, result: { ...fresh.result!, latencyMs: {} } };
    expect(comparableTrials([without, old], ["requestsPerSecond"]).trials).toEqual([without]);
    expect(comparableTrials([without, old], ["latencyMs.p99"]).trials).toEqual([old]);
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
    const found = comparableTrials([elsewhere, older, at("2026-01-02"), at("2026-01-02")]);
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
      differ: ["loop"],
    });
  });

  it("are comparable whatever their rates, but not with those at a share of the capacity", () => {
    expect(comparableTrials(open)).toEqual({ trials: open, others: 0, differ: [] });
    expect(comparableTrials([...open, share])).toEqual({ trials: open, others: 1, differ: ["loop"] });
  });

  it("are not comparable with those whose requests come otherwise", () => {
    const arriving = (kind: "constant" | "poisson") => ({ ...open[0]!, scenario: { ...scenario, arrivals: { kind } } });
    expect(comparableTrials([...open, arriving("constant")]).others).toBe(0);
    expect(comparableTrials([...open, arriving("poisson")]).differ).toEqual(["arrivals"]);
  });

  it("are looked at together where they are the most, but never with those of a closed loop", () => {
    expect(correlatableTrials([closed, ...open])).toEqual({ trials: open, others: 1, differ: ["loop"] });
    expect(correlatableTrials([...open, at("2026-01-09")]).trials).toHaveLength(3);
  });
});
