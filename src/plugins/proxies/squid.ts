import { defineProxy, type ProxySetup } from "../../core/contract/index.ts";

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
  supports: { roles: ["forward", "reverse"], balancing: true, maxThreads: 1 },
  memorySettings: [
    "cache_mem holds objects in memory: 256 MB unless set, 0 in the profile fair",
    "max_filedescriptors sizes its tables, about 0.4 kB each; unset it follows the limit on open files",
    "memory_pools keeps up to memory_pools_limit (5 MB) of freed memory",
  ],

  plan(setup) {
    const fair = setup.profile === "fair";
    return {
      // A name of its own: squids of one name share memory, and the second one fails. -d 0: faults go to stderr.
      argv: ["squid", "-N", "-n", setup.instance, "-d", "0", "-f", `${setup.scratchDir}/squid.conf`],
      files: { "squid.conf": [...common, ...role(setup), ...(fair ? fairly(setup) : [])].join("\n") },
      ...(fair
        ? { deviations: ["no cache, cache_mem 0", "no access log", `max_filedescriptors ${setup.openFiles}`] }
        : {}),
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

function role({ role, listen, origins }: ProxySetup): string[] {
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
  return [
    // An address: with a name that cannot be resolved squid 5 loses some 28 kB with each request that is not cached.
    `http_port ${at} accel defaultsite=${listen.host} no-vhost`,
    ...peerLines(origins),
    "never_direct allow all",
    "http_access allow all",
  ];
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

function fairly({ openFiles }: ProxySetup): string[] {
  return [
    "cache deny all",
    "cache_mem 0",
    "memory_pools off",
    `max_filedescriptors ${openFiles}`,
    "access_log none",
    "cache_store_log none",
    "forwarded_for delete",
  ];
}
