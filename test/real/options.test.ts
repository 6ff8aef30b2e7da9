import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PluginOptions, ProxyPlugin } from "../../src/core/contract/index.ts";
import { unconfined } from "../../src/core/hosting/conformance/live/lab.ts";
import { asOrigins, startTarget } from "../../src/core/hosting/conformance/live/target.ts";
import { checkedOptions } from "../../src/core/hosting/load.ts";
import { type Entry, Registry } from "../../src/core/hosting/registry.ts";
import { openRig } from "../../src/core/measure/rig/rig.ts";
import { dataDir } from "../../src/core/places.ts";
import { LocalHost } from "../../src/core/process/host.ts";
import { Ledger } from "../../src/core/process/ledger.ts";
import haproxy from "../../src/plugins/proxies/haproxy.ts";
import mitmproxy from "../../src/plugins/proxies/mitmproxy.ts";
import squid from "../../src/plugins/proxies/squid.ts";
import traefik from "../../src/plugins/proxies/traefik.ts";
import { missing } from "../fixtures/parts.ts";
import { runLab } from "../fixtures/runLab.ts";

const requests = 5;

/** What a proxy with these options answers, prints, and writes into access.log. */
async function asked(plugin: ProxyPlugin, set: PluginOptions, profile: "fair" | "as-shipped" = "fair") {
  const host = await LocalHost.open(new Ledger(), dataDir);
  const target = await startTarget();
  const proxy: Entry<ProxyPlugin> = { plugin, ...checkedOptions(plugin.options, set), source: "test" };
  const registry = new Registry([proxy]);
  const limiter = unconfined();
  const { id: proxyId } = plugin;
  const point = {
    proxy: proxyId,
    loadTool: "none",
    limiter: "unconfined",
    role: "reverse",
    cpu: 1,
    servers: 1,
  } as const;
  const { signal } = new AbortController();
  const rig = await openRig(
    { host, signal },
    {
      proxy,
      limiter: limiter.entry,
      source: { found: await registry.require(proxy, host) },
      point: { ...point, concurrency: 8 },
      profile,
      origins: asOrigins([target]),
      connections: 8,
    },
  );
  try {
    const replies = [];
    for (let index = 0; index < requests; index++)
      replies.push(await fetch(`http://${rig.entrance.listen.host}:${rig.entrance.listen.port}/asked/${index}`));
    const { scratchDir } = limiter.last()!.launch;
    await sleep(1_200); // squid writes its log once a second
    const file = join(scratchDir, "access.log");
    const log = await host.readText(file);
    return { headers: replies[0]!.headers, printed: await rig.tail(), log: log ?? "", rig };
  } finally {
    await rig.close();
    await target.close();
  }
}

const loggedIn = (text: string) => new Set([...text.matchAll(/\/asked\/(\d)/g)].map(([, index]) => index)).size;

describe("the option accessLog", () => {
  const proxies = [
    [haproxy, "printed"],
    [traefik, "log"],
    [squid, "log"],
    [mitmproxy, "printed"],
  ] as const;
  for (const [plugin, place] of proxies) {
    it(`of ${plugin.id} decides whether requests are logged, in each profile`, {
      timeout: 120_000,
    }, async (context) => {
      const without = await missing(`proxy/${plugin.id}`);
      context.skip(without !== "", without);
      for (const profile of ["fair", "as-shipped"] as const) {
        const [on, off] = [
          await asked(plugin, { accessLog: true }, profile),
          await asked(plugin, { accessLog: false }, profile),
        ];
        expect(loggedIn(on[place])).toBe(requests);
        expect(loggedIn(off.printed + off.log)).toBe(0);
      }
    });
  }
});

describe("lines that are added", async () => {
  it.skipIf(await missing("proxy/squid"))("are in force in squid", async () => {
    const { headers, rig } = await asked(squid, { lines: ["reply_header_add X-Lab in-force"] });
    expect(headers.get("x-lab")).toBe("in-force");
    expect(rig.deviations).toContain("reply_header_add X-Lab in-force");
    expect((await asked(squid, {})).headers.get("x-lab")).toBeNull();
  });

  it.skipIf(await missing("proxy/haproxy"))("are in force in haproxy", async () => {
    const { headers } = await asked(haproxy, { frontend: ["http-response set-header X-Lab in-force"] });
    expect(headers.get("x-lab")).toBe("in-force");
  });
});

describe("options of a sweep", async () => {
  const without = await missing("proxy/haproxy", "load/wrk", "limiter/cgroup");

  it.skipIf(without)("are kept with its trials, which are not pooled with others", { timeout: 180_000 }, async () => {
    const dir = mkdtempSync(join(tmpdir(), "options-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const lab = async (...args: string[]) =>
      (await runLab([...args, "--plugins", "plugins.json"], { store: join(dir, "lab.db") })).stdout;
    const grid = ["--plan", "grid", "--anchors", "0", "--window", "500ms", "--warmup", "0"];
    await lab("sweep", "--proxy", "haproxy", ...grid, "--cpu", "0.1,0.2,0.3,0.4,0.5");
    await lab("sweep", "--proxy", "haproxy", ...grid, "--cpu", "0.1,0.2,0.3", "--option", "haproxy.accessLog=on");
    const rows = JSON.parse(await lab("export", "--format", "json")) as { proxyOptions?: string | null }[];
    const options = rows.map(({ proxyOptions }) => proxyOptions ?? "none");
    expect(options).toEqual([...Array(5).fill("none"), ...Array(3).fill("accessLog=on")]);
    const predict = ["predict", "--proxy", "haproxy", "--cpu", "0.25"];
    const most = await lab(...predict);
    expect(most).toMatch(/of the 5 trials/);
    expect(most).toMatch(/3 with options accessLog=on \(--proxy-options accessLog=on/);
    const own = await lab(...predict, "--proxy-options", "accessLog=on");
    expect(own).toMatch(/of the 3 trials.*options accessLog=on/);
    expect(own).toMatch(/5 with default options/);
  });
});
