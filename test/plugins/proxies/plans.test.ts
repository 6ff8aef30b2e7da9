import { describe, expect, it } from "vitest";
import type { ProxyPlugin, ProxySetup } from "../../../src/core/contract/index.ts";
import { optionFaults, withDefaults } from "../../../src/core/hosting/options.ts";
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

/** A plan with the options that are given, and the defaults of the rest. */
function planOf(plugin: ProxyPlugin, { options = {}, ...changes }: Partial<ProxySetup> = {}) {
  expect(optionFaults(plugin.options!, options)).toEqual([]);
  return plugin.plan({ ...setup, ...changes, options: withDefaults(plugin.options!, options) });
}

const files = (plugin: ProxyPlugin, changes: Partial<ProxySetup> = {}) =>
  Object.values(planOf(plugin, changes).files ?? {}).join("\n");
const argv = (plugin: ProxyPlugin, changes: Partial<ProxySetup> = {}) => planOf(plugin, changes).argv.join(" ");
const asShipped = (options: ProxySetup["options"]) => ({ options, profile: "as-shipped" as const });
const refused = (plugin: ProxyPlugin, options: ProxySetup["options"]) => optionFaults(plugin.options!, options).join();

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

  it("logs requests where it is told to, whatever the profile", () => {
    for (const profile of ["fair", "as-shipped"] as const) {
      const logged = files(haproxy, { profile, options: { accessLog: true } });
      expect(logged).toMatch(/log stdout format raw local0(?:.|\n)*log global\n *option httplog/);
      expect(logged).not.toContain("no log");
      expect(files(haproxy, { profile, options: { accessLog: false } })).toContain("no log");
    }
  });

  it("takes threads, buffers and timeouts by options, and tells of what differs", () => {
    const options = { threads: 5, bufferBytes: 32_768, timeoutSeconds: 7 };
    const text = files(haproxy, asShipped(options));
    for (const line of ["nbthread 5", "tune.bufsize 32768", "timeout client 7s", "timeout server 7s"])
      expect(text).toContain(`    ${line}\n`);
    expect(planOf(haproxy, asShipped(options)).deviations).toEqual(["nbthread 5", "tune.bufsize 32768"]);
    expect(files(haproxy)).toContain("timeout client 60s");
  });

  it("adds lines to its sections, and tells of them", () => {
    const options = { frontend: ["http-request set-header X-Lab 1"], global: ["tune.maxrewrite 2048"] };
    expect(files(haproxy, { options })).toMatch(
      /^frontend clients\n.*\n.*\n {4}http-request set-header X-Lab 1\nbackend/m,
    );
    expect(planOf(haproxy, { options }).deviations).toEqual([
      "retries 0",
      "nbthread 2",
      "no log",
      "global: tune.maxrewrite 2048",
      "frontend: http-request set-header X-Lab 1",
    ]);
  });

  it.each([
    ["frontend", "bind 127.0.0.1:8443 ssl crt lab.pem", /\bbind\b.*\blab\b/],
    ["frontend", "listen second", /\bsection\b/],
    ["global", "nbthread 4", /\bthreads\b/],
    ["defaults", "timeout  client 5s", /\btimeoutSeconds\b/],
    ["backend", "server x 127.0.0.1:1", /\bserver\b/],
  ])("refuses in %s the line %s", (section, line, reason) => {
    expect(refused(haproxy, { [section]: [line] })).toMatch(reason);
  });
});

describe("traefik", () => {
  it("runs as many threads as the CPU limit asks for, as shipped as many as it likes", () => {
    expect(planOf(traefik).env).toEqual({ GOMAXPROCS: "2" });
    expect(planOf(traefik, asShipped({})).env).toEqual({});
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

  it("takes an access log, compression, threads, idle connections and flags by options", () => {
    const log = argv(traefik, { options: { accessLog: true } });
    expect(log).toContain("--accessLog=true --accessLog.filePath=/scratch/access.log");
    expect(argv(traefik, { options: { accessLog: false } })).toBe(argv(traefik));
    expect(JSON.parse(files(traefik, { options: { compression: true } })).http).toMatchObject({
      routers: { all: { middlewares: ["compression"] } },
      middlewares: { compression: { compress: {} } },
    });
    const sized = planOf(traefik, asShipped({ threads: 3, idleConnections: 7, args: ["--ping=true"] }));
    expect(sized.env).toEqual({ GOMAXPROCS: "3" });
    expect(sized.argv.slice(-2)).toEqual(["--serversTransport.maxIdleConnsPerHost=7", "--ping=true"]);
    expect(sized.deviations).toEqual(["GOMAXPROCS 3", "maxIdleConnsPerHost 7", "--ping=true"]);
  });

  it.each(["--entrypoints.websecure.address=:443", "--providers.docker", "--accesslog=true"])("refuses %s", (flag) => {
    expect(refused(traefik, { args: [flag] })).toContain(flag);
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

  it("adds lines at the end, where most settings are last set", () => {
    expect(files(squid, { options: { lines: ["max_filedescriptors 4096"] } })).toMatch(/\nmax_filedescriptors 4096$/);
    expect(planOf(squid, { options: { lines: ["via off"] } }).deviations).toEqual([
      "no cache, cache_mem 0",
      "no access log",
      "max_filedescriptors 8192",
      "via off",
    ]);
  });

  it("logs, caches and takes memory for that by options, over the profile", () => {
    const all = files(squid, { options: { accessLog: true, cache: true, cacheMemoryBytes: 1024 } });
    expect(all).toMatch(/^cache_mem 1024 bytes$/m);
    expect(all).toMatch(/^access_log stdio:\/scratch\/access\.log$/m);
    expect(all).not.toMatch(/cache deny|access_log none/);
    expect(files(squid, asShipped({}))).not.toMatch(/cache_mem|access_log|cache deny/);
    expect(files(squid, asShipped({ accessLog: false, cache: false }))).toMatch(/cache deny all\naccess_log none/);
  });

  it.each(["http_port 3128", "access_log stdio:/tmp/x", "cache_mem 64 MB", "cache deny all"])("refuses %s", (line) => {
    expect(refused(squid, { lines: [line] })).toContain(line);
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

  it("logs, streams and takes settings by options, over the profile", () => {
    const loud = argv(mitmproxy, { options: { accessLog: true, streamBodies: false, set: ["http2=false"] } });
    expect(loud).toMatch(/--set onboarding=false --set http2=false$/);
    expect(loud).not.toMatch(/--quiet|stream_large_bodies/);
    const quiet = argv(mitmproxy, asShipped({ accessLog: false, streamBodies: true }));
    expect(quiet).toMatch(/--quiet --set stream_large_bodies=1$/);
    expect(planOf(mitmproxy, asShipped({})).deviations).toEqual([]);
    expect(planOf(mitmproxy).deviations).toEqual([
      "no log of requests",
      "bodies streamed, not kept",
      "no onboarding pages",
    ]);
  });

  it.each(["listen_port=1", "stream_large_bodies=1"])("refuses to set %s", (setting) => {
    expect(refused(mitmproxy, { set: [setting] })).toContain(setting);
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
