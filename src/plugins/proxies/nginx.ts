import { dirname } from "node:path";
import { defineProxy, type OptionsOf, type OptionsSchema, type ProxySetup } from "../../core/contract/index.ts";

/** A connection is closed after so many requests; its own 1000 would make new connections a part of what is measured. */
const keptFor = "keepalive_requests 1000000";

const byLab = "is set by the lab";

const declared = {
  accessLog: {
    type: "boolean",
    meaning:
      "log each request, in the format combined, to access.log in its scratch folder; unset: not in the profile fair",
  },
  threads: {
    type: "integer",
    minimum: 1,
    maximum: 64,
    meaning: "worker_processes; unset: the CPU limit rounded up in the profile fair, else 1",
  },
  bufferBytes: {
    type: "integer",
    minimum: 1024,
    maximum: 1_048_576,
    unit: "bytes",
    meaning: "proxy_buffer_size, and the size of each of 8 proxy_buffers; unset: a page",
  },
  compression: {
    type: "boolean",
    meaning: "gzip answers for clients that ask for it, which load tools do not",
  },
  timeoutSeconds: {
    type: "integer",
    minimum: 1,
    default: 60,
    unit: "s",
    meaning: "timeout of clients and servers that are silent",
  },
  http: {
    type: "texts",
    meaning: "directives to add to the block http, such as 'open_file_cache off'",
    reserved: {
      access_log: "is the option accessLog",
      gzip: "is the option compression",
      upstream: byLab,
      server: byLab,
    },
  },
  location: {
    type: "texts",
    meaning: "directives to add to the one location, such as 'add_header X-Lab 1'",
    reserved: {
      proxy_pass: byLab,
      proxy_buffer_size: "is the option bufferBytes",
      proxy_buffers: "is the option bufferBytes",
      proxy_read_timeout: "is the option timeoutSeconds",
    },
  },
} as const satisfies OptionsSchema;

type Options = OptionsOf<typeof declared>;

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
  supports: { roles: ["reverse"], balancing: true, tls: true, tlsResumption: ["1.2", "1.3"], http2: true },
  options: declared,
  memorySettings: [
    "worker_processes: each is a process with connections and buffers of its own",
    "worker_connections sizes the table of connections of each worker process",
    "proxy_buffers and proxy_buffer_size: what a reply may take of memory until its client has it, 72 kB at most",
  ],

  plan(setup) {
    const settings = settingsOf(setup);
    return {
      argv: ["nginx", "-e", "stderr", "-p", setup.scratchDir, "-c", `${setup.scratchDir}/nginx.conf`],
      files: { "nginx.conf": configuration(setup, settings) },
      deviations: [...Object.values(settings).flat(), ...(setup.profile === "fair" ? ["max_fails=0"] : [])],
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

type Settings = Readonly<Record<"main" | "http" | "upstream" | "location", readonly string[]>>;

/** Settings by options, and where these are unset by the profile: of each block those that are not its own defaults. */
function settingsOf({ profile, threads, connections, scratchDir, options }: ProxySetup): Settings {
  const fair = profile === "fair";
  const given = options as Options;
  const { accessLog = !fair, threads: workers = fair ? threads : undefined } = given;
  const { bufferBytes, compression, timeoutSeconds, http = [], location = [] } = given;
  const times = (...names: string[]) =>
    timeoutSeconds === declared.timeoutSeconds.default ? [] : names.map((name) => `${name} ${timeoutSeconds}s`);
  return {
    main: workers === undefined ? [] : [`worker_processes ${workers}`],
    http: [
      `access_log ${accessLog ? `${scratchDir}/access.log` : "off"}`,
      ...(fair ? [keptFor] : []),
      ...(compression ? ["gzip on", "gzip_proxied any", "gzip_types *"] : []),
      ...times("client_header_timeout", "client_body_timeout", "send_timeout"),
      ...http.map(bare),
    ],
    upstream: fair ? [`keepalive ${connections}`, keptFor] : [],
    location: [
      ...(fair ? ["proxy_http_version 1.1", 'proxy_set_header Connection ""', "proxy_next_upstream off"] : []),
      ...(bufferBytes === undefined ? [] : [`proxy_buffer_size ${bufferBytes}`, `proxy_buffers 8 ${bufferBytes}`]),
      ...times("proxy_read_timeout", "proxy_send_timeout"),
      ...location.map(bare),
    ],
  };
}

/** A directive without the semicolon that its line gets. */
function bare(directive: string): string {
  return directive.replace(/;\s*$/, "");
}

function configuration(setup: ProxySetup, { main, http, upstream, location }: Settings): string {
  const { origins, connections, scratchDir, profile } = setup;
  const retired = profile === "fair" ? " max_fails=0" : "";
  const servers = origins.map(({ host, port }) => `server ${host}:${port}${retired}`);
  const lines = (indent: number, directives: readonly string[]) =>
    directives.map((directive) => `${" ".repeat(indent)}${directive};\n`).join("");
  // `user`: started as root it would give up its rights, and could not write into the scratch folder.
  return `daemon off;
user root;
pid ${scratchDir}/nginx.pid;
error_log stderr;
${lines(0, main)}events { worker_connections ${connections * 2 + 100}; }
http {
${lines(2, [...temporaryFolders(scratchDir), ...http])}  upstream origins {
${lines(4, [...servers, ...upstream])}  }
  server {
${lines(4, listening(setup))}    location / {
${lines(6, ["proxy_pass http://origins", ...location])}    }
  }
}
`;
}

function listening({ listen: { host, port }, tls, http2, version = "" }: ProxySetup): string[] {
  if (!tls) return [`listen ${host}:${port}`];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  // Since 1.25.1 it is a directive of its own.
  const isDirective = major > 1 || (major === 1 && minor > 24);
  return [
    `listen ${host}:${port} ssl${http2 && !isDirective ? " http2" : ""}`,
    ...(http2 && isDirective ? ["http2 on"] : []),
    `ssl_certificate ${tls.certificateFile}`,
    `ssl_certificate_key ${tls.keyFile}`,
    `ssl_protocols TLSv${tls.version}`,
    ...(tls.resumption ? [] : ["ssl_session_tickets off", "ssl_session_cache off"]),
  ];
}

function temporaryFolders(scratchDir: string): string[] {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return kinds.map((kind) => `${kind}_temp_path ${scratchDir}/${kind}`);
}
