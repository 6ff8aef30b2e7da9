import { describe, expect, it } from "vitest";
import type { ProxyPlugin, ProxySetup, ServerTls } from "../../../src/core/contract/index.ts";
import { optionFaults, withDefaults } from "../../../src/core/hosting/options.ts";
import caddy from "../../../src/plugins/proxies/caddy.ts";
import envoy from "../../../src/plugins/proxies/envoy.ts";
import haproxy from "../../../src/plugins/proxies/haproxy.ts";
import mitmproxy from "../../../src/plugins/proxies/mitmproxy.ts";
import nginx from "../../../src/plugins/proxies/nginx.ts";
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
  expect(optionFaults(plugin.options ?? {}, options)).toEqual([]);
  return plugin.plan({ ...setup, ...changes, options: withDefaults(plugin.options ?? {}, options) });
}

const files = (plugin: ProxyPlugin, changes: Partial<ProxySetup> = {}) =>
  Object.values(planOf(plugin, changes).files ?? {}).join("\n");
const argv = (plugin: ProxyPlugin, changes: Partial<ProxySetup> = {}) => planOf(plugin, changes).argv.join(" ");
const asShipped = (options: ProxySetup["options"]) => ({ options, profile: "as-shipped" as const });
const refused = (plugin: ProxyPlugin, options: ProxySetup["options"]) =>
  optionFaults(plugin.options ?? {}, options).join();

