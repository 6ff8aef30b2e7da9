import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { gridSpec } from "../../src/core/experiment/defaults.ts";
import { Store } from "../../src/core/store/store.ts";
import { expectRefusal } from "../fixtures/errors.ts";
import { trialRecord } from "../fixtures/records.ts";
import { runCli } from "../fixtures/runCli.ts";
import type { Run } from "../fixtures/runLab.ts";
import { visits } from "../fixtures/visits.ts";

const levels = [0.1, 0.2, 0.3, 0.5];

/** A store with one sweep of each list of trials. */
function storeOf(sweeps: Readonly<Record<string, readonly TrialRecord[]>>): string {
  const dir = mkdtempSync(join(tmpdir(), "lab-analysis-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "lab.sqlite");
  const store = Store.open(path);
  for (const [id, records] of Object.entries(sweeps)) {
    const proxies = [...new Set(records.map(({ point }) => point.proxy))];
    store.addSweep(id, { ...gridSpec, proxies, seed: 1 });
    records.forEach(
      (record, sequence) => void store.addTrial({ ...record, id: `${id}.${sequence}`, sweepId: id, sequence }),
    );
  }
  store.close();
  return path;
}

/** Requests/s follow CPU with a ripple of 2 %; `speed` scales them. */
function trials(proxy: string, speed: number, replicates = 2): TrialRecord[] {
  return Array.from({ length: replicates }, (_, replicate) =>
    levels.map((cpu, index) => {
      const ripple = 1 + 0.02 * Math.sin(7 * index + 3 * replicate + proxy.length);
      const base = trialRecord({ replicate, point: { proxy, cpu } });
      return { ...base, result: { ...base.result!, requestsPerSecond: 30_000 * cpu * speed * ripple } };
    }),
  ).flat();
}

const lab = (store: string, ...args: string[]) => runCli([...args, "--store", store]);
/** What a command says on stderr beside its results, line by line. */
const warnings = ({ stderr }: Run) => stderr.trim().split("\n");

describe("lab compare", () => {
  const both = () => storeOf({ s1: [...trials("haproxy", 1), ...trials("traefik", 0.5)] });

  it("gives two proxies of a sweep as a ratio with its interval", async () => {
    const { code, stdout } = await lab(both(), "compare", "haproxy", "traefik");
    expect(code).toBe(0);
    expect(stdout).toContain("traefik is lower");
    expect(stdout).toMatch(/traefik \/ haproxy = 0\.5\d\d \(0\.\d+ to 0\.\d+, 95 %, 8 pairs\)/);
  });

  it("prints the same as JSON", async () => {
    const { stdout } = await lab(both(), "compare", "haproxy", "traefik", "--json");
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({
      first: "haproxy",
      second: "traefik",
      verdict: "lower",
      apart: false,
      regressed: false,
    });
    expect(found.pairings).toHaveLength(4);
  });

  it.each([
    [["wrk", "ab"], "load tool", "--by loadTool"],
    [["haproxy", "docker"], "limiter", "--by limiter"],
  ])("says what is compared to who names other parts: %s", async (names, part, instead) => {
    const refused = await lab(both(), "compare", ...names);
    expectRefusal(refused, "LAB_USAGE", part, instead);
  });

  it("exits with 5 when the second is worse by more than allowed, and else with 0", async () => {
    const store = both();
    expect((await lab(store, "compare", "haproxy", "traefik", "--max-regress", "5%")).code).toBe(5);
    expect((await lab(store, "compare", "haproxy", "traefik", "--max-regress", "60%")).code).toBe(0);
    expect((await lab(store, "compare", "traefik", "haproxy", "--max-regress", "5%")).code).toBe(0);
  });

  it("does not call worse what is neither good nor bad", async () => {
    const using = (proxy: string, cores: number) =>
      trials(proxy, 1).map((record, i) => {
        const loadToolCpu = cores * (1 + 0.01 * Math.sin(i + proxy.length));
        return { ...record, usage: { ...record.usage!, loadToolCpu } };
      });
    const store = storeOf({ s1: [...using("haproxy", 0.4), ...using("squid", 0.2)] });
    const args = ["compare", "haproxy", "squid", "--figure", "loadToolCpu", "--max-regress", "5%", "--json"];
    const { code, stdout } = await lab(store, ...args);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "lower", regressed: false });
    expect(code).toBe(0);
  });

  it("compares two sweeps, and says that they were made at different times", async () => {
    const store = storeOf({ s1: trials("haproxy", 1), s2: trials("haproxy", 0.7) });
    const { stdout, code } = await lab(store, "compare", "s1", "s2", "--max-regress", "10%", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "lower", apart: true, regressed: true });
    expect(code).toBe(5);
  });

  it("does not call two sweeps different where no run was repeated to know what they differ by", async () => {
    const store = storeOf({ s1: trials("haproxy", 1, 1), s2: trials("haproxy", 0.7, 1) });
    const { stdout, code } = await lab(store, "compare", "s1", "s2", "--max-regress", "10%", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "too few", apart: true, regressed: false });
    expect(code).toBe(0);
  });

  it("exits with 7 where nothing can be told, if that is to fail", async () => {
    const store = storeOf({ s1: trials("haproxy", 1, 1), s2: trials("haproxy", 0.7, 1) });
    const judge = (...flags: string[]) => lab(store, "compare", "s1", "s2", ...flags);
    const { stdout, code } = await judge("--max-regress", "10%", "--fail-on-unstable", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "too few", gate: "unstable", regressed: false });
    expect(code).toBe(7);
    expect((await judge("--fail-on-unstable")).code).toBe(7);
    expect((await judge("--max-regress", "10%")).code).toBe(0);
  });

  it("finds out whether what matters can be told", async () => {
    const store = storeOf({ s1: [...trials("haproxy", 1), ...trials("squid", 1)] });
    const judge = async (...flags: string[]) => {
      const { stdout, code } = await lab(
        store,
        "compare",
        "haproxy",
        "squid",
        "--fail-on-unstable",
        "--json",
        ...flags,
      );
      return { code, verdict: JSON.parse(stdout).verdict };
    };
    expect(await judge("--detect", "20%")).toEqual({ code: 0, verdict: "no difference" });
    expect(await judge("--detect", "0.1%")).toEqual({ code: 7, verdict: "unstable" });
    expect(await judge("--max-regress", "20%")).toEqual({ code: 0, verdict: "no difference" });
  });

  it("tells of other machines, and judges across them only when asked to", async () => {
    const elsewhere = trials("haproxy", 0.7).map((one) => ({ ...one, environment: { ...one.environment, cores: 8 } }));
    const args = ["compare", "s1", "s2", "--max-regress", "10%"];
    const store = storeOf({ s1: trials("haproxy", 1), s2: elsewhere });
    const { stdout, code } = await lab(store, ...args, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      gate: "other machines",
      regressed: false,
      machines: { differ: [{ what: "cores", first: ["2"], second: ["8"] }] },
    });
    expect(code).toBe(0);
    expect((await lab(store, ...args)).stdout).toContain("--across-machines");
    expect((await lab(store, ...args, "--across-machines")).code).toBe(5);
  });

  it("refuses names that are neither two proxies of a sweep nor two sweeps", async () => {
    const run = await lab(both(), "compare", "haproxy", "nginx");
    expectRefusal(run, "LAB_NO_DATA", /haproxy.*\bnginx\b.*\n.*--proxy haproxy,nginx/);
  });

  it("refuses a share that is none", async () => {
    const run = await lab(both(), "compare", "haproxy", "traefik", "--max-regress", "lots");
    expectRefusal(run, "LAB_USAGE", '--max-regress: "lots"');
  });
});

