import { dirname } from "node:path";
import { defineProxy, type ProxySetup } from "../../core/contract/index.ts";

/** A connection is closed after so many requests; its own 1000 would make new connections a part of what is measured. */
const keptFor = "keepalive_requests 1000000";

export default defineProxy({
  id: "nginx",
  title: "nginx",
  program: {
    executables: ["nginx"],
    versionArguments: ["-v"],
    versionPattern: "nginx/(\\S+)",
    install: { apt: ["nginx"], brew: ["nginx"] },
    image: "nginx:stable",
  },
  supports: { roles: ["reverse"], balancing: true },
  memorySettings: [
    "worker_processes: each is a process with connections and buffers of its own",
    "worker_connections sizes the table of connections of each worker process",
    "proxy_buffers and proxy_buffer_size: what a reply may take of memory until its client has it, 72 kB at most",
  ],

  plan(setup) {
    return {
      argv: ["nginx", "-e", "stderr", "-p", setup.scratchDir, "-c", `${setup.scratchDir}/nginx.conf`],
      files: { "nginx.conf": configuration(setup) },
      ...(setup.profile === "fair" ? { deviations: deviations(setup) } : {}),
    };
  },

  // It must not say `daemon` itself.
  planOwn: (path) => ({ argv: ["nginx", ...started(path), "-g", "daemon off;"] }),
  checkOwn: (path) => ["nginx", "-t", ...started(path)],
  writeOrigins: (origins) => origins.map(({ host, port }) => `server ${host}:${port};`).join("\n"),
  upstreamsIn(text) {
    const groups = [...text.matchAll(/\bupstream\s+(\S+)\s*\{/g)].map(([, name]) => name);
    const servers = [...text.matchAll(/^[ \t]*server\s+([^\s;{]+)[^;{]*;/gm)].map(([, address]) => address!);
    const passed = [...text.matchAll(/\bproxy_pass\s+https?:\/\/([^\s;/]+)/g)].map(([, address]) => address!);
    return [...servers, ...passed.filter((address) => !groups.includes(address) && !address.startsWith("$"))];
  },
});

/** Paths in a configuration count from its own folder. */
function started(path: string): string[] {
  return ["-e", "stderr", "-p", dirname(path), "-c", path];
}

function deviations({ threads, connections }: ProxySetup): string[] {
  const settings = [`worker_processes ${threads}`, `keepalive ${connections}`, keptFor];
  return [...settings, "no access log", "proxy_next_upstream off", "max_fails 0"];
}

function configuration(setup: ProxySetup): string {
  const { listen, origins, threads, connections, scratchDir, profile } = setup;
  const fair = profile === "fair";
  const servers = origins.map(({ host, port }) => `server ${host}:${port}${fair ? " max_fails=0" : ""};`);
  const kept = ["proxy_http_version 1.1;", 'proxy_set_header Connection "";', "proxy_next_upstream off;"];
  // `user`: started as root it would give up its rights, and could not write into the scratch folder.
  return `daemon off;
user root;
pid ${scratchDir}/nginx.pid;
error_log stderr;
${fair ? `worker_processes ${threads};\n` : ""}events { worker_connections ${connections * 2 + 100}; }
http {
${temporaryFolders(scratchDir)}
  access_log ${fair ? "off" : `${scratchDir}/access.log`};
${fair ? `  ${keptFor};\n` : ""}  upstream origins {
    ${[...servers, ...(fair ? [`keepalive ${connections};`, `${keptFor};`] : [])].join("\n    ")}
  }
  server {
    listen ${listen.host}:${listen.port};
    location / {
      ${["proxy_pass http://origins;", ...(fair ? kept : [])].join("\n      ")}
    }
  }
}
`;
}

function temporaryFolders(scratchDir: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return kinds.map((kind) => `  ${kind}_temp_path ${scratchDir}/${kind};`).join("\n");
}
