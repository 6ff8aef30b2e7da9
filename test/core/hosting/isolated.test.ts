import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type {
  Launch,
  LimiterPlugin,
  LoadPlugin,
  LoadSetup,
  ProxyPlugin,
  ProxySetup,
} from "../../../src/core/contract/index.ts";
import { Door } from "../../../src/core/hosting/door.ts";
import { threadOf } from "../../../src/core/hosting/isolated.ts";
import { importPlugin } from "../../../src/core/hosting/load.ts";
import { hookTimes } from "../../../src/core/hosting/times.ts";
import { LocalHost } from "../../../src/core/process/host.ts";
import { Ledger } from "../../../src/core/process/ledger.ts";
import { expectRejection } from "../../fixtures/errors.ts";

const patientMs = 30_000;
const patient = new Door({ ...hookTimes, plan: patientMs, parse: patientMs });
const program = `{ executables: ["sleep"], versionArguments: [], versionPattern: "", install: {} }`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "isolated-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function load<P>(code: string, name = "plugin.js"): Promise<P> {
  writeFileSync(join(dir, "package.json"), '{ "type": "module" }');
  writeFileSync(join(dir, name), code);
  return (await importPlugin(join(dir, name), patientMs)) as P;
}

const proxyWith = (plan: string, more = "") => `import { defineProxy } from "proxy-lab/contract";
  ${more}
  export default defineProxy({
    id: "mine", title: "Mine", program: ${program}, supports: { roles: ["reverse"], balancing: true },
    plan(setup) { ${plan} },
  });`;
const setup = (threads: number) => ({ threads, options: {} }) as unknown as ProxySetup;