describe("lab models", { timeout: 30_000 }, () => {
  it("compares all models on points left out and says which answers", async () => {
    const { code, stdout } = await lab(
      storeOf({ s1: trials("haproxy", 1, 3) }),
      "models",
      "--proxy",
      "haproxy",
      "--json",
    );
    expect(code).toBe(0);
    const { models, used } = JSON.parse(stdout);
    expect(models.map(({ model }: { model: string }) => model)).toEqual(
      expect.arrayContaining(["capacity-law", "forest", "gaussian-process", "mean", "random-forest"]),
    );
    expect(["mean", "random-forest", "random-forest-log", "k-nearest", "decision-tree"]).not.toContain(used);
    const law = models.find(({ model }: { model: string }) => model === "capacity-law");
    expect(law.medianApe).toBeLessThan(0.05);
  });

  it("gives the parameters of the model that answers, in the unit of the figure", async () => {
    const straight = trials("haproxy", 1, 3).map((trial): TrialRecord => {
      return { ...trial, result: { ...trial.result!, requestsPerSecond: 30_000 * trial.point.cpu } };
    });
    const store = storeOf({ s1: straight });
    const { stdout } = await lab(store, "models", "--proxy", "haproxy");
    expect(stdout).toMatch(/^figure (per core|at the middle of the rows) +\S+k +requests\/s$/m);
    const { stdout: json } = await lab(store, "models", "--proxy", "haproxy", "--json");
    const ofFigure = { name: expect.stringMatching(/^figure /), value: expect.any(Number), unit: "requests/s" };
    expect(JSON.parse(json).parameters).toContainEqual(ofFigure);
  });

  it("lets one be asked by name", async () => {
    const question = ["predict", "--proxy", "haproxy", "--cpu", "0.3", "--model", "mean", "--json"];
    const { stdout } = await lab(storeOf({ s1: trials("haproxy", 1, 3) }), ...question);
    expect(JSON.parse(stdout).model).toBe("mean");
  });
});

