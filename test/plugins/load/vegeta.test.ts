import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { LoadOutput, LoadSetup } from "../../../src/core/contract/index.ts";
import vegeta from "../../../src/plugins/load/vegeta.ts";
import { loadSetup, reading, recorded } from "./recorded.ts";

const goldenResults = new URL("../../fixtures/load/vegeta/mixed.csv", import.meta.url);
const lines = readFileSync(goldenResults, "utf8").trim().split("\n");

function openSetup(changes: Partial<LoadSetup> = {}): LoadSetup {
  return loadSetup({ loop: "open", requestsPerSecond: 500, ...changes });
}

function configOf(changes: Partial<LoadSetup> = {}): object {
  return JSON.parse(vegeta.plan(openSetup(changes)).argv[1] ?? "") as object;
}

describe("the plan of vegeta", () => {
  it("is the driver and its configuration, on as many threads as the lab gives", () => {
    const { argv, driver, env } = vegeta.plan(openSetup({ threads: 2 }));
    expect(argv).toEqual(["vegeta", expect.any(String)]);
    expect(driver).toMatch(/^\/.*\/vegeta\.driver\.mjs$/);
    expect(env).toEqual({ GOMAXPROCS: "2" });
    expect(configOf({ urls: ["http://127.0.0.1:9001/a?b=c"] })).toMatchObject({
      results: "/scratch/results.bin",
      url: "http://127.0.0.1:9001/a?b=c",
      seconds: 2,
      intervalMs: 2,
    });
  });

  it("stops after a number of requests when told: it uses up so many targets", () => {
    const config = configOf({ until: { requests: 700 } });
    expect(config).toMatchObject({ requests: 700 });
    expect(config).not.toHaveProperty("seconds");
  });

  it.each([{ loop: "closed" as const }, { requestsPerSecond: 0 }, { requestsPerSecond: Number.NaN }])(
    "is refused without a rate: %o",
    (changes) => {
      expect(() => vegeta.plan(openSetup(changes))).toThrow(/^vegeta\b.*\brate\b/);
    },
  );
});

describe("the report of vegeta", () => {
  it("shows an overload as a rate that was not reached and as long response times", () => {
    const { completedRequests, failedRequests, latencyMs } = vegeta.parse(recorded("vegeta", "overload"), openSetup()); // 8 connections, 50 ms a reply
    expect({ completedRequests, failedRequests }).toEqual({ completedRequests: 280, failedRequests: 0 });
    expect(latencyMs.p50).toBeGreaterThan(500);
  });
});

interface Request {
  readonly number: number;
  readonly sentMs: number;
  readonly endMs: number;
  readonly status: number;
  readonly failure: string;
}

/** The part that counts, in JavaScript: Node runs it as it is. */
const { readResult, booksOf } = (await import(
  new URL("../../../src/plugins/load/vegeta.results.mjs", import.meta.url).href
)) as {
  readResult(line: string): Request | undefined;
  booksOf(requests: readonly Request[], load: object): Record<string, never>;
};

