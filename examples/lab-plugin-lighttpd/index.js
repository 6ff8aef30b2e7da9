import { defineProxy } from "proxy-lab/contract";

export default defineProxy({
  id: "lighttpd",
  title: "lighttpd",
  program: {
    executables: ["lighttpd"],
    versionArguments: ["-v"],
    versionPattern: "lighttpd/(\\S+)",
    install: { apt: ["lighttpd", "lighttpd-mod-openssl"], brew: ["lighttpd"] },
  },
  supports: {
    roles: ["reverse"],
    balancing: true,
    keepsOriginConnections: false,
    tls: true,
    tlsResumption: ["1.2", "1.3"],
    http2: true,
  },
  options: {
    accessLog: { type: "boolean", default: false, meaning: "log each request to access.log in its scratch folder" },
  },

  plan(setup) {
    const { profile, tls, options, scratchDir } = setup;
    const fair = profile === "fair" ? fairly(setup) : [];
    const log = options.accessLog ? [`accesslog.filename = "${scratchDir}/access.log"`] : [];
    const modules = ["mod_proxy", ...(tls ? ["mod_openssl"] : []), ...(options.accessLog ? ["mod_accesslog"] : [])];
    const lines = [loaded(modules), ...common(setup), ...(tls ? terminating(setup) : []), ...fair, ...log, ""];
    const deviations = [...fair, ...log];
    return {
      argv: ["lighttpd", "-D", "-f", `${scratchDir}/lighttpd.conf`],
      files: { "lighttpd.conf": lines.join("\n") },
      ...(deviations.length > 0 ? { deviations: [...deviations, "a connection to an origin for each request"] } : {}),
    };
  },
});

function loaded(modules) {
  return `server.modules = ( ${modules.map((name) => `"${name}"`).join(", ")} )`;
}

function common({ listen, origins, scratchDir }) {
  const servers = origins.map(({ host, port }) => `( "host" => "${host}", "port" => ${port} )`);
  return [
    `server.bind = "${listen.host}"`,
    `server.port = ${listen.port}`,
    `server.document-root = "${scratchDir}"`,
    `server.upload-dirs = ( "${scratchDir}" )`,
    'proxy.balance = "round-robin"',
    `proxy.server = ( "" => ( ${servers.join(", ")} ) )`,
  ];
}

function terminating({ tls: { certificateFile, keyFile, version, resumption }, http2 }) {
  const only = `"MinProtocol" => "TLSv${version}", "MaxProtocol" => "TLSv${version}"`;
  return [
    'ssl.engine = "enable"',
    `ssl.pemfile = "${certificateFile}"`,
    `ssl.privkey = "${keyFile}"`,
    `ssl.openssl.ssl-conf-cmd = ( ${only}, "Options" => "${resumption ? "" : "-"}SessionTicket" )`,
    `server.feature-flags = ( "server.h2proto" => "${http2 ? "enable" : "disable"}" )`,
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
