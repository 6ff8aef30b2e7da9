import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { generate } from "selfsigned";
import { describe, expect, it, onTestFinished } from "vitest";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { watchLeftovers } from "../fixtures/leftovers.ts";
import { missing } from "../fixtures/parts.ts";
import { folderOf, inShell, recipes } from "../fixtures/recipes.ts";
import { ownStore, runLab } from "../fixtures/runLab.ts";

const parts = recipes.map(({ proxy }) => `proxy/${proxy}` as const);
const without = await missing(...parts, "load/vegeta", "load/wrk", "limiter/cgroup");
const sayWhy = without && ` (not run: ${without})`;
const haproxy = recipes.find(({ proxy }) => proxy === "haproxy")!;

describe.skipIf(without)(`the recipes for configurations of your own${sayWhy}`, () => {
  it.each(recipes)("$proxy runs with its files, and passes requests on to the lab's servers", async (recipe) => {
    const leftovers = watchLeftovers();
    const folder = await folderOf(recipe);
    const own = / (--config .*?) --rps/.exec(recipe.commands.at(-1)!)![1]!;
    const trial = "--cpu 0.6 --plan grid --window 1s --max-window 1s --warmup 0 --anchors 0 --json";
    const command = `${resolve("lab")} sweep --store ${ownStore()} --proxy ${recipe.proxy} ${own} ${trial}`;
    const [record] = recordsIn((await inShell(command, folder)).stdout);
    expect(record).toMatchObject({ status: "completed", result: { failedRequests: 0 }, scenario: { profile: "own" } });
    expect(record!.originServed! / record!.result!.completedRequests).toBeCloseTo(1, 1);
    expect(await leftovers()).toEqual([]);
  });

  it("keeps the text, what was filled in and the hash, and keeps the trials apart from others", async () => {
    const folder = await folderOf(haproxy);
    const store = ownStore();
    const files = `${join(folder, "haproxy.cfg")},${join(folder, "site.pem")}`;
    const common = ["sweep", "--proxy", "haproxy", "--cpu", "0.3,0.5", "--rounds", "1", "--json"];
    const own = await runLab([...common, "--config", files, "--url", "https://{{listen}}/"], { store });
    expect(own.code).toBe(0);
    const [record] = recordsIn(own.stdout);
    expect(record!.scenario).toMatchObject({ profile: "own", configurationSha256: expect.any(String) });
    expect(record!.configuration!.files["own/haproxy.cfg"]).toContain("server s1 127.0.0.1:");
    expect(record!.configuration!.replaced).toMatchObject({ listen: expect.stringMatching(/^127\.0\.0\.1:/) });
    expect(record!.originServed).toBeGreaterThan(0);
    expect((await runLab(common, { store })).code).toBe(0);
    const { stdout } = await runLab(["predict", "--proxy", "haproxy", "--cpu", "0.4", "--json"], { store });
    const { data } = JSON.parse(stdout);
    expect(data.leftOut.map(({ differ }: { differ: object }) => Object.keys(differ))).toEqual([
      expect.arrayContaining(["configurationSha256"]),
    ]);
  });

  it("goes through every load tool that knows TLS", { timeout: 120_000 }, async () => {
    const folder = await folderOf(haproxy);
    const files = `${join(folder, "haproxy.cfg")},${join(folder, "site.pem")}`;
    const common = ["sweep", "--proxy", "haproxy", "--cpu", "0.6", "--config", files, "--url", "https://{{listen}}/"];
    for (const load of [
      ["--load", "wrk,ab,autocannon,h2load"],
      ["--load", "vegeta,pacer", "--rate", "200"],
    ]) {
      const grid = [
        "--plan",
        "grid",
        "--window",
        "1s",
        "--max-window",
        "1s",
        "--warmup",
        "0",
        "--anchors",
        "0",
        "--json",
      ];
      const { code, stdout } = await runLab([...common, ...load, ...grid]);
      expect(code).toBe(0);
      for (const { result, originServed } of recordsIn(stdout)) {
        expect(result!.failedRequests).toBe(0);
        expect(originServed! / result!.completedRequests).toBeCloseTo(1, 1);
      }
    }
  });

  it("speaks HTTP/2 where the proxy offers it, and is not measured where it does not", async () => {
    const folder = await folderOf(haproxy);
    const [config, site] = ["haproxy.cfg", "site.pem"].map((name) => join(folder, name)) as [string, string];
    const brief = ["--cpu", "0.6", "--rounds", "1", "--load", "h2load", "--http", "2", "--json"];
    const run = () =>
      runLab([
        "sweep",
        "--proxy",
        "haproxy",
        "--config",
        `${config},${site}`,
        "--url",
        "https://{{listen}}/",
        ...brief,
      ]);
    const [record] = recordsIn((await run()).stdout);
    expect(record).toMatchObject({ status: "completed", result: { failedRequests: 0 }, scenario: { http: "2" } });
    writeFileSync(config, readFileSync(config, "utf8").replace("h2,http/1.1", "http/1.1"));
    const refused = await run();
    expect(refused.code).toBe(4);
    expect(recordsIn(refused.stdout)[0]!.error).toMatchObject({ code: "LAB_NOT_READY" });
  });

  it.each(["haproxy", "nginx", "caddy", "envoy"])(
    "refuses a certificate that does not match its key, before anything starts: %s",
    async (proxy) => {
      const leftovers = watchLeftovers();
      const folder = mkdtempSync(join(tmpdir(), "mismatch-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const [{ cert: certificate }, { private: key }] = await Promise.all([ownCertificate(), ownCertificate()]);
      const { main, text } = terminating[proxy as keyof typeof terminating];
      const files = { [main]: text, "cert.pem": certificate, "key.pem": key, "both.pem": certificate + key };
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      const config = [main, "cert.pem", "key.pem", "both.pem"].map((name) => join(folder, name)).join(",");
      const run = await runLab([
        "sweep",
        "--proxy",
        proxy,
        "--cpu",
        "0.5",
        "--config",
        config,
        "--url",
        "https://{{listen}}/",
      ]);
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(/refuses the configuration\n(.*\n)*.*(key|PEM|mismatch)/i);
      expect(await leftovers()).toEqual([]);
    },
  );

  it.each([
    ["its checker refuses", "bind {{listen}}\n  nonsense here", /nonsense/],
    ["passes requests on to another machine", "bind {{listen}}\nbackend b\n  server s 10.0.0.5:80", /10\.0\.0\.5/],
    ["listens where nobody says", "bind 127.0.0.1:8080\nbackend b\n  server s 127.0.0.1:1", /--url/],
  ])("refuses a configuration that %s, and leaves nothing running", async (_, lines, told) => {
    const leftovers = watchLeftovers();
    const folder = await folderOf(haproxy);
    const text = `defaults\n  mode http\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\nfrontend f\n  ${lines}\n`;
    writeFileSync(
      join(folder, "bad.cfg"),
      text.includes("backend b") ? text : `${text}  default_backend b\nbackend b\n  {{origins}}\n`,
    );
    const run = await runLab(["sweep", "--proxy", "haproxy", "--cpu", "0.5", "--config", join(folder, "bad.cfg")]);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(told);
    expect(await leftovers()).toEqual([]);
  });
});

function recordsIn(stdout: string): TrialRecord[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
}

function ownCertificate() {
  return generate([{ name: "commonName", value: "shop" }], { keyType: "ec", algorithm: "sha256" });
}

/** Configurations that end TLS with the files cert.pem and key.pem, or both.pem. */
const terminating = {
  haproxy: {
    main: "haproxy.cfg",
    text: `defaults
  mode http
  timeout client 1s
  timeout server 1s
  timeout connect 1s
frontend f
  bind {{listen}} ssl crt both.pem
  default_backend b
backend b
  {{origins}}
`,
  },
  nginx: {
    main: "nginx.conf",
    text: `pid nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  upstream b { {{origins}} }
  server {
    listen {{listen}} ssl;
    ssl_certificate {{folder}}/cert.pem;
    ssl_certificate_key {{folder}}/key.pem;
    location / { proxy_pass http://b; }
  }
}
`,
  },
  caddy: {
    main: "Caddyfile",
    text: `{
	admin off
	auto_https off
}
https://:{{port}} {
	bind {{host}}
	tls {{folder}}/cert.pem {{folder}}/key.pem
	reverse_proxy {{origins}}
}
`,
  },
  envoy: {
    main: "envoy.yaml",
    text: `static_resources:
  listeners:
  - address: { socket_address: { address: "{{host}}", port_value: {{port}} } }
    filter_chains:
    - transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            tls_certificates:
            - certificate_chain: { filename: "{{folder}}/cert.pem" }
              private_key: { filename: "{{folder}}/key.pem" }
      filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: f
          route_config:
            virtual_hosts:
            - { name: b, domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: b } }] }
          http_filters:
          - name: envoy.filters.http.router
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
  clusters:
  - name: b
    load_assignment:
      cluster_name: b
      endpoints:
      - lb_endpoints:
        {{origins}}
`,
  },
} as const;