describe("the lines that vegeta writes of its requests", () => {
  it("are read with number, times, status and kind of failure", () => {
    const requests = lines.map((line) => readResult(line)!);
    const [first] = requests;
    expect(first).toMatchObject({ number: 0, status: 404 });
    expect(first!.endMs - first!.sentMs).toBeCloseTo(Number(lines[0]!.split(",")[2]) / 1e6, 2);
    const kinds = Map.groupBy(requests, ({ status, failure }) => (status > 0 ? String(status) : failure));
    const counts = Object.fromEntries([...kinds].map(([kind, { length }]) => [kind, length]));
    expect(counts).toEqual({ 200: 26, 404: 7, 503: 7, lost: 7, other: 7, timeout: 5 });
  });

  const line = (error: string) => `1795398243060250314,0,5,0,0,${error},,,7,GET,http://127.0.0.1/,`;

  it.each([
    ['"Get ""http://127.0.0.1:1/"": dial tcp 0.0.0.0:0->127.0.0.1:1: connect: connection refused"', "connect"],
    ['"Get ""http://127.0.0.1:1/"": read tcp 127.0.0.1:4->127.0.0.1:1: read: connection reset by peer"', "reset"],
    ['"Get ""http://127.0.0.1:1/"": write tcp 127.0.0.1:4->127.0.0.1:1: write: broken pipe"', "reset"],
    ['"Get ""http://127.0.0.1:1/"": EOF"', "lost"],
    ["unexpected EOF", "lost"],
    ['"Get ""http://127.0.0.1:1/"": http: server closed idle connection"', "lost"],
    ['"Get ""http://127.0.0.1:1/"": dial tcp 127.0.0.1:1: i/o timeout"', "timeout"],
    ['"Get ""http://127.0.0.1:1/EOF"": something new"', "other"],
  ])("have the kind of failure that Go describes: %s", (error, failure) => {
    expect(readResult(line(error))).toMatchObject({ status: 0, failure });
  });

  it("tell of no request where no target was left", () => {
    expect(readResult("1795398243060250314,0,5,0,0,no targets to attack,,,7,,,")).toBeUndefined();
  });

  it("are refused with the line that cannot be read", () => {
    const broken = lines[3]!.slice(0, 40);
    expect(() => readResult(broken)).toThrow(new RegExp(`^vegeta .*"${broken}"$`));
  });
});

describe("the books of an attack", () => {
  const sent = (number: number, atMs: number, latencyMs: number, status = 200): Request => ({
    number,
    sentMs: 1_000_000 + atMs,
    endMs: 1_000_000 + atMs + latencyMs,
    status,
    failure: "other",
  });

  it("count response times from the intended start: a request that waited for a connection waited for its reply", () => {
    const requests = [sent(0, 0, 35), sent(1, 35, 5), sent(2, 40, 5), sent(3, 45, 5)];
    const { latencyMs } = booksOf(requests, { intervalMs: 10, seconds: 1 });
    expect(latencyMs).toEqual({ mean: 27.5, p50: 25, p90: 35, p95: 35, p99: 35, p999: 35, max: 35 });
  });

  it("take the most punctual request for the beginning, whichever it is", () => {
    const { latencyMs } = booksOf([sent(0, 7, 1), sent(1, 10, 1), sent(2, 29, 1)], { intervalMs: 10, seconds: 1 });
    expect(latencyMs).toMatchObject({ max: 10, p50: 8 });
  });

  it("count requests from while connections are opened, and leave out how long these took", () => {
    const requests = [sent(0, 0, 80), sent(1, 10, 70), sent(2, 20, 5), sent(3, 30, 6)];
    const books = booksOf(requests, { intervalMs: 10, seconds: 1, openingMs: 20 });
    expect(books).toMatchObject({ completed: 4, latencyMs: { p50: 5, max: 6 } });
  });

  it("leave out what ended after the window, and end where the attack was cut off", () => {
    const requests = [sent(0, 0, 5), sent(1, 100, 5), sent(2, 200, 850), sent(3, 300, 900, 503)];
    const whole = booksOf(requests, { intervalMs: 100, seconds: 1.1 });
    expect(whole).toMatchObject({ seconds: 1.1, completed: 3, late: 1, failures: { http5xx: 0 } });
    const cut = booksOf(requests, { intervalMs: 100, seconds: 1.1, cutMs: 1_000_150 });
    expect(cut).toMatchObject({ seconds: 0.15, completed: 2, late: 2 });
  });

  it("last until the last reply when the number of requests was given", () => {
    const books = booksOf([sent(0, 0, 5), sent(1, 10, 25)], { intervalMs: 10 });
    expect(books).toMatchObject({ seconds: 0.035, completed: 2 });
  });

  it("cover the time from the start of vegeta where no request tells of another", () => {
    expect(booksOf([], { intervalMs: 1, seconds: 2, sinceMs: 5000 })).toMatchObject({ seconds: 2, requests: 0 });
    expect(booksOf([], { intervalMs: 1, seconds: 2, sinceMs: 5000, cutMs: 5700 })).toMatchObject({ seconds: 0.7 });
  });

  it("have each request once, and no negative time", () => {
    const request = fc.record({
      atMs: fc.nat(5000),
      latencyMs: fc.double({ min: 0, max: 3000, noNaN: true }),
      status: fc.constantFrom(0, 200, 304, 404, 503),
    });
    fc.assert(
      fc.property(fc.array(request), fc.integer({ min: 1, max: 100 }), fc.nat(6000), (plan, intervalMs, cutAt) => {
        const requests = plan.map(({ atMs, latencyMs, status }, number) => sent(number, atMs, latencyMs, status));
        const load = { intervalMs, seconds: 2, sinceMs: 1_000_000, cutMs: 1_001_000 + cutAt };
        const { completed, late, failures, latencyMs } = booksOf(requests, load);
        const failed = Object.values<number>(failures ?? {}).reduce((sum, count) => sum + count, 0);
        expect(Number(completed) + Number(late) + failed).toBe(plan.length);
        expect(Object.values<number>(latencyMs ?? {}).filter((figure) => !(figure >= 0))).toEqual([]);
      }),
    );
  });
});