describe("lab floor", () => {
  it("looks at one proxy, and finds the limit itself", async () => {
    const store = storeOf({});
    const floor = (...args: string[]) => lab(store, "floor", ...args);
    expectRefusal(await floor(), "LAB_USAGE", "proxy");
    expectRefusal(await floor("--proxy", "haproxy", "--memory", "64M"), "LAB_USAGE", "--memory");
    expectRefusal(await floor("--proxy", "haproxy", "--cpu", "0.1,0.2"), "LAB_USAGE", "one setting");
  });
});

/** Trials at a dozen CPU limits: what the predictor answers from. */
function curve(proxy: string, speed: number): TrialRecord[] {
  return Array.from({ length: 12 }, (_, i) => {
    const cpu = Number((0.05 * 18 ** (i / 11)).toFixed(3));
    const base = trialRecord({ point: { proxy, cpu, memoryBytes: 2 ** 26 } });
    const rate = 30_000 * cpu * speed * (1 + 0.03 * Math.sin(5 * i));
    const latencyMs = { mean: 3, p99: 20 + 5 / cpu };
    return { ...base, result: { ...base.result!, requestsPerSecond: rate, latencyMs } };
  });
}

/** Open loops at three rates, whose p99 turns up where the limit comes near the use. */
function openLoops(): TrialRecord[] {
  return [500, 1000, 2000].flatMap((requestsPerSecond) =>
    [0.6, 0.8, 1, 1.25, 1.6, 2].map((share, i) => {
      const cpu = Number((share * requestsPerSecond * 1e-4).toPrecision(3));
      const base = trialRecord({ point: { proxy: "haproxy", cpu, requestsPerSecond, loadTool: "pacer" } });
      const latencyMs = { mean: 2, p99: (2 + 20 / share ** 6) * (1 + 0.03 * Math.sin(5 * i)) };
      const bound = share > 1 ? ("rate-bound" as const) : ("proxy-bound" as const);
      const served = requestsPerSecond * Math.min(1, share);
      const result = { ...base.result!, requestsPerSecond: served, latencyMs };
      return { ...base, result, verdict: { bound, evidence: "" } };
    }),
  );
}

describe("lab chart", { timeout: 30_000 }, () => {
  it("draws p99 against the rate where a sweep has several rates, requests/s against CPU where it has none", async () => {
    const drawn = async (records: TrialRecord[], ...args: string[]) =>
      JSON.parse((await lab(storeOf({ s1: records }), "chart", "--json", ...args)).stdout);
    expect(await drawn(openLoops())).toMatchObject({ x: { label: "offered rate" }, y: { unit: "ms" } });
    expect(await drawn(openLoops(), "--x", "cpu")).toMatchObject({ x: { label: "CPU bandwidth" }, y: { unit: "ms" } });
    expect(await drawn(curve("haproxy", 1))).toMatchObject({
      x: { label: "CPU bandwidth" },
      y: { unit: "requests/s" },
    });
  });

  it("draws a map over CPU limits and rates", async () => {
    const path = storeOf({ s1: openLoops() });
    const { code, stdout } = await lab(path, "chart", "--map");
    expect(code).toBe(0);
    expect(stdout).toMatch(/cpu \/ requests\/s +500 +1,000 +2,000/);
    const [map] = JSON.parse((await lab(path, "chart", "--map", "--json", "--y", "requestsPerSecond")).stdout);
    expect(map).toMatchObject({ rates: [500, 1000, 2000], unit: "requests/s" });
    expectRefusal(await lab(storeOf({ s1: curve("haproxy", 1) }), "chart", "--map"), "LAB_NO_DATA", "--rate");
  });
});

