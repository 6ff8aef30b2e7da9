import { describe, expect, it } from "vitest";
import type { FailureCounts, LoadPlan, LoadPlugin, LoadReport, LoadSetup } from "../../../src/core/contract/index.ts";
import ab from "../../../src/plugins/load/ab.ts";
import autocannon from "../../../src/plugins/load/autocannon.ts";
import h2load from "../../../src/plugins/load/h2load.ts";
import oha from "../../../src/plugins/load/oha.ts";
import vegeta from "../../../src/plugins/load/vegeta.ts";
import wrk from "../../../src/plugins/load/wrk.ts";
import {
  expectSound,
  loadSetup,
  reading,
  recorded,
  refusesEveryBeginning,
  refusesUnknownText,
  squid,
  staysSoundWithBadNumbers,
} from "./recorded.ts";

/** A setup, and words that the command line has in a row. */
type Command = readonly [title: string, setup: Partial<LoadSetup>, has: readonly string[], lacks?: string];
/** A recorded run with the figures of its report; failures that it does not name are 0, absent is what is `undefined`. */
type Run = readonly [name: string, completed: number, failures?: FailureCounts, others?: Record<string, unknown>];
/** Text of a recorded run that is spoilt, and what the refusal shows of the line. */
type Spoilt = readonly [name: string, text: string, spoilt: string, shown: RegExp];

interface Tool {
  readonly plugin: LoadPlugin;
  readonly setup?: Partial<LoadSetup>;
  readonly wordsOf?: (plan: LoadPlan) => readonly string[];
  readonly commands: readonly Command[];
  /** What all its reports have. */
  readonly report: Partial<LoadReport>;
  readonly runs: readonly Run[];
  /** Recorded runs without a result, and the cause that the refusal names. */
  readonly refused: readonly (readonly [name: string, cause: RegExp])[];
  readonly spoilt: readonly Spoilt[];
  /** Recorded runs that are cut off at every place and filled with bad numbers. */
  readonly tampered: readonly string[];
}

const url = "http://127.0.0.1:9001";
const short = { until: { seconds: 2.2 }, timeoutSeconds: 0.4 };
const counted = (requests: number) => ({ until: { requests } });
const byKind = { connect: 0, reset: 0, timeout: 0, http4xx: 0, http5xx: 0, lost: 0, other: 0 };
const ms = (mean: number, p50: number, p90: number, p99: number, max: number) => ({ mean, p50, p90, p99, max });
const noReply = { latencyMs: {}, latencyHistogram: undefined };
const abTimedOut = /code 119 after "apr_pollset_poll: The timeout specified has expired \(70007\)"$/;

