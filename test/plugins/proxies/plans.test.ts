import { describe, expect, it } from "vitest";
import type { ProxyPlugin, ProxySetup } from "../../../src/core/contract/index.ts";
import haproxy from "../../../src/plugins/proxies/haproxy.ts";
import mitmproxy from "../../../src/plugins/proxies/mitmproxy.ts";
import squid from "../../../src/plugins/proxies/squid.ts";
import traefik from "../../../src/plugins/proxies/traefik.ts";

const setup: ProxySetup = {
  role: "reverse",
  listen: { host: "127.0.0.1", port: 8000 },
  origins: [
    { host: "127.0.0.1", port: 9001 },
    { host: "127.0.0.1", port: 9002 },
  ],
  threads: 2,
  openFiles: 8192,
  connections: 32,
  scratchDir: "/scratch",
  instance: "labA1",
  profile: "fair",
  options: {},
};

const files = (plugin: ProxyPlugin, changes: Partial<ProxySetup> = {}) =>
  Object.values(plugin.plan({ ...setup, ...changes }).files ?? {}).join("\n");
const argv = (plugin: ProxyPlugin, changes: Partial<ProxySetup> = {}) =>
  plugin.plan({ ...setup, ...changes }).argv.join(" ");

describe("haproxy", () => {
  it("spreads requests over all origins, with the threads it is given, no log and no retries", () => {
    const text = files(haproxy);
    for (const line of ["nbthread 2", "no log", "retries 0", "balance roundrobin", "bind 127.0.0.1:8000"])
      expect(text).toContain(line);
    expect(text.match(/^ {4}server s\d 127\.0\.0\.1:900\d$/gm)).toHaveLength(2);
  });

  it("as shipped sets neither threads nor retries", () => {
    expect(files(haproxy, { profile: "as-shipped" })).not.toMatch(/nbthread|retries|no log/);
  });

  it("takes enough connections, and never more than half of the open files", () => {
    expect(files(haproxy)).toMatch(/maxconn 228$/m);
    expect(files(haproxy, { connections: 4000 })).toMatch(/maxconn 4046$/m);
  });
});

describe("traefik", () => {
  it("runs as many threads as the CPU limit asks for, as shipped as many as it likes", () => {
    expect(traefik.plan(setup).env).toEqual({ GOMAXPROCS: "2" });
    expect(traefik.plan({ ...setup, profile: "as-shipped" }).env).toEqual({});
  });

  it("names all origins in a file that is JSON and thereby YAML", () => {
    const { http } = JSON.parse(files(traefik));
    expect(http.services.origins.loadBalancer.servers).toEqual([
      { url: "http://127.0.0.1:9001" },
      { url: "http://127.0.0.1:9002" },
    ]);
  });

  it("calls nobody", () => {
    expect(argv(traefik)).toContain("--global.checkNewVersion=false");
    expect(argv(traefik)).toContain("--global.sendAnonymousUsage=false");
  });
});

describe("squid", () => {
  it("passes requests on to loopback addresses only, and keeps nothing, as a forward proxy", () => {
    const text = files(squid, { role: "forward" });
    for (const line of [
      "acl loopback dst 127.0.0.0/8",
      "http_access deny all",
      "cache deny all",
      "cache_mem 0",
      "access_log none",
    ]) {
      expect(text).toContain(line);
    }
    expect(text).not.toContain("cache_peer");
    expect(text).not.toContain("acl named");
  });

  it("passes requests on to an origin that is elsewhere, too, before all others are denied", () => {
    const forward = (host: string) => files(squid, { role: "forward", origins: [{ host, port: 80 }] });
    const rules = /^acl named dst origin\.example\nhttp_access allow named\nhttp_access deny all$/m;
    expect(forward("origin.example")).toMatch(rules);
    expect(forward("[2001:db8::1]")).toMatch(/^acl named dst 2001:db8::1$/m);
  });

  it("spreads requests over all origins as a reverse proxy", () => {
    expect(files(squid).match(/^cache_peer 127\.0\.0\.1 parent 900\d .*round-robin/gm)).toHaveLength(2);
  });

  it("names no site that would have to be resolved, which would cost it memory with each request", () => {
    expect(files(squid)).toMatch(/^http_port 127\.0\.0\.1:8000 accel defaultsite=127\.0\.0\.1 no-vhost$/m);
  });

  it("shares memory with no other squid", () => expect(argv(squid)).toContain("-n labA1"));
});

describe("mitmproxy", () => {
  it("is a forward proxy without an addon", () => {
    expect(argv(mitmproxy, { role: "forward" })).toMatch(/--mode regular .*--quiet/);
    expect(files(mitmproxy, { role: "forward" })).toBe("");
  });

  it("spreads requests over several origins by an addon", () => {
    expect(argv(mitmproxy)).toContain("--scripts /scratch/balance.py");
    expect(files(mitmproxy)).toContain('[("127.0.0.1", 9001), ("127.0.0.1", 9002)]');
  });
});

describe("with a configuration of the user's own", () => {
  const plugins = { haproxy, mitmproxy, squid, traefik };

  it.each([
    [
      "haproxy",
      "backend b\n  server a 127.0.0.1:9001 check\n\tserver b app:80\n# server c 1.2.3.4:5",
      ["127.0.0.1:9001", "app:80"],
    ],
    ["squid", "cache_peer 10.0.0.1 parent 8080 0 no-query\n#cache_peer a parent 1 0", ["10.0.0.1:8080"]],
    [
      "traefik",
      'servers:\n  - url: "http://app:8080/"\n  - url: http://127.0.0.1:9001',
      ["app:8080", "127.0.0.1:9001"],
    ],
    ["traefik", '[[http.services.a.loadBalancer.servers]]\n  url = "http://10.1.1.1"', ["10.1.1.1"]],
    ["mitmproxy", "mode:\n  - reverse:http://app:80", ["app:80"]],
  ] as const)("%s tells where it passes requests on to", (id, text, addresses) => {
    expect(plugins[id].upstreamsIn!(text)).toEqual(addresses);
  });

  it.each(Object.entries(plugins))("%s names each origin, and starts with the file", (_, plugin) => {
    const path = "/scratch/own/config.yaml";
    expect(plugin.writeOrigins!(setup.origins)).toContain("9001");
    expect(plugin.planOwn!(path, setup).argv.join(" ")).toContain("/scratch/own");
    expect(plugin.upstreamsIn!(plugin.writeOrigins!([setup.origins[0]])).length).toBeLessThanOrEqual(1);
  });

  it("mitmproxy refuses a file of another name", () => {
    expect(() => mitmproxy.planOwn!("/scratch/own/other.yaml", setup)).toThrow(/other\.yaml/);
  });
});
