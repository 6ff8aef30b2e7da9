import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import { expectRefusal } from "../fixtures/errors.ts";
import { runCli } from "../fixtures/runCli.ts";

const fakes = ["--plugins", "test/fixtures/plugins/plugins.json"];
const quick = ["--limiter", "unlimited", "--load", "autocannon", "--window", "500ms", "--warmup", "0"];
const sweep = (...args: string[]) => runCli(["sweep", ...fakes, ...quick, ...args]);

describe("wrong use is refused with one clear line", () => {
  const builtin = ["--proxy", "builtin"];
  const real = ["--plugins", "plugins.json", "--limiter", "cgroup"];
  it.each<[string, string[], ErrorCode, string | RegExp]>([
    ["an unknown proxy", ["--proxy", "haproxi"], "LAB_UNKNOWN_PLUGIN", /"haproxi"\n.*\bbuiltin, haproxy\b/],
    ["an unknown load tool", [...builtin, "--load", "x"], "LAB_UNKNOWN_PLUGIN", 'load tool "x"'],
    ["an unknown limiter", [...builtin, "--limiter", "x"], "LAB_UNKNOWN_PLUGIN", 'limiter "x"'],
    ["a CPU level of 0", [...builtin, "--cpu", "0"], "LAB_USAGE", '--cpu: "0"'],
    ["a CPU level that is no number", [...builtin, "--cpu", "abc"], "LAB_USAGE", '--cpu: "abc"'],
    ["a negative CPU level", [...builtin, "--cpu=-1"], "LAB_USAGE", '--cpu: "-1"'],
    [
      "more cores than there are",
      [...builtin, "--cpu", "512"],
      "LAB_USAGE",
      new RegExp(`--cpu: 512\\b.*\n.*\\b${availableParallelism()}\\b`),
    ],
    ["less memory than the limiter takes", [...builtin, "--memory", "1", "--cpu", "0.1"], "LAB_USAGE", "--memory: 1"],
    ["a role that the proxy cannot play", [...builtin, "--role", "forward"], "LAB_UNSUPPORTED", /\bbuiltin\b.*forward/],
    [
      "an option that the plugin does not take",
      ["--proxy", "haproxy", "--option", "haproxy.acessLog=on"],
      "LAB_USAGE",
      /haproxy.*\bacessLog\b.*\baccessLog\?/,
    ],
    [
      "an option with a value of another type",
      ["--proxy", "haproxy", "--option", "haproxy.threads=many"],
      "LAB_USAGE",
      'haproxy.threads: "many"',
    ],
    [
      "a line that the lab sets itself",
      ["--proxy", "haproxy", "--option", "haproxy.frontend=bind :8443 ssl"],
      "LAB_USAGE",
      /haproxy\.frontend: .*\bbind\b/,
    ],
    ["an option of a plugin that is not measured", [...builtin, "--option", "squid.cache=on"], "LAB_USAGE", '"squid"'],
    [
      "several values of an option",
      ["--proxy", "haproxy", "--option", "haproxy.accessLog=on,off"],
      "LAB_USAGE",
      "on,off",
    ],
    ["an option for a sweep that goes on", ["--resume", "--option", "haproxy.threads=1"], "LAB_USAGE", "--option"],
    ["a role that does not exist", ["--role", "sideways"], "LAB_USAGE", '--role: "sideways"'],
    ["an experiment file that is not there", ["none.yaml"], "LAB_EXPERIMENT_FILE", "none.yaml"],
    ["an origin that is no URL", ["--origin", "here"], "LAB_USAGE", '--origin: "here"'],
    [
      "an origin with a password",
      ["--origin", "http://me:secret@localhost/"],
      "LAB_USAGE",
      /--origin: "localhost".*user/,
    ],
    [
      "an origin at which clouds keep secrets, also where it is allowed",
      [...builtin, "--origin", "http://169.254.169.254/", "--allow-target", "169.254.169.254"],
      "LAB_USAGE",
      "169.254.169.254",
    ],
    [
      "more repetitions than anybody waits for",
      [...builtin, "--plan", "grid", "--replicates", "999999999"],
      "LAB_USAGE",
      /trials.*\b100000\b/,
    ],
    ["more rounds than that", [...builtin, "--rounds", "999999999"], "LAB_USAGE", /trials.*\b100000\b/],
    [
      "more random points",
      [...builtin, "--plan", "random", "--trials", "999999999"],
      "LAB_USAGE",
      /trials.*\b100000\b/,
    ],
    ["a port that there cannot be", [...builtin, "--port", "65536"], "LAB_USAGE", '--port: "65536"'],
    [
      "a share of the capacity without the warm-up that finds it",
      [...builtin, "--load", "autocannon", "--rate", "70%"],
      "LAB_USAGE",
      /--rate: .*\n.*--warmup/,
    ],
    [
      "an origin that answers too late to have started",
      [...builtin, "--origin-delay", "2s"],
      "LAB_USAGE",
      "--origin-delay: 2000 ms",
    ],
    ["a version of TLS without TLS", [...builtin, "--tls-version", "1.2"], "LAB_USAGE", /--tls-version.*\n.*--tls\b/],
    ["a version of TLS that there is not", [...builtin, "--tls", "--tls-version", "1.1"], "LAB_USAGE", '"1.1"'],
    ["a key that there is not", [...builtin, "--tls", "dsa"], "LAB_USAGE", '--tls: "dsa"'],
    ["HTTP/2 without TLS", ["--proxy", "haproxy", "--http", "2"], "LAB_USAGE", /--http 2.*\n.*--tls\b/],
    [
      "HTTP/2 of a tool that cannot speak it",
      ["--proxy", "haproxy", "--tls", "--http", "2"],
      "LAB_UNSUPPORTED",
      /autocannon.*HTTP\/2.*\n.*h2load/,
    ],
    [
      "HTTP/2 of a proxy that cannot speak it",
      [...real, ...builtin, "--load", "h2load", "--tls", "--http", "2"],
      "LAB_UNSUPPORTED",
      /builtin.*HTTP\/2/,
    ],
    [
      "resumed handshakes of a tool that makes full ones",
      [...real, ...builtin, "--load", "wrk", "--tls", "--no-keep-alive"],
      "LAB_UNSUPPORTED",
      /wrk.*TLS 1\.3.*\n.*--tls-handshake full/,
    ],
    [
      "resumed handshakes of a proxy that knows full ones only",
      [...real, "--proxy", "squid", "--load", "autocannon", "--tls", "--no-keep-alive"],
      "LAB_UNSUPPORTED",
      /squid.*\n.*--tls-handshake full/,
    ],
    [
      "TLS with a forward proxy",
      [...real, "--proxy", "squid", "--role", "forward", "--tls"],
      "LAB_UNSUPPORTED",
      /forward.*\n.*--tls\b/,
    ],
    ["a sweep to resume that is not there", ["--resume", "nope"], "LAB_NO_DATA", "nope"],
    ["a sweep to resume where none was interrupted", ["--resume"], "LAB_NO_DATA", "interrupted"],
    [
      "repetitions of an adaptive plan",
      [...builtin, "--plan", "adaptive", "--replicates", "3"],
      "LAB_UNSUPPORTED",
      /adaptive.*\n.*--replicates/,
    ],
    [
      "repetitions of rounds",
      [...builtin, "--plan", "rounds", "--replicates", "3"],
      "LAB_UNSUPPORTED",
      /rounds.*\n.*--replicates/,
    ],
    [
      "several offered rates in rounds",
      [...builtin, "--load", "autocannon", "--plan", "rounds", "--rate", "200,400"],
      "LAB_UNSUPPORTED",
      /rounds.*\n.*--plan grid/,
    ],
    [
      "several offered rates of an adaptive plan",
      [...builtin, "--load", "autocannon", "--plan", "adaptive", "--rate", "200..800/3"],
      "LAB_UNSUPPORTED",
      /adaptive.*\b3\n.*--plan grid/,
    ],
    [
      "a share of the capacity beside a rate",
      [...builtin, "--load", "autocannon", "--rate", "500,70%"],
      "LAB_USAGE",
      '--rate: "500,70%"',
    ],
    [
      "a share of the capacity in visits",
      [...builtin, "--plan", "rounds", "--rate", "70%"],
      "LAB_UNSUPPORTED",
      /--rate.*\n.*--plan grid/,
    ],
  ])("%s", async (_, args, code, told) => expectRefusal(await sweep(...args), code, told));

  it("an origin elsewhere that a file or a program names", async () => {
    const dir = await mkdtemp(join(tmpdir(), "bad-"));
    onTestFinished(() => rm(dir, { recursive: true }));
    const file = join(dir, "e.yaml");
    await writeFile(file, "proxy: builtin\norigin: http://192.0.2.7/\n");
    expectRefusal(await sweep(file), "LAB_USAGE", /192\.0\.2\.7.*\n.*--allow-target 192\.0\.2\.7/);
    const passedOn = await sweep(...builtin, "--steered", "--origin", "http://192.0.2.7/");
    expectRefusal(passedOn, "LAB_USAGE", /192\.0\.2\.7/);
    expectRefusal(await sweep(file, "--allow-target", "192.0.2.8"), "LAB_USAGE", "192.0.2.7");
  });

  it("an unknown option, with the nearest that there is", async () => {
    for (const run of [await sweep("--cpus", "1"), await runCli(["models", ...fakes, ...builtin, "--window", "1s"])])
      expect(run).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^lab: .*--(cpus|window)\b/) });
    expect((await sweep("--cpus", "1")).stderr).toContain("--cpu?");
  });

  it("several levels of one point", async () => {
    const run = await runCli(["run", ...fakes, ...builtin, "--memory", "64M,256M"]);
    expectRefusal(run, "LAB_USAGE", /--memory\b.*\b2\b/);
  });

  it("a question about plugins that are not there", async () => {
    const about = (...args: string[]) => runCli(["predict", "--cpu", "0.4", ...args, ...fakes, ...builtin]);
    expectRefusal(await about("--load", "wkr"), "LAB_UNKNOWN_PLUGIN", 'load tool "wkr"');
    expectRefusal(await about("--role", "x"), "LAB_USAGE", '--role: "x"');
  });

  it("a broken plugins.json", async () => {
    const dir = await mkdtemp(join(tmpdir(), "bad-"));
    onTestFinished(() => rm(dir, { recursive: true }));
    await writeFile(join(dir, "plugins.json"), "{ not json");
    expectRefusal(
      await runCli(["doctor", "--plugins", join(dir, "plugins.json")]),
      "LAB_PLUGINS_FILE",
      /plugins\.json: .*JSON/,
    );
  });
});
