import { defineProxy, type OptionsOf, type OptionsSchema, type ProxySetup } from "../../core/contract/index.ts";

const byLab = "is set by the lab";

const declared = {
  accessLog: {
    type: "boolean",
    meaning:
      "log each request, in its own format, to access.log in its scratch folder, some 100 bytes each; unset: not in the profile fair",
  },
  cache: {
    type: "boolean",
    meaning: "keep answers that may be kept; unset: not in the profile fair",
  },
  cacheMemoryBytes: {
    type: "integer",
    minimum: 0,
    unit: "bytes",
    meaning: "cache_mem, memory for answers; unset: 0 in the profile fair, else 256 MB",
  },
  lines: {
    type: "texts",
    meaning: "lines to add to squid.conf, such as max_filedescriptors 4096; of most settings the last line counts",
    reserved: {
      http_port: byLab,
      https_port: byLab,
      cache_peer: byLab,
      http_access: byLab,
      never_direct: byLab,
      workers: byLab,
      pid_filename: byLab,
      access_log: "is the option accessLog",
      cache_effective_group: byLab,
      cache: "is the option cache",
      cache_mem: "is the option cacheMemoryBytes",
    },
  },
} as const satisfies OptionsSchema;

type Options = OptionsOf<typeof declared>;

export default defineProxy({
  id: "squid",
  title: "Squid",
  program: {
    executables: ["squid"],
    versionArguments: ["-v"],
    versionPattern: "Version ([^ \\n]+)",
    install: { apt: ["squid"], brew: ["squid"] },
    image: "ubuntu/squid",
  },
  supports: { roles: ["forward", "reverse"], balancing: true, maxThreads: 1, tls: true },
  options: declared,
  memorySettings: [
    "cache_mem holds objects in memory: 256 MB unless set, 0 in the profile fair",
    "max_filedescriptors sizes its tables, about 0.4 kB each; unset it follows the limit on open files",
    "memory_pools keeps up to memory_pools_limit (5 MB) of freed memory",
  ],

  plan(setup) {
    const options = optionsIn(setup);
    const { lines = [] } = options;
    return {
      // A name of its own: squids of one name share memory, and the second one fails. -d 0: faults go to stderr.
      argv: ["squid", "-N", "-n", setup.instance, "-d", "0", "-f", `${setup.scratchDir}/squid.conf`],
      files: { "squid.conf": [...common, ...role(setup), ...settings(setup, options), ...lines].join("\n") },
      deviations: [...deviations(setup, options), ...lines],
    };
  },

  planOwn: (path, { instance }) => ({ argv: ["squid", "-N", "-n", instance, "-d", "0", "-f", path] }),
  checkOwn: (path) => ["squid", "-k", "parse", "-f", path],
  writeOrigins: (origins) => peerLines(origins).join("\n"),
  upstreamsIn: (text) =>
    [...text.matchAll(/^[ \t]*cache_peer[ \t]+(\S+)[ \t]+\S+[ \t]+(\d+)/gm)].map(([, host, port]) => `${host}:${port}`),
});

const common = [
  "visible_hostname lab",
  "pid_filename none",
  // It gives up its rights before it opens its log, and could not write one into the scratch folder.
  "cache_log /dev/null",
  "shutdown_lifetime 0 seconds",
  "pinger_enable off",
  "workers 1",
];

function role(setup: ProxySetup): string[] {
  const { role, listen, origins } = setup;
  const at = `${listen.host}:${listen.port}`;
  if (role === "forward") {
    return [
      `http_port ${at}`,
      "acl loopback dst 127.0.0.0/8",
      "http_access allow loopback",
      ...elsewhere(origins),
      "http_access deny all",
    ];
  }
  return [entrance(at, setup), ...peerLines(origins), "never_direct allow all", "http_access allow all"];
}

function entrance(at: string, { listen, tls }: ProxySetup): string {
  // An address: with a name that cannot be resolved squid 5 loses some 28 kB with each request that is not cached.
  const plain = `${at} accel defaultsite=${listen.host} no-vhost`;
  if (!tls) return `http_port ${plain}`;
  // In the words of GnuTLS, with which Debian and Ubuntu build it.
  const only = `NORMAL:-VERS-ALL:+VERS-TLS${tls.version}`;
  return `https_port ${plain} tls-cert=${tls.certificateFile} tls-key=${tls.keyFile} tls-options=${only}`;
}

function peerLines(origins: ProxySetup["origins"]): string[] {
  return origins.map(
    ({ host, port }, index) =>
      `cache_peer ${host} parent ${port} 0 no-query no-digest originserver round-robin name=s${index + 1}`,
  );
}

/** Lets requests through to origins that are not on this machine. */
function elsewhere(origins: ProxySetup["origins"]): string[] {
  const hosts = origins.map(({ host }) => host).filter((host) => !host.startsWith("127."));
  // IPv6 addresses are in brackets in URLs only.
  const named = hosts.map((host) => host.replace(/^\[(.*)\]$/, "$1"));
  return named.length > 0 ? [`acl named dst ${named.join(" ")}`, "http_access allow named"] : [];
}

/** Those that are set, and those that the profile sets. */
function optionsIn({ profile, options }: ProxySetup): Options {
  return { ...(profile === "fair" ? { accessLog: false, cache: false, cacheMemoryBytes: 0 } : {}), ...options };
}

function settings({ profile, openFiles, scratchDir }: ProxySetup, options: Options): string[] {
  const { accessLog, cache, cacheMemoryBytes } = options;
  const fair = profile === "fair";
  return [
    ...(cache === false ? ["cache deny all"] : []),
    ...(cacheMemoryBytes === undefined ? [] : [`cache_mem ${cacheMemoryBytes > 0 ? `${cacheMemoryBytes} bytes` : 0}`]),
    ...(fair ? ["memory_pools off", `max_filedescriptors ${openFiles}`] : []),
    ...(accessLog === false ? ["access_log none"] : []),
    // It gives up its rights before it opens the log, but may keep the group that the scratch folder has.
    ...(accessLog ? [`access_log stdio:${scratchDir}/access.log`, "cache_effective_group root"] : []),
    ...(fair ? ["cache_store_log none", "forwarded_for delete"] : []),
  ];
}

function deviations({ profile, openFiles }: ProxySetup, { accessLog, cache, cacheMemoryBytes }: Options): string[] {
  const caching = [
    ...(cache === false ? ["no cache"] : []),
    ...(cacheMemoryBytes === undefined ? [] : [`cache_mem ${cacheMemoryBytes}`]),
  ];
  return [
    ...(caching.length > 0 ? [caching.join(", ")] : []),
    ...(accessLog === undefined ? [] : [accessLog ? "access log" : "no access log"]),
    ...(profile === "fair" ? [`max_filedescriptors ${openFiles}`] : []),
  ];
}