describe("a plugin that did not come with the lab", { timeout: 60_000 }, () => {
  it("never runs in the lab's own thread, and can be written in TypeScript", async () => {
    const code = proxyWith(`return { argv: ["sleep", String(setup.threads as number)] };`, "globalThis.here = true;");
    const plugin = await load<ProxyPlugin>(code.replace("globalThis.here", "(globalThis as any).here"), "plugin.ts");
    expect(globalThis).not.toHaveProperty("here");
    expect(await patient.planProxy(plugin, setup(4))).toEqual({ argv: ["sleep", "4"] });
  });

  it("can be an object of a class", async () => {
    const plugin = await load<ProxyPlugin>(`
      class Proxy {
        id = "classy"; title = "Classy"; kind = "proxy"; apiVersion = "1.0.0"; program = ${program};
        supports = { roles: ["reverse"], balancing: true };
        async detect() { return { available: true }; }
        plan({ threads }) { return { argv: [this.id, String(threads)] }; }
      }
      export default new Proxy();`);
    expect(plugin).toMatchObject({ id: "classy", kind: "proxy" });
    expect(await patient.planProxy(plugin, setup(2))).toEqual({ argv: ["classy", "2"] });
  });

  it("prints to stderr, whatever it prints to: stdout is for results", async () => {
    const printed = { stdout: "", stderr: "" };
    const spies = (["stdout", "stderr"] as const).map((name) =>
      vi.spyOn(process[name], "write").mockImplementation((chunk) => {
        printed[name] += chunk;
        return true;
      }),
    );
    try {
      await load(proxyWith("return {};", `console.log("one"); process.stdout.write("two"); console.error("three");`));
      await expect.poll(() => printed.stderr, { timeout: patientMs }).toMatch(/one\s+two\s*three/);
      expect(printed.stdout).toBe("");
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  it("that keeps its event loop busy does not keep the lab's", async () => {
    const plugin = await load<ProxyPlugin>(proxyWith("for (;;);"));
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    await expectRejection(new Door({ ...hookTimes, plan: 500 }).planProxy(plugin, setup(1)), "LAB_PLUGIN", "0.5 s");
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(1);
  });

  it("that ends its thread between two calls is told at the next one, and has a new thread for the one after", async () => {
    const plan = `
      if (setup.threads === 1) setTimeout(() => { throw new Error("afterthought"); });
      return { argv: ["sleep"] };`;
    const plugin = await load<ProxyPlugin>(proxyWith(plan));
    await patient.planProxy(plugin, setup(1));
    await threadOf(plugin)!.ended();
    const planned = patient.planProxy(plugin, setup(2));
    await expectRejection(planned, "LAB_PLUGIN", /^proxy plugin mine, plan: .*: afterthought$/);
    expect(await patient.planProxy(plugin, setup(2))).toEqual({ argv: ["sleep"] });
  });

  it("does not hold up an abort, and is there again afterwards", async () => {
    const plugin = await load<ProxyPlugin>(proxyWith(`if (setup.threads === 1) for (;;); return { argv: ["sleep"] };`));
    const controller = new AbortController();
    const asked = patient.planProxy(plugin, setup(1), controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expectRejection(asked, "LAB_INTERRUPTED", /\bplan\b.*\bmine\b/);
    expect(await patient.planProxy(plugin, setup(2))).toEqual({ argv: ["sleep"] });
  });

  it("loses one hook that hangs, not the one that was asked after it", async () => {
    const plugin = (await importPlugin(join(import.meta.dirname, "../../fixtures/faulty/load.ts"))) as LoadPlugin;
    const door = new Door({ ...hookTimes, sample: 200, parse: patientMs });
    const asked = door.sample(plugin, "keeps its event loop busy");
    const sample = expectRejection(asked, "LAB_PLUGIN", /^load plugin faulty, sample: .*0\.2 s/);
    const parse = door.parseLoad(plugin, { stdout: "", stderr: "" }, { options: {} } as unknown as LoadSetup);
    await sample;
    expect(await parse).toMatchObject({ completedRequests: 1 });
  });
});

describe("a limiter that breaks down", { timeout: 60_000 }, () => {
  const launch: Launch = {
    name: "sleep",
    argv: ["sleep", "60"],
    env: { PATH: process.env.PATH ?? "" },
    scratchDir: "/tmp",
    readOnlyDirs: [],
    openFiles: 1024,
  };

  async function start(code: string, ledger: Ledger, start = patientMs) {
    const plugin = await load<LimiterPlugin>(`import { defineLimiter } from "proxy-lab/contract";
      export default defineLimiter({
        id: "weak", title: "Weak", minimum: { cpu: 0.01, memoryBytes: 1 },
        supports: { cpu: true, memory: true, liveUpdate: true, images: false, otherHosts: false },
        detect: async () => ({ available: true }),
        async start(launch, limits, host) { ${code} },
      });`);
    const host = await LocalHost.open(ledger);
    return new Door({ ...hookTimes, start, usage: patientMs }).start({ plugin, options: {} }, launch, {}, host);
  }
  const processes = (ledger: Ledger) => ledger.owned.filter(({ kind }) => kind === "process");

  it("loses its process, so that the lab can go on with another one", async () => {
    const ledger = new Ledger();
    const held = await start(
      `const child = await host.launch(launch);
       return { ...child, update: async () => {}, limits: async () => ({}), usage: async () => process.exit(1) };`,
      ledger,
    );
    expect(processes(ledger)).toHaveLength(1);
    await expectRejection(held.usage(), "LAB_PLUGIN", /^limiter plugin weak, usage: .*process\.exit\(1\)/);
    await held.exited;
    expect(processes(ledger)).toEqual([]);
    await held.stop(0);
  });

  it("while it starts a process leaves none behind", async () => {
    const ledger = new Ledger();
    const failure = start(`await host.launch(launch); for (;;);`, ledger, 1_500);
    await expectRejection(failure, "LAB_PLUGIN", /^limiter plugin weak, start: .*1\.5 s/);
    expect(processes(ledger)).toEqual([]);
  });

  it("puts no wrong process on the clean-up list", async () => {
    const ledger = new Ledger();
    const failure = start(`host.own({ kind: "process", pid: "all" });`, ledger);
    await expectRejection(failure, "LAB_PLUGIN", /^limiter plugin weak, start: own: /);
    expect(ledger.owned).toEqual([]);
  });

  it("or not, has what it needs of the lab at once: a name, clean-up, the words of its process", async () => {
    const ledger = new Ledger();
    const held = await start(
      `const disown = host.own({ kind: "dir", path: "/tmp/" + host.uniqueName() });
       const child = await host.launch({ ...launch, argv: ["sh", "-c", "echo hello; sleep 60"] });
       return {
         ...child, update: async () => disown(), usage: async () => ({}), limits: async () => ({}),
         tail: () => "it says: " + child.tail(),
       };`,
      ledger,
    );
    expect(ledger.owned).toContainEqual({ kind: "dir", path: expect.stringContaining(`proxy-lab-${process.pid}-`) });
    await held.update({});
    expect(ledger.owned.filter(({ kind }) => kind === "dir")).toEqual([]);
    await expect.poll(() => held.tail(), { timeout: patientMs }).toBe("it says: hello");
    await held.stop(0);
    expect(await held.exited).toEqual({ signal: expect.stringMatching(/^SIG/) });
  });
});