const tools: readonly Tool[] = [
  {
    plugin: ab,
    commands: [
      ["takes resets and replies of any length, and reports no progress", {}, ["ab -q -r -l", `${url}/`]],
      ["gives -t before -n, which -t would set to 50,000", { until: { seconds: 10 } }, ["-t 10 -n 1000000"]],
      ["bounds the memory that it reserves in a long run", { until: { seconds: 3600 } }, ["-n 20000000"]],
      ["rounds times up to whole seconds", short, ["-t 3", "-s 1"]],
      ["has no more connections than requests", { ...counted(5), concurrency: 8 }, ["-n 5 -c 5"], "-t"],
      ["asks for keep-alive in the lower case that all proxies know", {}, ["-k -H Connection: keep-alive"]],
      ["leaves keep-alive off", { keepAlive: false }, [], "-k"],
      ["sends no header of its own without keep-alive", { keepAlive: false }, [], "-H"],
      ["asks a forward proxy", { forwardProxy: squid, urls: [`${url}/a?b`] }, [`-X 127.0.0.1:3128 ${url}/a?b`]],
      ["adds the path that ab refuses to do without", { urls: [url] }, [`${url}/`]],
    ],
    report: {
      loop: "closed",
      transferredBytes: expect.any(Number),
      failures: { connect: 0, reset: 0, status: 0, other: 0 },
      latencyKind: "service",
      latencyResolutionMs: 1,
    },
    runs: [
      [
        "normal",
        72530,
        {},
        { durationSeconds: 2, transferredBytes: 85150220, latencyMs: { ...ms(0.883, 1, 2, 7, 12), p95: 4 } },
      ],
      ["no-keep-alive", 17798],
      ["forward", 7523],
      ["count", 2000],
      ["german", 106173, {}, { durationSeconds: 2.001, latencyMs: { ...ms(0.151, 0, 0, 2, 29), p95: 0 } }],
      ["server-errors", 40951 - 4095, { status: 4095 }],
      ["not-found", 0, { status: 87748 }],
      // A reset is a failed receive and an exception to ab; with a reply were what it calls Keep-Alive requests.
      ["resets", 37488, { reset: 9368, other: 1 }],
      ["refused", 0, { reset: 96758 }, { transferredBytes: 0 }],
      ["one-request", 1, {}, { durationSeconds: 0.311, latencyMs: {} }],
    ],
    refused: [
      ["no-replies", abTimedOut],
      ["some-hang", abTimedOut],
      ["late-replies", abTimedOut],
      ["killed", /SIGTERM after "Benchmarking 127\.0\.0\.1 \(be patient\)\.\.\."$/],
      ["interrupted", /code 1 after "100% +9 \(longest request\)"$/],
    ],
    spoilt: [
      ["normal", "72530\nFailed", "7z530\nFailed", /: "Complete requests: +7z530"$/],
      ["resets", "Receive: 9368", "Receive: many", /Receive: many/],
    ],
    tampered: ["normal", "resets", "one-request"],
  },
  {
    plugin: wrk,
    commands: [
      ["names what it is to do", { threads: 2 }, [`wrk -t 2 -c 8 -d 2s --timeout 30s -s /scratch/wrk.lua ${url}/`]],
      ["rounds times up to whole seconds", short, ["-d 3s --timeout 1s"]],
      ["closes connections without keep-alive", { keepAlive: false }, ["-H Connection: close"]],
      ["sends no header of its own with keep-alive", {}, [], "-H"],
      [
        "connects to a forward proxy",
        { forwardProxy: squid, urls: [url, "http://127.0.0.1:9002/b"] },
        [`http://127.0.0.1:3128/ ${url}/ http://127.0.0.1:9002/b`],
      ],
      ["hands the script no URL in the reverse role", { urls: [`${url}/a`] }, [`/scratch/wrk.lua ${url}/a`]],
    ],
    report: {
      loop: "closed",
      transferredBytes: expect.any(Number),
      failures: { connect: 0, reset: 0, timeout: 0, status: 0, other: 0 },
      latencyKind: "corrected",
    },
    runs: [
      [
        "resets",
        23264,
        { reset: 5813 },
        { durationSeconds: 2.021594, transferredBytes: 1488896, latencyMs: ms(1.817, 0.336, 3.496, 32.936, 62.857) },
      ],
      ["normal", 122961],
      ["no-keep-alive", 27979],
      ["forward", 9223],
      ["forward-two", 7100],
      ["german", 61714, {}, { durationSeconds: 2.009014, latencyMs: expect.objectContaining({ mean: 1.0811 }) }],
      ["some-hang", 3499 - 702, { status: 702 }],
      ["not-found", 0, { status: 113535 }],
      ["closed-silently", 13288, { reset: 3317 }],
      ["late-replies", 0, { timeout: 16 }, { latencyMs: {} }],
      ["no-replies", 0, {}, { latencyMs: {} }],
      ["interrupted", 38220, {}, { durationSeconds: 1.202308 }], // its window is as short
    ],
    refused: [
      ["refused", /code 1 after "unable to connect to 127\.0\.0\.1:21099 Connection refused"$/],
      ["killed", /SIGTERM after no output$/],
    ],
    spoilt: [["normal", '"read"', '"raed"', /: LAB_RESULT \{.*"raed"/]],
    tampered: ["normal", "resets", "late-replies"],
  },
  {
    plugin: autocannon,
    commands: [],
    report: { loop: "closed", transferredBytes: expect.any(Number), failures: byKind, latencyKind: "service" },
    runs: [
      [
        "some-hang",
        6384,
        { timeout: 8, http4xx: 800, http5xx: 800 },
        { durationSeconds: 2.001057012, transferredBytes: 1033168, latencyMs: ms(0.394, 0.086, 0.676, 4.916, 31.915) },
      ],
      ["normal", 9536],
      ["no-keep-alive", 7692],
      ["forward-two", 7107],
      ["count", 2000],
      ["resets", 11102, { reset: 2773 }],
      ["closed-silently", 10783, { lost: 2691 }],
      ["refused", 0, { connect: 5568 }, { latencyMs: {} }],
      ["no-replies", 0, { timeout: 8 }, { latencyMs: {} }],
      ["server-errors", 9852, { http5xx: 1094 }],
      ["not-found", 0, { http4xx: 19003 }],
    ],
    refused: [["killed", /SIGTERM after "LAB_TICK /]],
    spoilt: [["resets", '"reset":2773', '"reset":2772', /: LAB_RESULT \{.*2772/]], // not all requests are accounted for
    tampered: ["resets", "refused", "open"],
  },
  {
    plugin: vegeta,
    setup: { loop: "open", requestsPerSecond: 500 },
    wordsOf: ({ argv }) => (JSON.parse(argv[1] ?? "") as { attack: readonly string[] }).attack,
    commands: [
      [
        "opens no more connections than asked for",
        { concurrency: 50 },
        ["-workers 50 -max-workers 50", "-connections 50 -max-connections 50"],
      ],
      [
        "is exact to a thousandth",
        { requestsPerSecond: 333.3333, until: { seconds: 2.5 }, timeoutSeconds: 0.75 },
        ["-rate 333333/1000s", "-duration 2500ms", "-timeout 750ms"],
      ],
      ["takes replies as they are", {}, ["-redirects -1", "-max-body 0 -header Accept-Encoding: identity"]],
      ["leaves keep-alive off", { keepAlive: false }, ["-keepalive=false"]],
      ["leaves keep-alive on", {}, [], "-keepalive"],
      ["uses up as many targets as there are requests", counted(700), ["-lazy"]],
    ],
    report: {
      loop: "open",
      failures: byKind,
      latencyHistogram: expect.stringMatching(/^HISTF/),
      latencyKind: "response",
    },
    runs: [
      [
        "some-hang",
        112,
        { timeout: 8, http4xx: 16, http5xx: 16 },
        { durationSeconds: 2, latencyMs: ms(431.954, 27.801, 860.84, 871.265, 872.36) },
      ],
      ["normal", 1000],
      ["no-keep-alive", 998],
      ["count", 1000],
      ["redirects", 999],
      ["german", 1000, {}, { durationSeconds: 2 }],
      ["server-errors", 900, { http5xx: 100 }],
      ["not-found", 0, { http4xx: 1000 }],
      ["resets", 796, { reset: 199 }],
      ["resets-kept", 984, { reset: 16 }], // Go sends a request again on a kept connection
      ["closed-silently", 799, { lost: 199 }],
      ["broken-off", 800, { lost: 200 }],
      ["refused", 0, { connect: 1000 }, noReply],
      ["timeouts", 0, { timeout: 24 }, noReply],
      ["late-replies", 0, { timeout: 8 }, noReply],
      ["no-replies", 0, {}, { ...noReply, durationSeconds: 2 }],
      ["interrupted", 338, {}, { durationSeconds: 0.676487 }], // its window is as short
    ],
    refused: [
      ["killed", /SIGTERM after no output$/],
      ["attack-killed", /code 1 after "the attack was ended by SIGKILL"$/],
      ["attack-ended", /code 1 after "the attack ended by itself after 892 ms"$/],
      ["wrong-program", /code 1 after "the attack ended by itself after 41 ms"$/],
    ],
    spoilt: [["resets", '"reset":199', '"reset":198', /: LAB_RESULT \{.*198/]], // not all requests are accounted for
    tampered: ["resets", "refused", "mixed"],
  },
  {
    plugin: h2load,
    commands: [
      ["names what it is to do", { threads: 2 }, [`h2load --h1 --clients=8 --threads=2 --duration=2000ms ${url}/`]],
      ["is exact to a millisecond", { until: { seconds: 0.4567 } }, ["--duration=457ms"]],
      [
        "has no more connections than requests",
        { ...counted(5), threads: 8 },
        ["--clients=5 --threads=5 --requests=5"],
      ],
      ["sets no timeout, at which it would abort", { timeoutSeconds: 1 }, [], "\\S*timeout"],
    ],
    report: {
      loop: "closed",
      transferredBytes: expect.any(Number),
      failures: { http4xx: 0, http5xx: 0, other: 0 },
      latencyMs: { mean: expect.any(Number), max: expect.any(Number) },
      latencyKind: "service",
    },
    runs: [
      ["normal", 73886, {}, { durationSeconds: 2, transferredBytes: 87037708, latencyMs: { mean: 0.216, max: 11.67 } }],
      ["count", 2000, {}, { durationSeconds: 0.05646 }],
      ["late-replies", 8, {}, { latencyMs: { mean: 1510, max: 1510 } }],
      ["not-found", 0, { http4xx: 82164 }],
      ["server-errors", 110893, { http5xx: 12321 }],
      ["some-hang", 15992],
      ["no-replies", 0, {}, { latencyMs: {} }],
      ["resets", 32], // what it lost it tells of a number of requests only
      ["count-resets", 32, { other: 8 }],
    ],
    refused: [
      ["refused", /could not send a single request$/],
      ["count-refused", /could not send a single request$/],
      ["killed", /SIGTERM after "Application protocol: http\/1\.1"$/],
    ],
    spoilt: [
      ["normal", "73886 succeeded", "73 886 succeeded", /"requests: 73886 total, .*73 886 succeeded/],
      ["normal", "216us", "216", /"216"$/],
    ],
    tampered: ["normal", "count-resets", "no-replies"],
  },
  {
    // Its outputs are made by the schema and the source of oha 1.15, not recorded.
    plugin: oha,
    commands: [
      ["prints JSON and draws nothing", {}, ["oha --no-tui --output-format json", `${url}/`]],
      ["names what it is to do", short, ["-c 8 -z 2200ms -t 400ms -r 0 --disable-compression"], "-[nq]"],
      ["sends a number of requests", counted(700), ["-n 700"], "-z"],
      [
        "sends at a rate, and counts from when requests were due",
        { loop: "open", requestsPerSecond: 333.3 },
        ["-q 333.3 --latency-correction"],
      ],
      ["leaves keep-alive off", { keepAlive: false }, ["--disable-keepalive"]],
      ["leaves keep-alive on", {}, [], "--disable-keepalive"],
      ["asks a forward proxy", { forwardProxy: squid }, [`-x http://127.0.0.1:3128 ${url}/`]],
      ["reads several URLs from a file", { urls: [url, `${url}/b`] }, ["--urls-from-file /scratch/urls.txt"], "http"],
    ],
    report: { loop: "closed", failures: byKind, latencyKind: "service" },
    runs: [
      [
        "normal",
        36712,
        {},
        { durationSeconds: 2.000871342, latencyMs: { ...ms(0.432, 0.35, 0.71, 2.13, 12), p95: 0.94, p999: 6.71 } },
      ],
      ["count", 2000],
      ["not-found", 0, { http4xx: 41208 }],
      ["mixed", 9050, { http4xx: 300, http5xx: 200, timeout: 7, lost: 11, reset: 13, connect: 17, other: 3 }],
      ["refused", 0, { connect: 51234 }, { latencyMs: {} }],
      ["no-replies", 0, {}, { latencyMs: {} }],
    ],
    refused: [
      ["killed", /SIGTERM after no output$/],
      ["bad-url", /code 1 after "Error: relative URL without a base"$/],
    ],
    spoilt: [["mixed", '"503": 200', '"503": "many"', /: \{ "summary"/]],
    tampered: ["mixed", "refused"],
  },
];

describe.each(tools)("$plugin.id", (tool) => {
  const { plugin, setup, wordsOf = ({ argv }) => argv } = tool;
  const output = (name: string) => recorded(plugin.id, name);

  for (const [title, changes, has, lacks] of tool.commands)
    it(`is started by a command that ${title}`, () => {
      const line = ` ${wordsOf(plugin.plan(loadSetup({ ...setup, ...changes }))).join(" ")} `;
      for (const words of has) expect(line).toContain(` ${words} `);
      if (lacks) expect(line).not.toMatch(new RegExp(` ${lacks}\\b`));
    });

  for (const [name, completedRequests, failures = {}, others] of tool.runs)
    it(`reports the run ${name}`, () => {
      const report = plugin.parse(output(name), loadSetup(setup));
      expect(report).toEqual({
        durationSeconds: expect.any(Number),
        latencyMs: expect.objectContaining({ p50: expect.any(Number), p99: expect.any(Number) }),
        ...tool.report,
        completedRequests,
        failedRequests: Object.values(failures).reduce((sum, count) => sum + count, 0),
        failures: { ...tool.report.failures, ...failures },
        ...others,
      });
      expectSound(report);
    });

  it.each(tool.refused)("refuses the run %s with its cause", (name, cause) => {
    expect(reading(plugin, output(name))).toMatch(new RegExp(`^${plugin.id} .*${cause.source}`));
  });

  it.each(tool.spoilt)("refuses the run %s with the line that cannot be read", (name, text, spoilt, shown) => {
    const { stdout, ...end } = output(name);
    const refusal = reading(plugin, { ...end, stdout: stdout.replace(text, spoilt) });
    expect(refusal).toMatch(new RegExp(`^${plugin.id} .*${shown.source}`));
  });

  it("refuses any other text", () => refusesUnknownText(plugin));

  it.each(tool.tampered)("refuses the run %s when it breaks off", (name) => {
    refusesEveryBeginning(plugin, output(name));
  });

  it.each(tool.tampered)("makes no report with bad numbers of the run %s", (name) => {
    staysSoundWithBadNumbers(plugin, output(name));
  });
});