describe("lab predict", { timeout: 30_000 }, () => {
  const store = () => storeOf({ s1: curve("haproxy", 1) });

  it("draws the whole curve, with a table", async () => {
    const { code, stdout } = await lab(store(), "predict", "--proxy", "haproxy", "--curve", "cpu");
    expect(code).toBe(0);
    expect(stdout).toContain("requests/s of haproxy against CPU bandwidth");
    expect(stdout).toMatch(/0\.05 +1\.\d+k +\S+ to \S+/);
  });

  it("prints the curve as JSON", async () => {
    const { stdout } = await lab(store(), "predict", "--proxy", "haproxy", "--curve", "cpu", "--json");
    const { curve: points, figure, confidence } = JSON.parse(stdout);
    expect([figure, confidence, points.length]).toEqual(["requestsPerSecond", 0.9, 25]);
    expect(Object.keys(points[0])).toEqual(["cpu", "estimate", "low", "high", "lower", "upper"]);
  });

  it("says of the latency of closed loops that it is the one at saturation", async () => {
    const predict = ["predict", "--proxy", "haproxy", "--figure", "latencyMs.p99", "--model", "capacity-law"];
    const at = /at saturation, with 32 connections/;
    expect((await lab(store(), ...predict, "--curve", "cpu")).stdout).toMatch(at);
    const { stdout } = await lab(store(), ...predict, "--cpu", "0.3");
    expect(stdout).toMatch(/^haproxy at 0\.3 cpu: latencyMs\.p99 .* at saturation, with 32 connections, 90 % sure/);
  });

  it("answers about every figure that was measured", async () => {
    const args = ["predict", "--proxy", "haproxy", "--cpu", "0.3", "--figure", "latencyMs.p99,failedShare", "--json"];
    const { stdout } = await lab(store(), ...args);
    const [p99, failed] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(p99.latencyMs.p99.estimate).toBeGreaterThan(25);
    expect(failed.failedShare).toMatchObject({ estimate: 0, low: 0, high: 0 });
  });

  it("goes along the rates of open loops at a CPU limit", async () => {
    const path = storeOf({ s1: openLoops() });
    const predict = [
      "predict",
      "--proxy",
      "haproxy",
      "--model",
      "linear",
      "--figure",
      "latencyMs.p99",
      "--curve",
      "rate",
    ];
    const { code, stdout } = await lab(path, ...predict, "--cpu", "0.1");
    expect(code).toBe(0);
    expect(stdout).toContain("p99 latency of haproxy against offered rate");
    const answer = JSON.parse((await lab(path, ...predict, "--cpu", "0.1", "--json")).stdout);
    const rates = answer.curve.map((point: Record<string, number>) => point.offeredRequestsPerSecond);
    expect([rates.length, rates[0], rates.at(-1)]).toEqual([25, 500, 2000]);
    expectRefusal(await lab(path, ...predict), "LAB_USAGE", "--cpu");
    expectRefusal(await lab(path, ...predict, "--cpu", "0.1", "--rate", "700"), "LAB_USAGE", "--rate");
    expect((await lab(storeOf({ s1: curve("haproxy", 1) }), ...predict, "--cpu", "0.1")).code).toBe(4);
  });

  it("takes the rate of an open loop as a level", async () => {
    const path = storeOf({ s1: curve("haproxy", 1), s2: openLoops() });
    const predict = [
      "predict",
      "--proxy",
      "haproxy",
      "--cpu",
      "0.2",
      "--figure",
      "requestsPerSecond,latencyMs.p99",
      "--json",
    ];
    const { stdout } = await lab(path, ...predict, "--rate", "1000");
    const [rate, p99] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rate).toMatchObject({ offeredRequestsPerSecond: 1000, requestsPerSecond: { confidence: 0.9 } });
    expect(p99.data).toMatchObject({ latency: "at a rate", conditions: { loop: "open" } });
    expect(JSON.parse((await lab(path, ...predict, "--rate", "9000")).stdout.split("\n")[0]!).refusal.code).toBe(
      "not-measured",
    );
  });

  it("says what is missing in a question", async () => {
    const predict = (...args: string[]) => lab(store(), "predict", ...args);
    expectRefusal(await predict("--proxy", "haproxy"), "LAB_USAGE", "--cpu", "--curve");
    expectRefusal(await predict("--cpu", "0.3"), "LAB_USAGE", "proxy");
    expectRefusal(await predict("--proxy", "haproxy", "--curve", "memory"), "LAB_USAGE", '"memory"');
  });

  it("takes a confidence as a share or in per cent, and none that is neither", async () => {
    const answer = (confidence: string) =>
      lab(store(), "predict", "--proxy", "haproxy", "--cpu", "0.3", "--json", "--confidence", confidence);
    for (const text of ["0.8", "80%"]) expect((await answer(text)).stdout).toContain('"confidence":0.8');
    expectRefusal(await answer("90"), "LAB_USAGE", '--confidence: "90"');
  });

  it("answers from saved models, and says what they do not know", async () => {
    const path = store();
    const file = `${path}.models.json`;
    const saved = await lab(path, "models", "--proxy", "haproxy", "--save", file);
    expect(saved.stderr).toMatch(new RegExp(`${file}: requestsPerSecond\\b`));
    const question = ["--cpu", "0.3", "--json"];
    const fromFile = await lab(path, "predict", "--from", file, ...question);
    const fromStore = await lab(path, "predict", "--proxy", "haproxy", ...question);
    expect(JSON.parse(fromFile.stdout)).toEqual(JSON.parse(fromStore.stdout));
    expect(warnings(fromFile)).toEqual([expect.stringContaining("(test, 2 cores)")]);
    const same = await lab(path, "models", "--from", file, "--save", file);
    expectRefusal(same, "LAB_USAGE", "--from", "--save", "--calibrate");
    const elsewhere = await lab(storeOf({ s2: curve("haproxy", 2) }), "predict", "--from", file, ...question);
    expect(warnings(elsewhere)).toContainEqual(expect.stringMatching(/\b12 trials\b/));
  });
});

