import { defineProxy, type ProxySetup } from "../../core/contract/index.ts";

export default defineProxy({
  id: "haproxy",
  title: "HAProxy",
  program: {
    executables: ["haproxy"],
    versionArguments: ["-v"],
    versionPattern: "version ([^ ,]+)",
    install: { apt: ["haproxy"], brew: ["haproxy"] },
    image: "haproxy:lts",
  },
  supports: { roles: ["reverse"], balancing: true },

  plan(setup) {
    return {
      argv: ["haproxy", "-db", "-q", "-f", `${setup.scratchDir}/haproxy.cfg`],
      files: { "haproxy.cfg": configuration(setup) },
      ...(setup.profile === "fair" ? { deviations: ["retries 0", `nbthread ${setup.threads}`, "no log"] } : {}),
    };
  },
});

function configuration(setup: ProxySetup): string {
  const servers = setup.origins.map(({ host, port }, index) => `    server s${index + 1} ${host}:${port}`);
  return `global
    maxconn ${maxConnections(setup)}
${setup.profile === "fair" ? `    nbthread ${setup.threads}\n` : ""}defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
${setup.profile === "fair" ? "    no log\n    retries 0\n" : ""}frontend clients
    bind ${setup.listen.host}:${setup.listen.port}
    default_backend origins
backend origins
    balance roundrobin
${servers.join("\n")}
`;
}

/** HAProxy sizes its tables from this; unset it would follow the limit on open files. */
function maxConnections(setup: ProxySetup): number {
  return Math.min(setup.connections * 4 + 100, Math.floor(setup.openFiles / 2) - 50);
}
