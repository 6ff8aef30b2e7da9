import { defineProxy } from "proxy-lab/contract";

export default defineProxy({
  id: "lighttpd",
  title: "lighttpd",
  program: {
    executables: ["lighttpd"],
    versionArguments: ["-v"],
    versionPattern: "lighttpd/(\\S+)",
    install: { apt: ["lighttpd"], brew: ["lighttpd"] },
  },
  supports: { roles: ["reverse"], balancing: true, keepsOriginConnections: false },

  plan(setup) {
    const fair = setup.profile === "fair" ? fairly(setup) : [];
    return {
      argv: ["lighttpd", "-D", "-f", `${setup.scratchDir}/lighttpd.conf`],
      files: { "lighttpd.conf": [...common(setup), ...fair, ""].join("\n") },
      ...(fair.length > 0 ? { deviations: [...fair, "a connection to an origin for each request"] } : {}),
    };
  },
});

function common({ listen, origins, scratchDir }) {
  const servers = origins.map(({ host, port }) => `( "host" => "${host}", "port" => ${port} )`);
  return [
    'server.modules = ( "mod_proxy" )',
    `server.bind = "${listen.host}"`,
    `server.port = ${listen.port}`,
    `server.document-root = "${scratchDir}"`,
    `server.upload-dirs = ( "${scratchDir}" )`,
    'proxy.balance = "round-robin"',
    `proxy.server = ( "" => ( ${servers.join(", ")} ) )`,
  ];
}

/** A process of its own for each thread, if there are to be several: it has no threads. */
function fairly({ threads, connections, openFiles }) {
  return [
    `server.max-worker = ${threads > 1 ? threads : 0}`,
    `server.max-fds = ${openFiles}`,
    `server.max-connections = ${connections * 2 + 100}`,
    "server.max-keep-alive-requests = 65535",
  ];
}