describe("saved models", { timeout: 30_000 }, () => {
  it("know the trials that they learned from where some lack a figure", async () => {
    const trials = curve("haproxy", 1).map((record, i) => {
      return i === 3 ? { ...record, result: { ...record.result!, latencyMs: { mean: 3 } } } : record;
    });
    const path = storeOf({ s1: trials });
    const file = `${path}.models.json`;
    await lab(path, "models", "--proxy", "haproxy", "--save", file);
    const run = await lab(path, "predict", "--from", file, "--cpu", "0.3");
    expect(run.code).toBe(0);
    expect(warnings(run)).toEqual([expect.stringContaining("(test, 2 cores)")]);
  });
});

describe("lab recommend", { timeout: 30_000 }, () => {
  const store = () => storeOf({ s1: [...curve("haproxy", 1), ...curve("traefik", 0.4)] });
  const both = ["recommend", "--proxy", "traefik,haproxy"];

  it("ranks the proxies, and gives what to paste for the first", async () => {
    const goals = ["--completed", "50000", "--within", "10s", "--p99", "100ms", "--loop", "closed"];
    const { code, stdout } = await lab(store(), ...both, ...goals);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^haproxy, 50,000 requests in 10 s, p99 at most 100 ms at saturation, with 32 connections: /,
    );
    expect(stdout).toContain("traefik, 50,000 requests");
    expect(stdout).toMatch(/docker update --cpus 0\.\d+ --memory 64m --memory-swap 64m haproxy/);
    expect(stdout).toMatch(/cpus: "0\.\d+"[\s\S]*CPUQuota=\d+[\s\S]*cpu: \d+m\n/);
  });

  it("prints the same as JSON, with the rank", async () => {
    const { stdout } = await lab(store(), ...both, "--rps", "5000", "--json");
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers.map(({ proxy, rank }) => [proxy, rank])).toEqual([
      ["haproxy", 1],
      ["traefik", 2],
    ]);
    expect(answers[0]).toMatchObject({ goals: { requestsPerSecond: 5000 }, memory: { bytes: 2 ** 26, from: "limit" } });
    expect(answers[0].paste.docker).toContain("docker update");
  });

  it("ranks a proxy before others where the least CPU that was measured is enough", async () => {
    const { stdout } = await lab(store(), ...both, "--rps", "800");
    expect(stdout).toMatch(/^haproxy: cpu 0\.05 is enough.*\n(?: .*\n)*traefik, 800 requests\/s:/);
  });

  it("answers for the proxies that were measured, and says on stderr which was not", async () => {
    const { code, stdout, stderr } = await lab(store(), "recommend", "--proxy", "haproxy,squid", "--rps", "5000");
    expect(code).toBe(0);
    expect(stdout).toContain("haproxy, 5,000 requests/s:");
    expect(stdout).not.toContain("squid");
    expect(stderr).toContain("./lab sweep --proxy squid");
    const none = await lab(store(), "recommend", "--proxy", "haproxy,squid", "--rps", "1000000");
    expect([none.code, none.stdout]).toEqual([4, ""]);
  });

  it("shows what the study's direct regression would say, and what that costs", async () => {
    const { stdout } = await lab(store(), "recommend", "--proxy", "haproxy", "--rps", "5000", "--method", "study");
    expect(stdout).toContain("from requests straight to CPU as in the study");
    expect(stdout).toMatch(/straight line +12 of 12/);
  });

  it("finds the limit for a latency from open loops, and says how to measure some where there are none", async () => {
    const goals = ["recommend", "--proxy", "haproxy", "--rps", "700", "--p99", "50ms"];
    const { code, stdout } = await lab(storeOf({ s1: curve("haproxy", 1), s2: openLoops() }), ...goals);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^haproxy, 700 requests\/s, p99 at most 50 ms: .*\n(?: .*\n)*.*700 requests\/s offered.*open loop/,
      ),
    ]);
    const none = await lab(store(), ...goals);
    expect([none.code, none.stdout]).toEqual([
      4,
      expect.stringMatching(/^haproxy: .*\.\/lab size --proxy haproxy --rps 700 --p99 50ms .*--loop closed/),
    ]);
    expect(JSON.parse((await lab(store(), ...goals, "--json")).stdout).refusal.code).toBe("closed-loop-only");
    const odd = await lab(store(), "recommend", "--proxy", "haproxy", "--p99", "50ms", "--p999", "20ms");
    expect([odd.code, odd.stdout]).toEqual([4, expect.stringContaining("p99.9")]);
  });

  it("wants goals, and one way to say a rate", async () => {
    const recommend = (...args: string[]) => lab(store(), "recommend", "--proxy", "haproxy", ...args);
    expectRefusal(await recommend(), "LAB_USAGE", "--rps");
    expectRefusal(await recommend("--rps", "1", "--completed", "2"), "LAB_USAGE", "--completed", "--rps");
    expectRefusal(await recommend("--rps", "1", "--rate", "2", "--p99", "9ms"), "LAB_USAGE", "--rate", "--rps");
    for (const loop of ["closed", "70%"])
      expectRefusal(await recommend("--rate", "2", "--loop", loop, "--p99", "9ms"), "LAB_USAGE", "--rate", "--loop");
    expectRefusal(await recommend("--p999", "soon"), "LAB_USAGE", '--p999: "soon');
    expectRefusal(await recommend("--throttled-share", "7"), "LAB_USAGE", '--throttled-share: "7"');
  });
});

