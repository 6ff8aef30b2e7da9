import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { watchLeftovers } from "../fixtures/leftovers.ts";
import { runLab, startLab } from "../fixtures/runLab.ts";

const quick = { "--cpu": "0.5", "--window": "1s", "--warmup": "0" };

interface Event {
  readonly type: string;
  readonly message?: string;
  readonly record: {
    readonly status: string;
    readonly point: { readonly proxy: string; readonly loadTool: string; readonly limiter: string };
    readonly error?: { readonly code: string; readonly message: string };
  };
}

/** A plugins.json with sound built-ins, a limiter that sets no limits, and one of the faulty fixtures. */
function pluginsWith(name: string, options: object): string {
  const dir = mkdtempSync(join(tmpdir(), "faulty-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "plugins.json");
  const plugins = [
    "builtin:proxies/builtin",
    "builtin:load/autocannon",
    resolve("test/fixtures/plugins/unlimited.ts"),
    { use: resolve(`test/fixtures/faulty/${name}.ts`), options },
  ];
  writeFileSync(file, JSON.stringify({ plugins }));
  return file;
}

function argumentsFor(name: string, options: object, levels: Record<string, string>): string[] {
  const all = { "--proxy": "builtin", "--load": "autocannon", "--limiter": "unlimited", ...quick, ...levels };
  return ["sweep", "--json", "--plugins", pluginsWith(name, options), ...Object.entries(all).flat()];
}

async function sweep(name: string, options: object, levels: Record<string, string>) {
  const leftovers = watchLeftovers();
  const { code, stdout, stderr } = await runLab(argumentsFor(name, options, levels));
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Event);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(await leftovers()).toEqual([]);
  return {
    code,
    trials: events.filter(({ type }) => type === "trial-finished").map(({ record }) => record),
    warnings: events.flatMap(({ type, message = "" }) =>
      type === "warning" && / plugin /.test(message) ? message : [],
    ),
  };
}

describe("a plugin at fault costs its own trials, and nothing else", () => {
  it.each([
    {
      what: "a proxy that keeps its event loop busy in plan",
      kind: "proxy",
      faults: { plan: "keeps its event loop busy" },
      message: /^proxy plugin faulty, plan: .*\b5 s\b/,
    },
    {
      what: "a proxy that throws in detect",
      kind: "proxy",
      faults: { detect: "throws" },
      message: /^proxy plugin faulty, detect: no idea \(\S+faults\.ts:\d+:\d+\)$/,
    },
    {
      what: "a load tool that returns rubbish from parse",
      kind: "load",
      faults: { parse: "returns rubbish" },
      message: /^load plugin faulty, parse: .*contract/,
    },
    {
      what: "a limiter that fails to prepare",
      kind: "limiter",
      faults: { prepare: "exits" },
      message: /^limiter plugin faulty, prepare: .*process\.exit\(3\)/,
    },
    {
      what: "a limiter that exits while the proxy is measured",
      kind: "limiter",
      faults: { usage: "exits" },
      message: /^limiter plugin faulty, usage: .*process\.exit\(3\)/,
    },
    {
      what: "a limiter that gives no counters",
      kind: "limiter",
      faults: { usage: "throws" },
      message: /^limiter plugin faulty, usage: no idea \(\S+faults\.ts:\d+:\d+\)$/,
    },
  ])("$what", async ({ kind, faults, message }) => {
    const sound = { proxy: "builtin", load: "autocannon", limiter: "unlimited" }[kind];
    const { code, trials } = await sweep(kind, faults, { [`--${kind}`]: `${sound},faulty` });
    const bad = trials.filter(({ point }) => Object.values(point).includes("faulty"));
    const good = trials.filter(({ point }) => !Object.values(point).includes("faulty"));
    expect(good).toMatchObject([{ status: "completed" }]);
    expect(bad).toMatchObject([
      { status: "failed", error: { code: "LAB_PLUGIN", message: expect.stringMatching(message) } },
    ]);
    expect(code).toBe(3);
  });

  it("a limiter that cannot end its process: the lab ends it, and warns", async () => {
    const { code, trials, warnings } = await sweep("limiter", { stop: "throws" }, { "--limiter": "faulty" });
    expect(trials).toMatchObject([{ status: "completed" }]);
    expect(warnings).toEqual([expect.stringMatching(/^limiter plugin faulty, stop: no idea \(\S+:\d+:\d+\)$/)]);
    expect(code).toBe(0);
  });

  it("a load tool whose live lines cannot be read is measured all the same, with one warning", async () => {
    const { code, trials, warnings } = await sweep("chatty", {}, { "--load": "chatty", "--window": "3s" });
    expect(trials).toMatchObject([{ status: "completed" }]);
    expect(warnings).toEqual([
      "no live figures: load plugin chatty, sample: did not answer in 1 s; its thread was ended",
    ]);
    expect(code).toBe(0);
  });
});

it("an interrupt does not wait for a plugin that hangs", async () => {
  const leftovers = watchLeftovers();
  const lab = startLab(argumentsFor("limiter", { start: "hangs" }, { "--limiter": "faulty" }));
  await lab.until(/"type":"baseline"/); // what comes after it is the start, which may take a minute
  await new Promise((wait) => setTimeout(wait, 1_000));
  const from = performance.now();
  lab.child.kill("SIGINT");
  const run = await lab.finished;
  expect(performance.now() - from).toBeLessThan(30_000);
  expect(run.code).toBe(130);
  expect(run.stdout).not.toContain("trial-finished");
  expect(await leftovers()).toEqual([]);
});
