import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ProxyPlugin } from "../../../src/core/contract/index.ts";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import type { Registry } from "../../../src/core/hosting/registry.ts";
import { configurationHash, refuseIdleOptions, withOwnConfiguration } from "../../../src/core/lab/ownConfiguration.ts";
import builtin from "../../../src/plugins/proxies/builtin.ts";
import haproxy from "../../../src/plugins/proxies/haproxy.ts";
import { expectError, expectRejection } from "../../fixtures/errors.ts";

const plugins: Readonly<Record<string, ProxyPlugin>> = { haproxy, builtin };
const registry = { get: (_kind: string, id: string) => ({ plugin: plugins[id] }) } as unknown as Registry;

const free = "bind {{listen}}\nserver s1 127.0.0.1:9001\n";
const fixed = "bind 127.0.0.1:8080\nserver s1 127.0.0.1:9001\nserver s2 127.0.0.1:9002\n";
const template = "bind {{listen}}\n{{origins}}\n";

/** A sweep of HAProxy with a configuration of this text. */
function specOf(text: string, scenario: Partial<SweepSpec["scenario"]> = {}, more: Partial<SweepSpec> = {}): SweepSpec {
  const folder = mkdtempSync(join(tmpdir(), "own-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "haproxy.cfg");
  writeFileSync(file, text);
  return {
    ...gridSpec,
    proxies: ["haproxy"],
    seed: 1,
    ...more,
    scenario: { ...gridSpec.scenario, configuration: [file], ...scenario },
  };
}

describe("a sweep with a configuration of the user's own", () => {
  it("has the lab's addresses filled in where it says so", async () => {
    const { scenario, servers } = await withOwnConfiguration(specOf(template, {}, { servers: [1, 3] }), registry);
    expect(scenario).toMatchObject({ profile: "own", configurationSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(scenario.originAt).toBeUndefined();
    expect(servers).toEqual([1, 3]);
  });

  it("puts its origins where the configuration expects them", async () => {
    const { scenario, servers } = await withOwnConfiguration(
      specOf(fixed, { url: "http://127.0.0.1:8080/" }),
      registry,
    );
    expect(scenario.originAt).toEqual(["127.0.0.1:9001", "127.0.0.1:9002"]);
    expect(servers).toEqual([2]);
  });

  it("puts them where the user says", async () => {
    const spec = specOf(free, { originAt: ["127.0.0.1:9009"] });
    expect((await withOwnConfiguration(spec, registry)).scenario.originAt).toEqual(["127.0.0.1:9009"]);
  });

  it("is known by its files or by their hash", async () => {
    const spec = specOf(template);
    const { configurationSha256 = "" } = (await withOwnConfiguration(spec, registry)).scenario;
    const named = spec.scenario.configuration!.join();
    expect(await Promise.all([named, configurationSha256].map(configurationHash))).toEqual(
      Array(2).fill(configurationSha256),
    );
    await expectRejection(configurationHash(`${named}.none`), "LAB_CONFIGURATION", "none");
  });

  it("without one stays as it is", async () => {
    const spec = { ...gridSpec, proxies: ["haproxy"], seed: 1 };
    expect(await withOwnConfiguration(spec, registry)).toBe(spec);
  });

  it.each<[string, () => SweepSpec, "LAB_USAGE" | "LAB_CONFIGURATION" | "LAB_UNSUPPORTED"]>([
    ["nobody says where it listens", () => specOf(fixed), "LAB_USAGE"],
    ["both say where it listens", () => specOf(template, { url: "http://127.0.0.1:80/" }), "LAB_USAGE"],
    ["nobody says where its servers are", () => specOf("bind {{listen}}\n"), "LAB_USAGE"],
    ["both say where its servers are", () => specOf(template, { originAt: ["127.0.0.1:1"] }), "LAB_USAGE"],
    ["it has another number of servers", () => specOf(free, {}, { servers: [3] }), "LAB_USAGE"],
    ["its servers are elsewhere", () => specOf("bind {{listen}}\nserver s1 10.0.0.5:80\n"), "LAB_CONFIGURATION"],
    ["its servers have names", () => specOf("bind {{listen}}\nserver s1 app:80\n"), "LAB_CONFIGURATION"],
    ["there are several proxies", () => specOf(template, {}, { proxies: ["haproxy", "builtin"] }), "LAB_USAGE"],
    ["the proxy takes none", () => specOf(template, {}, { proxies: ["builtin"] }), "LAB_UNSUPPORTED"],
  ])("is refused where %s", async (_, spec, code) => {
    await expectRejection(withOwnConfiguration(spec(), registry), code);
  });

  it("takes no options of the plugin, which would have no effect", () => {
    const spec = specOf(template);
    const quiet = { ...spec, options: { "haproxy.accessLog": false } };
    expectError(() => refuseIdleOptions(quiet), "LAB_USAGE", "haproxy.accessLog");
    expect(() => refuseIdleOptions({ ...spec, options: { "wrk.script": "x" } })).not.toThrow();
    const { configuration: _, ...made } = quiet.scenario;
    expect(() => refuseIdleOptions({ ...quiet, scenario: made })).not.toThrow();
  });

  it("is the only one with a URL of its own", async () => {
    const spec = { ...gridSpec, proxies: ["haproxy"], seed: 1 };
    const scenario = { ...spec.scenario, url: "http://127.0.0.1:80/" };
    await expectRejection(withOwnConfiguration({ ...spec, scenario }, registry), "LAB_USAGE", "--url");
  });
});