describe("haproxy", () => {
  it("spreads requests over all origins, with the threads it is given, no log and no retries", () => {
    const text = files(haproxy);
    for (const line of ["nbthread 2", "no log", "retries 0", "balance roundrobin", "bind 127.0.0.1:8000"])
      expect(text).toContain(line);
    expect(text.match(/^ {4}server s\d 127\.0\.0\.1:900\d$/gm)).toHaveLength(2);
  });

  it("as shipped sets neither threads, nor retries, nor how many connections it takes", () => {
    expect(files(haproxy, { profile: "as-shipped" })).not.toMatch(/nbthread|retries|no log|maxconn/);
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
  const plugins = { caddy, envoy, haproxy, mitmproxy, nginx, squid, traefik };

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
    ["nginx", "upstream a {\n  server app:80 weight=2;\n}\nserver {\n  proxy_pass http://a/x;\n}", ["app:80"]],
    ["nginx", "location / { proxy_pass http://10.0.0.1:8080/; }", ["10.0.0.1:8080"]],
    ["caddy", ":80 {\n\treverse_proxy /api/* app:80 http://10.0.0.1:81 {\n\t}\n}", ["app:80", "10.0.0.1:81"]],
    [
      "envoy",
      "listeners: [{ address: 0.0.0.0, port_value: 80 }]\nclusters:\n  - address: app\n    port_value: 81",
      ["app:81"],
    ],
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

describe("nginx", () => {
  it("spreads requests over all origins on kept connections, with the processes it is given, no log and no retries", () => {
    const text = files(nginx);
    for (const line of [
      "worker_processes 2;",
      "access_log off;",
      "keepalive 32;",
      "proxy_next_upstream off;",
      'proxy_set_header Connection "";',
      "listen 127.0.0.1:8000;",
    ])
      expect(text).toContain(line);
    expect(text.match(/^ {4}server 127\.0\.0\.1:900\d max_fails=0;$/gm)).toHaveLength(2);
  });

  it("keeps connections of clients and to origins for longer than a window", () => {
    expect(files(nginx).match(/keepalive_requests 1000000;/g)).toHaveLength(2);
  });

  it("as shipped leaves processes, retries and connections alone", () => {
    expect(files(nginx, { profile: "as-shipped" })).not.toMatch(/worker_processes|keepalive|next_upstream|max_fails/);
  });

  it("logs, compresses, buffers and waits where it is told to", () => {
    const options = { accessLog: true, threads: 3, compression: true, bufferBytes: 16_384, timeoutSeconds: 5 };
    const text = files(nginx, { options });
    for (const line of [
      "access_log /scratch/access.log;",
      "worker_processes 3;",
      "gzip on;",
      "proxy_buffers 8 16384;",
      "proxy_read_timeout 5s;",
    ])
      expect(text).toContain(line);
    expect(files(nginx, { options: { timeoutSeconds: 60 } })).not.toContain("timeout");
  });

  it("adds directives to its blocks, with a semicolon of their own or without", () => {
    const text = files(nginx, { options: { http: ["open_file_cache off;"], location: ["add_header X-Lab 1"] } });
    expect(text).toMatch(/^ {2}open_file_cache off;$/m);
    expect(text).toMatch(/^ {6}add_header X-Lab 1;$/m);
    expect(refused(nginx, { location: ["proxy_pass http://elsewhere"] })).toContain("proxy_pass");
  });

  it("takes each client and its connection to an origin", () => {
    expect(files(nginx, { connections: 1000 })).toContain("worker_connections 2100;");
  });

  it.each(["fair", "as-shipped"] as const)("writes nowhere but into its own folder, %s", (profile) => {
    const paths = files(nginx, { profile })
      .match(/(?<= )\/\S+(?=;)/g)!
      .filter((path) => path !== "/");
    expect(paths.length).toBeGreaterThanOrEqual(5);
    expect(paths.filter((path) => !path.startsWith("/scratch/"))).toEqual([]);
    expect(argv(nginx, { profile })).toContain("-e stderr");
  });
});

describe("caddy", () => {
  const configuration = (changes: Partial<ProxySetup> = {}) => JSON.parse(files(caddy, changes));
  const clients = (changes: Partial<ProxySetup> = {}) => configuration(changes).apps.http.servers.clients;
  const handlers = (changes: Partial<ProxySetup> = {}) => clients(changes).routes[0].handle;

  it("passes requests on to all origins in turn", () => {
    expect(handlers()).toMatchObject([
      {
        handler: "reverse_proxy",
        upstreams: [{ dial: "127.0.0.1:9001" }, { dial: "127.0.0.1:9002" }],
        load_balancing: { selection_policy: { policy: "round_robin" } },
      },
    ]);
  });

  it("keeps a connection to an origin for every client", () => {
    expect(handlers({ connections: 150 })[0].transport.keep_alive).toEqual({ max_idle_conns_per_host: 300 });
  });

  it("opens no admin port, asks nobody for certificates, and stores into its own folder", () => {
    expect(configuration()).toMatchObject({
      admin: { disabled: true, config: { persist: false } },
      storage: { root: "/scratch/storage" },
    });
    expect(clients().automatic_https).toEqual({ disable: true });
  });

  it("runs as many threads as the CPU limit asks for, as shipped as many as it likes", () => {
    expect(planOf(caddy).env).toEqual({ GOMAXPROCS: "2" });
    const shipped = planOf(caddy, { profile: "as-shipped" });
    expect(shipped).toMatchObject({ env: {}, deviations: [] });
    expect(files(caddy, { profile: "as-shipped" })).not.toContain("keep_alive");
  });

  it("logs, compresses and waits where it is told to", () => {
    expect(clients()).not.toHaveProperty("logs");
    const options = { accessLog: true, compression: true, timeoutSeconds: 5 };
    expect(handlers({ options }).map(({ handler }: { handler: string }) => handler)).toEqual([
      "encode",
      "reverse_proxy",
    ]);
    expect(handlers({ options })[1].transport.response_header_timeout).toBe(5e9);
    expect(clients({ options })).toHaveProperty("logs");
    expect(configuration({ options }).logging.logs.access.writer.filename).toBe("/scratch/access.log");
  });
});

describe("envoy", () => {
  const resources = (changes: Partial<ProxySetup> = {}) => JSON.parse(files(envoy, changes)).static_resources;
  const filter = (changes: Partial<ProxySetup> = {}) =>
    resources(changes).listeners[0].filter_chains[0].filters[0].typed_config;
  const origin = (host: string, port: number) => ({ origins: [{ host, port }] as const });

  it("logs, compresses, buffers and waits where it is told to", () => {
    const options = { accessLog: true, compression: true, bufferBytes: 32_768, timeoutSeconds: 5, threads: 3 };
    const { access_log: log, http_filters: filters, route_config: routes } = filter({ options });
    expect(log[0].typed_config.path).toBe("/scratch/access.log");
    expect(filters.map(({ name }: { name: string }) => name)).toEqual([
      "envoy.filters.http.compressor",
      "envoy.filters.http.router",
    ]);
    expect(routes.virtual_hosts[0].routes[0].route.timeout).toBe("5s");
    expect(resources({ options }).listeners[0].per_connection_buffer_limit_bytes).toBe(32_768);
    expect(argv(envoy, { options })).toContain("--concurrency 3");
    expect(filter()).not.toHaveProperty("access_log");
  });

  it("spreads requests over all origins in turn", () => {
    const [cluster] = resources().clusters;
    expect(cluster).toMatchObject({ type: "STATIC", lb_policy: "ROUND_ROBIN" });
    const ports = cluster.load_assignment.endpoints[0].lb_endpoints.map(
      ({ endpoint }: { endpoint: { address: { socket_address: object } } }) => endpoint.address.socket_address,
    );
    expect(ports).toEqual([9001, 9002].map((port) => ({ address: "127.0.0.1", port_value: port })));
  });

  it("has an origin of a name looked up, and takes an IPv6 address out of its brackets", () => {
    expect(resources(origin("origin.example", 80)).clusters[0].type).toBe("STRICT_DNS");
    const [cluster] = resources(origin("[2001:db8::1]", 80)).clusters;
    expect(cluster.type).toBe("STATIC");
    expect(JSON.stringify(cluster)).toContain('"2001:db8::1"');
  });

  it("as a forward proxy connects to what requests name, but only to the origins", () => {
    const forward = { role: "forward" } as const;
    expect(resources(forward).clusters[0].cluster_type.name).toBe("envoy.clusters.dynamic_forward_proxy");
    const domains = (changes: Partial<ProxySetup>) =>
      filter({ ...forward, ...changes }).route_config.virtual_hosts[0].domains;
    expect(domains({})).toEqual(["127.0.0.1:9001", "127.0.0.1:9002"]);
    expect(domains(origin("origin.example", 80))).toEqual(["origin.example", "origin.example:80"]);
  });

  it("looks names up before it sends requests on as a forward proxy, and not as a reverse proxy", () => {
    const names = (changes: Partial<ProxySetup>) =>
      filter(changes).http_filters.map(({ name }: { name: string }) => name);
    expect(names({ role: "forward" })).toEqual([
      "envoy.filters.http.dynamic_forward_proxy",
      "envoy.filters.http.router",
    ]);
    expect(names({})).toEqual(["envoy.filters.http.router"]);
  });

  it.each(["fair", "as-shipped"] as const)(
    "takes requests of ab, which are of HTTP/1.0, and says so, %s",
    (profile) => {
      expect(filter({ profile }).http_protocol_options).toEqual({ accept_http_10: true });
      expect(envoy.plan({ ...setup, profile }).deviations).toContain("accept_http_10");
    },
  );

  it("runs the worker threads it is given and refuses no connection, as shipped as it likes", () => {
    expect(argv(envoy)).toContain("--concurrency 2");
    const [{ circuit_breakers }] = resources({ connections: 4000 }).clusters;
    expect(circuit_breakers.thresholds[0]).toMatchObject({ max_connections: 8000, max_requests: 8000 });
    expect(argv(envoy, { profile: "as-shipped" })).not.toContain("--concurrency");
    expect(resources({ profile: "as-shipped" }).clusters[0]).not.toHaveProperty("circuit_breakers");
  });

  it("opens no admin port and shares no memory with another Envoy", () => {
    expect(files(envoy)).not.toContain("admin");
    expect(argv(envoy)).toContain("--disable-hot-restart");
  });
});

describe("a proxy over TLS", () => {
  const proxies = [caddy, envoy, haproxy, mitmproxy, nginx, squid, traefik];
  const tls: ServerTls = {
    certificateFile: "/scratch/tls/certificate.pem",
    keyFile: "/scratch/tls/key.pem",
    combinedFile: "/scratch/tls/combined.pem",
    version: "1.3",
    resumption: true,
  };
  const text = (plugin: ProxyPlugin, changes: Partial<ProxySetup> = {}) => JSON.stringify(planOf(plugin, changes));

  it.each(proxies)("has its certificate and one version: $id", (plugin) => {
    expect(text(plugin)).not.toContain("/tls/");
    const plans = (["1.2", "1.3"] as const).map((version) => text(plugin, { tls: { ...tls, version } }));
    for (const plan of plans) expect(plan).toContain("/scratch/tls/");
    expect(plans[0]).not.toBe(plans[1]);
  });

  it.each(proxies.filter(({ supports }) => supports.tlsResumption))("resumes sessions or not: $id", (plugin) => {
    expect(text(plugin, { tls: { ...tls, resumption: false } })).not.toBe(text(plugin, { tls }));
  });

  it.each(proxies.filter(({ supports }) => supports.http2))("offers HTTP/2 where it is told to: $id", (plugin) => {
    expect(text(plugin, { tls, http2: true })).not.toBe(text(plugin, { tls }));
  });

  it("says in nginx since 1.25.1 by a directive that it speaks HTTP/2", () => {
    const listening = (version: string) => files(nginx, { tls, http2: true, version });
    expect(listening("1.22.1")).toContain("ssl http2;");
    expect(listening("1.28.0")).toMatch(/ssl;\n.*http2 on;/);
  });
});
