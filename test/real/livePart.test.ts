import { rmSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadPlugins } from "../../src/core/hosting/load.ts";
import type { Entry } from "../../src/core/hosting/registry.ts";
import { watchLeftovers } from "../fixtures/leftovers.ts";
import { missing, type Part } from "../fixtures/parts.ts";
import { runLab, startLab } from "../fixtures/runLab.ts";

interface Outcome {
  readonly code: number | null;
  readonly checks: readonly { name: string; ok: boolean; reason?: string; live?: true }[];
  /** Names of the live rules that were broken. */
  readonly broken: readonly string[];
  readonly liveSkipped?: string;
}

async function check(path: string): Promise<Outcome> {
  const { code, stdout } = await runLab(["plugins", "check", path, "--json"]);
  const { checks, liveSkipped } = JSON.parse(stdout) as Omit<Outcome, "code" | "broken">;
  const broken = checks.filter(({ live, ok }) => live && !ok).map(({ name }) => name);
  return { code, checks, broken, ...(liveSkipped ? { liveSkipped } : {}) };
}

/** Rules that a built-in breaks now and then. */
const knownFaults: Partial<Record<Part, string>> = {
  // Of a first process that is killed the daemon often tells no "oom" event: its group is gone before it looks. Its kills
  // are then unknown.
  "limiter/docker": "it is killed at its memory limit, and usage() counts it",
};

const fixture = (name: string) => `test/fixtures/plugins/${name}.ts`;

describe("the live part lets built-ins pass", async () => {
  const registry = await loadPlugins("plugins.json");
  const entries = (["proxy", "load", "limiter"] as const).flatMap((kind) => registry.list(kind) as Entry[]);
  for (const { plugin, source } of entries) {
    const part = `${plugin.kind}/${plugin.id}` as Part;
    const without = await missing(part);
    it.skipIf(without)(without ? `${part} (not run: ${without})` : part, async () => {
      const leftovers = watchLeftovers();
      const { checks, liveSkipped, code } = await check(source);
      expect(liveSkipped).toBeUndefined();
      expect(checks.filter(({ ok, name }) => !ok && name !== knownFaults[part])).toEqual([]);
      expect(checks.filter(({ live }) => live).length).toBeGreaterThan(7);
      if (!(part in knownFaults)) expect(code).toBe(0);
      expect(await leftovers()).toEqual([]);
    });
  }
});

describe("the live part catches", () => {
  it("a proxy that does all that it should not, in each profile", async () => {
    onTestFinished(() => rmSync("/tmp/unruly-proxy.log", { force: true }));
    const leftovers = watchLeftovers();
    const { broken, code } = await check(fixture("unrulyProxy"));
    expect(code).toBe(2);
    for (const profile of ["fair", "as-shipped"]) {
      expect(broken).toEqual(
        expect.arrayContaining(
          [
            "passes bodies, statuses and methods on as they are",
            "spreads requests over 3 origins in turn",
            "keeps a client's connection open",
            "writes only into its own folder",
            "ends by itself within 3 s of SIGTERM and leaves no process",
          ].map((rule) => `reverse, ${profile}: ${rule}`),
        ),
      );
    }
    expect(await leftovers()).toEqual([]);
  });

  it("a proxy that gives up, with what it printed last", async () => {
    const { checks, broken } = await check(fixture("quittingProxy"));
    const starts = ["fair", "as-shipped"].map(
      (profile) => `reverse, ${profile}: starts and passes on the origins' answers`,
    );
    expect(broken).toEqual(starts);
    const reason = "quitting ended with code 3 before it was ready: cannot bind to the moon";
    expect(checks.find(({ name }) => name === starts[0])).toMatchObject({ reason });
  });

  it("a proxy that answers wrongly, with its answer", async () => {
    const { checks, broken } = await check(fixture("wrongProxy"));
    expect(broken).toHaveLength(2);
    expect(checks.find(({ name }) => name === broken[0])?.reason).toMatch(/\bstatus 400\b/);
  });

  it("a proxy that goes into the background, and ends what is there of it", async () => {
    const leftovers = watchLeftovers();
    const { checks, broken } = await check(fixture("backgroundProxy"));
    expect(broken).toHaveLength(2);
    expect(checks.find(({ name }) => name === broken[0])?.reason).toContain("foreground");
    expect(await leftovers()).toEqual([]);
  });

  it("a load tool that boasts", async () => {
    const { broken, code } = await check(fixture("boastfulTool"));
    expect(code).toBe(2);
    expect(broken).toEqual([
      "closed loop: counts what was answered, within 1 %",
      "closed loop: takes the time that it was given",
      "closed loop: measures an origin that takes 10 ms",
      "closed loop: keeps its connections open",
      "an origin that answers with status 500: reports failures and nothing completed",
      "told by SIGINT to end: ends within 2 s and reports what was answered until then",
      "an origin that is not there: ends with an error or with failures only",
    ]);
  });

  const root = process.getuid?.() === 0 && process.platform === "linux";
  it.skipIf(!root)("a limiter that forgets to limit (needs root on Linux)", async () => {
    const { broken, code } = await check(fixture("forgetfulLimiter"));
    expect(code).toBe(2);
    expect(broken).toEqual(
      expect.arrayContaining([
        "holds it at 0.2 CPU for 2 s, by usage() and by the system",
        "update() lifts a limit that it leaves out",
        "passes on its exit code and its last words",
        "gave it its environment, cores, open files and a folder to write to",
        "stop() kills it and its child once the grace is over",
        "it is killed at its memory limit, and usage() counts it",
      ]),
    );
  });
});

describe("the live part, interrupted", async () => {
  it.each([
    ["a proxy", "src/plugins/proxies/builtin.ts", /ready after/],
    ["a load tool", "src/plugins/load/autocannon.ts", /closed loop: ends/],
  ])("leaves nothing of %s and ends with code 130", async (_, path, begun) => {
    const leftovers = watchLeftovers();
    const lab = startLab(["plugins", "check", path]);
    await lab.until(begun);
    lab.child.kill("SIGINT");
    const { code, stdout } = await lab.finished;
    expect(stdout).toMatch(/checks, none failed, interrupted\n$/);
    expect(code).toBe(130);
    expect(await leftovers()).toEqual([]);
  });

  const without = await missing("limiter/cgroup");
  it.skipIf(without)(`leaves nothing of a limiter${without && ` (not run: ${without})`}`, async () => {
    const leftovers = watchLeftovers();
    const lab = startLab(["plugins", "check", "src/plugins/limiters/cgroup.ts"]);
    await lab.until(/limits\(\) says/);
    lab.child.kill("SIGINT");
    expect((await lab.finished).code).toBe(130);
    expect(await leftovers()).toEqual([]);
  });
});