describe("the driver of vegeta", () => {
  const dir = mkdtempSync(join(tmpdir(), "vegeta-test-"));
  afterAll(() => rmSync(dir, { recursive: true }));
  const csv = join(dir, "results.csv");
  writeFileSync(csv, `${lines.join("\n")}\n`);
  let programs = 0;

  /** Runs the driver on a program that does as told for `attack` and for `encode`; $results is the file between them. */
  async function run(attack: string, encode: string, changes: Partial<LoadSetup>): Promise<LoadOutput> {
    const program = join(dir, `vegeta${programs++}`);
    const results = `${program}.bin`;
    writeFileSync(program, `#!/bin/sh\nresults=${results}\nif [ "$1" = attack ]; then ${attack}\nelse ${encode}\nfi\n`);
    chmodSync(program, 0o755);
    writeFileSync(results, "half"); // what an attack that is cut off may have written before
    const { driver = "" } = vegeta.plan(openSetup());
    const config = JSON.stringify({ ...configOf({ requestsPerSecond: 30, ...changes }), results });
    return new Promise((resolve) => {
      execFile(process.execPath, [driver, program, config], (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });
  }

  const counted = { until: { requests: 60 } };
  const writeResults = "cat >$results";
  const breaksOff = `head -n 3 ${csv}; echo unexpected EOF >&2; exit 1`;

  it("counts what the attack left and gives it one target for each request", async () => {
    const output = await run(writeResults, `wc -l <$results >${dir}/targets; cat ${csv}`, counted);
    expect(vegeta.parse(output, openSetup())).toMatchObject({ completedRequests: 26, failures: { timeout: 5 } });
    expect(readFileSync(`${dir}/targets`, "utf8").trim()).toBe("60");
  });

  it.each([
    ["an attack that fails", 'echo "listen tcp: too bad" >&2; exit 7', "exit 1", /code 7 after "listen tcp: too bad"$/],
    [
      "a line that it cannot read",
      writeResults,
      "echo 1795398243060250314,200,garbage",
      /: "1795398243060250314,200,garb/,
    ],
    ["results that break off by themselves", writeResults, breaksOff, /code 1 after "unexpected EOF"$/],
  ])("ends with the words of %s", async (_, attack, encode, words) => {
    expect(reading(vegeta, await run(attack, encode, counted))).toMatch(words);
  });

  it("cuts an attack off that waits for replies after the window, and counts what it had written until then", async () => {
    const output = await run("exec sleep 20", breaksOff, { until: { seconds: 0.2 } });
    expect(vegeta.parse(output, openSetup())).toMatchObject({
      durationSeconds: 0.2,
      completedRequests: 1,
      failedRequests: 2,
    });
  });

  it("reads the results again when an interrupt reached the reading as well", async () => {
    const encode = `if [ -e $results.told ]; then cat ${csv}; else touch $results.told; kill -INT $PPID; head -n 3 ${csv}; fi`;
    const output = await run(writeResults, encode, counted);
    expect(vegeta.parse(output, openSetup())).toMatchObject({ completedRequests: 26 });
  });
});
