import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCli } from "../fixtures/runCli.ts";
import type { Run } from "../fixtures/runLab.ts";

const fakes = ["--plugins", "test/fixtures/plugins/plugins.json"];
const quick = ["--limiter", "unlimited", "--load", "autocannon", "--window", "500ms", "--warmup", "0"];
const sweep = (...args: string[]) => runCli(["sweep", ...fakes, ...quick, ...args]);

/** One line that says what is wrong, at most one of help, nothing on stdout. */
function expectRefusal(run: Run, code: number, message: RegExp): void {
  expect(run.stderr).toMatch(message);
  expect(run.code).toBe(code);
  expect(run.stdout).toBe("");
  expect(run.stderr).not.toMatch(/\n\s+at /);
  expect(run.stderr.trim()).toMatch(/^[^\n]+(\n[^\n]+)?$/);
}

describe("wrong use is refused with exit code 2", () => {
  it.each([
    [
      "an unknown proxy",
      ["--proxy", "haproxi"],
      /^lab: there is no proxy "haproxi"\n {2}choose from: builtin, haproxy/,
    ],
    ["an unknown load tool", ["--proxy", "builtin", "--load", "x"], /there is no load tool "x"/],
    ["an unknown limiter", ["--proxy", "builtin", "--limiter", "x"], /there is no limiter "x"/],
    ["a CPU level of 0", ["--proxy", "builtin", "--cpu", "0"], /--cpu: "0" is not a number of cores above 0/],
    ["a CPU level that is no number", ["--proxy", "builtin", "--cpu", "abc"], /--cpu: "abc" is not/],
    [
      "more cores than there are",
      ["--proxy", "builtin", "--cpu", "512"],
      new RegExp(`512 cores is out of range\n.*${availableParallelism()}`),
    ],
    [
      "less memory than the limiter takes",
      ["--proxy", "builtin", "--memory", "1", "--cpu", "0.1"],
      /--memory: 1 bytes is out of range/,
    ],
    [
      "a role that the proxy cannot play",
      ["--proxy", "builtin", "--role", "forward"],
      /builtin cannot be a forward proxy/,
    ],
    ["a role that does not exist", ["--role", "sideways"], /--role: "sideways" is not reverse or forward/],
    ["an unknown option", ["--cpus", "1"], /unknown option '--cpus'/],
    ["an experiment file that is not there", ["none.yaml"], /none\.yaml cannot be read/],
    ["an origin that is no URL", ["--origin", "here"], /--origin: "here" is not an http:\/\/ URL/],
    ["a port that there cannot be", ["--proxy", "builtin", "--port", "65536"], /--port: "65536" is not a port/],
    [
      "a share of the capacity without the warm-up that finds it",
      ["--proxy", "builtin", "--load", "autocannon", "--rate", "70%"],
      /--rate: a share of the capacity needs a warm-up/,
    ],
    [
      "an origin that answers too late to have started",
      ["--proxy", "builtin", "--origin-delay", "2s"],
      /--origin-delay: 2000 ms is out of range/,
    ],
    ["a sweep to resume that is not there", ["--resume", "nope"], /no sweep nope/],
    ["a sweep to resume where none was interrupted", ["--resume"], /there is no interrupted sweep/],
    [
      "repetitions of an adaptive plan",
      ["--proxy", "builtin", "--plan", "adaptive", "--replicates", "3"],
      /chooses by itself what it repeats/,
    ],
  ])("%s", async (_, args, message) => {
    const run = await sweep(...args);
    expectRefusal(run, args[0] === "--resume" ? 4 : 2, message);
  });

  it("several levels of one point", async () => {
    const run = await runCli(["run", ...fakes, "--proxy", "builtin", "--memory", "64M,256M"]);
    expectRefusal(run, 2, /measures one point, but --memory stands for 2/);
  });

  it("a question about plugins that are not there, or that a command does not ask", async () => {
    const about = (...args: string[]) => runCli([...args, ...fakes, "--proxy", "builtin"]);
    expectRefusal(await about("predict", "--cpu", "0.4", "--load", "wkr"), 2, /there is no load tool "wkr"/);
    expectRefusal(await about("predict", "--cpu", "0.4", "--role", "x"), 2, /--role: "x" is not reverse or forward/);
    expectRefusal(await about("models", "--servers", "1"), 2, /unknown option '--servers'/);
  });

  it("a negative CPU level", async () =>
    expectRefusal(await sweep("--proxy", "builtin", "--cpu=-1"), 2, /--cpu: "-1" is not/));

  it("a broken plugins.json", async () => {
    const dir = await mkdtemp(join(tmpdir(), "bad-"));
    onTestFinished(() => rm(dir, { recursive: true }));
    await writeFile(join(dir, "plugins.json"), "{ not json");
    expectRefusal(await runCli(["doctor", "--plugins", join(dir, "plugins.json")]), 2, /plugins\.json: is not JSON/);
  });
});