describe("the conditions of answers", { timeout: 60_000 }, () => {
  const made = curve("haproxy", 1);
  const { scenario } = made[0]!;
  const large = [{ ...made[5]!, startedAt: "2030-01-01", scenario: { ...scenario, bodyBytes: 10_240 } }];
  const { memoryBytes: _, ...free } = made[5]!.point;
  const unlimited = [{ ...made[5]!, startedAt: "2030-01-01", point: free }];
  const store = () => storeOf({ s1: made, s2: large, s3: unlimited });
  const commands = {
    predict: ["predict", "--cpu", "0.3"],
    curve: ["predict", "--curve", "cpu"],
    recommend: ["recommend", "--rps", "5000"],
    models: ["models"],
    verify: ["verify", "--rps", "1000000"],
  };

  it.each(Object.entries(commands))(
    "are said by %s, with the trials that teach and those left out",
    async (_, command) => {
      const args = [...command, "--proxy", "haproxy", "--model", "capacity-law"];
      const path = store();
      const { stdout } = await lab(path, ...args);
      expect(stdout).toMatch(
        /conditions of the 12 trials: 32 connections, 1 server, 64 MiB, wrk, cgroup, reverse, 1 KiB bodies, keep-alive/,
      );
      expect(stdout).toMatch(
        /left out: 1 with 10 KiB bodies \(--body 10K\); 1 without a memory limit \(--memory none\)/,
      );
      const { data } = JSON.parse((await lab(path, ...args, "--json")).stdout);
      expect(data).toMatchObject({
        conditions: { loadTool: "wrk", role: "reverse", bodyBytes: 1024, keepAlive: true },
        limiters: ["cgroup"],
        measured: { memoryBytes: [2 ** 26], servers: [1], concurrency: [32] },
        trials: 12,
        excluded: { "no-memory-limit": 1 },
        leftOut: [{ trials: 1, differ: { bodyBytes: 10_240 }, flags: ["--body", "10K"] }],
      });
    },
  );

  it.each(Object.entries(commands))("are chosen by options of %s", async (_, command) => {
    const path = store();
    const ask = async (...flags: string[]) => {
      const { code, stdout } = await lab(path, ...command, "--proxy", "haproxy", "--json", ...flags);
      return { code, ...JSON.parse(stdout) };
    };
    expect(await ask("--body", "10K")).toMatchObject({
      code: 4,
      refusal: { code: "too-few-configurations" },
      data: { trials: 1, leftOut: [{ trials: 13, flags: ["--body", "1K"] }] },
    });
    expect((await ask("--memory", "none")).data).toMatchObject({ trials: 1, excluded: { "memory-limit": 12 } });
    expect((await ask("--sweep", "s1,s3")).data).toMatchObject({
      leftOut: [{ trials: 1, differ: { sweep: "other" } }],
    });
    expect((await ask("--like", "s2.0")).data).toMatchObject({ conditions: { bodyBytes: 10_240 } });
    for (const flags of [
      "--body 3K",
      "--no-keep-alive",
      "--origin-delay 5ms",
      "--profile as-shipped",
      "--proxy-version 9.9",
      "--role forward",
      "--loop 70%",
      "--machine other",
      "--origin http://127.0.0.1:1/",
    ])
      expect(await ask(...flags.split(" "))).toMatchObject({ code: 4, refusal: { code: "other-conditions" } });
    expect((await ask("--keep-alive", "--profile", "fair", "--loop", "closed", "--load", "wrk")).data.trials).toBe(12);
  });

  it("that are asked for and were not measured are refused with those that there are", async () => {
    const path = store();
    const ask = (...flags: string[]) => lab(path, "predict", "--proxy", "haproxy", "--cpu", "0.3", ...flags);
    expect((await ask("--body", "3K")).stdout).toMatch(
      /3 KiB bodies.*13 with 1 KiB bodies \(--body 1K\).*1 with 10 KiB bodies/,
    );
    expectRefusal(await ask("--sweep", "s9"), "LAB_NO_DATA", "s9", /s1.*s2|s2.*s1/);
    expectRefusal(await ask("--like", "x"), "LAB_NO_DATA", "x");
    expectRefusal(await ask("--body", "big"), "LAB_USAGE", "--body", "big");
    expectRefusal(await ask("--load", "nonsense"), "LAB_UNKNOWN_PLUGIN", "nonsense");
    expectRefusal(await ask("--from", "file", "--body", "1K"), "LAB_USAGE", "--from");
  });

  it("are told once where several figures are asked for", async () => {
    const args = ["predict", "--proxy", "haproxy", "--cpu", "0.3", "--model", "capacity-law"];
    const { stdout } = await lab(store(), ...args, "--figure", "requestsPerSecond,latencyMs.p99");
    expect(stdout.match(/conditions of/g)).toHaveLength(1);
  });

  it("are answered with what was measured most of connections, which is said beside the answer", async () => {
    const few = made.slice(0, 6).map((one) => ({ ...one, point: { ...one.point, concurrency: 8 } }));
    const path = storeOf({ s1: [...few, ...made] });
    const { stdout, code } = await lab(path, "predict", "--proxy", "haproxy", "--cpu", "0.3");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/32 connections \(measured most; also 8: --concurrency\)/),
    ]);
  });

  it("mark a memory limit that no trial ran under, in what is pasted and in JSON, too", async () => {
    const peaks = made.map(({ point: { memoryBytes: _, ...point }, ...one }) => {
      return { ...one, point, usage: { ...one.usage, memoryPeakBytes: 7 * 2 ** 20 } };
    });
    const path = storeOf({ s1: peaks });
    const ask = ["recommend", "--proxy", "haproxy", "--rps", "5000"];
    const { stdout } = await lab(path, ...ask);
    expect(stdout).toMatch(/memory: 9 MiB \(untested\)/);
    expect(stdout).toMatch(/# untested.*\ndocker update .*--memory 9m/);
    expect(stdout).toMatch(/memory: 9M # untested/);
    expect(stdout).toMatch(/# untested.*\nMemoryMax=9M/);
    expect(stdout).toMatch(/memory: 9Mi # untested/);
    expect(JSON.parse((await lab(path, ...ask, "--json")).stdout)).toMatchObject({ untested: ["memory"] });
  });
});

describe("lab verify", { timeout: 30_000 }, () => {
  it("wants a question, or one that was asked before", async () => {
    const store = storeOf({ s1: curve("haproxy", 1) });
    expectRefusal(await lab(store, "verify", "--last"), "LAB_NO_DATA", "recommend");
    expectRefusal(await lab(store, "verify", "--proxy", "haproxy"), "LAB_USAGE", "--rps");
    const refused = await lab(store, "verify", "--proxy", "haproxy", "--rps", "1000000");
    expect([refused.code, refused.stdout]).toEqual([4, expect.stringContaining("is out of reach")]);
  });

  it("does not pass for verified what was not run, such as that the least CPU measured is enough", async () => {
    const question = ["--proxy", "haproxy", "--rps", "100"];
    const store = storeOf({ s1: curve("haproxy", 1) });
    const { code, stdout } = await lab(store, "verify", ...question);
    expect([code, stdout]).toEqual([4, expect.stringContaining("cpu 0.05 is enough, and the least that was measured")]);
    expect((await lab(store, "recommend", ...question)).code).toBe(0);
  });
});

describe("lab correlate", () => {
  it("draws a heat map for each proxy", async () => {
    const store = storeOf({ s1: [...curve("haproxy", 1), ...curve("traefik", 0.4)] });
    const { code, stdout } = await lab(store, "correlate");
    expect(code).toBe(0);
    expect(stdout).toContain("haproxy, Spearman's rank correlation, 12 trials");
    expect(stdout).toMatch(/p99 latency +█-1\.00/);
    const json = await lab(store, "correlate", "--proxy", "traefik", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ proxy: "traefik", trials: 12, confidence: 0.95 });
  });

  it("says so where there is nothing", async () => {
    expectRefusal(await lab(storeOf({}), "correlate"), "LAB_NO_DATA", "trials");
  });
});

describe("figures of trials beside a speed probe", () => {
  const both = () =>
    storeOf({ s1: [...visits({ cpus: levels }), ...visits({ cpus: levels, point: { proxy: "traefik" } })] });
  const commands = {
    chart: ["chart"],
    compare: ["compare", "haproxy", "traefik"],
    correlate: ["correlate", "--proxy", "haproxy"],
    predict: ["predict", "--proxy", "haproxy", "--cpu", "0.25", "--model", "capacity-law"],
    recommend: ["recommend", "--proxy", "haproxy", "--rps", "6000", "--model", "capacity-law"],
  };

  it.each(Object.entries(commands))("of lab %s are at reference speed, and with --raw as measured", async (_, args) => {
    const store = both();
    const [corrected, raw] = [await lab(store, ...args), await lab(store, ...args, "--raw")];
    expect(corrected.stdout).toContain("at reference speed: probe");
    expect(raw.stdout).toContain("as measured: probe");
    expect(raw.stdout).not.toContain("at reference speed");
  });
});

describe("a proxy that is out of plugins.json", () => {
  it.each([
    ["predict", "--proxy", "gone", "--cpu", "0.3"],
    ["recommend", "--proxy", "gone", "--rps", "2000"],
    ["models", "--proxy", "gone"],
    ["correlate", "--proxy", "gone"],
  ])("is answered about from its trials: %s", { timeout: 60_000 }, async (...command) => {
    const { code, stdout } = await lab(storeOf({ s1: trials("gone", 1, 3) }), ...command);
    expect(stdout).toContain("gone");
    expect(code).toBe(0);
  });

  it("is unknown where it has no trials", async () => {
    const store = storeOf({ s1: trials("haproxy", 1) });
    expectRefusal(await lab(store, "correlate", "--proxy", "gone"), "LAB_UNKNOWN_PLUGIN", "gone");
  });
});
