import { dirname } from "node:path";
import { defineProxy, type OptionsOf, type OptionsSchema, type ProxySetup } from "../../core/contract/index.ts";

const sections = ["global", "defaults", "frontend", "backend"] as const;
type Section = (typeof sections)[number];

const byLab = "is set by the lab";
const another = "begins another section";
const reserved = {
  ...{ global: another, defaults: another, frontend: another, backend: another, listen: another },
  log: "is the option accessLog",
  mode: byLab,
};

const declared = {
  accessLog: {
    type: "boolean",
    meaning: "log each request, in its HTTP format, to its standard output",
  },
  threads: {
    type: "integer",
    minimum: 1,
    maximum: 64,
    meaning: "nbthread; unset: the CPU limit rounded up in the profile fair, else one for each core",
  },
  bufferBytes: {
    type: "integer",
    minimum: 1024,
    maximum: 1_048_576,
    unit: "bytes",
    meaning: "tune.bufsize, the size of each buffer of a connection; unset: 16384",
  },
  timeoutSeconds: {
    type: "integer",
    minimum: 1,
    default: 60,
    unit: "s",
    meaning: "timeout of clients and servers that are silent",
  },
  global: {
    type: "texts",
    meaning: "lines to add to the section global",
    reserved: {
      ...reserved,
      nbthread: "is the option threads",
      "tune.bufsize": "is the option bufferBytes",
      maxconn: byLab,
      daemon: byLab,
    },
  },
  defaults: {
    type: "texts",
    meaning: "lines to add to the section defaults",
    reserved: {
      ...reserved,
      "timeout client": "is the option timeoutSeconds",
      "timeout server": "is the option timeoutSeconds",
      "no log": "is the option accessLog",
    },
  },
  frontend: {
    type: "texts",
    meaning: "lines to add to the frontend, such as http-request set-header X-Lab 1",
    reserved: { ...reserved, bind: byLab, default_backend: byLab },
  },
  backend: {
    type: "texts",
    meaning: "lines to add to the backend",
    reserved: { ...reserved, server: byLab, "server-template": byLab, balance: byLab },
  },
} as const satisfies OptionsSchema;

type Options = OptionsOf<typeof declared>;

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
  supports: { roles: ["reverse"], balancing: true, tls: true, tlsResumption: ["1.2", "1.3"], http2: true },
  options: declared,
  memorySettings: [
    "maxconn sizes its tables, and each connection may take two buffers of tune.bufsize (16 kB)",
    "a haproxy without a maxconn takes it from the limit on open files",
    "-m MEGABYTES makes it refuse rather than be killed",
  ],

  plan(setup) {
    const options = setup.options as Options;
    const settings = settingsOf(setup, options);
    const added = sections.flatMap((section) => (options[section] ?? []).map((line) => `${section}: ${line}`));
    return {
      // -q closes its standard output.
      argv: ["haproxy", "-db", ...(options.accessLog ? [] : ["-q"]), "-f", `${setup.scratchDir}/haproxy.cfg`],
      files: { "haproxy.cfg": configuration(setup, options, settings) },
      deviations: [
        ...(setup.profile === "fair" ? ["retries 0"] : []),
        ...settings.global,
        ...settings.defaults,
        ...added,
      ],
    };
  },

  // Paths in it count from its own folder.
  planOwn: (path) => ({ argv: ["haproxy", "-db", "-q", "-C", dirname(path), "-f", path] }),
  checkOwn: (path) => ["haproxy", "-c", "-C", dirname(path), "-f", path],
  writeOrigins: (origins) => serverLines(origins).join("\n"),
  upstreamsIn: (text) => [...text.matchAll(/^[ \t]*server[ \t]+\S+[ \t]+(\S+)/gm)].map(([, address]) => address!),
});

type Settings = Readonly<Record<"global" | "defaults", readonly string[]>>;

/** Settings by options, and where these are unset by the profile. */
function settingsOf({ profile, threads: wanted, tls }: ProxySetup, options: Options): Settings {
  const fair = profile === "fair";
  const { accessLog, threads = fair ? wanted : undefined, bufferBytes } = options;
  const logged = accessLog ? ["log global", "option httplog"] : undefined;
  const unlogged = fair || accessLog === false ? ["no log"] : [];
  return {
    global: [
      ...(threads === undefined ? [] : [`nbthread ${threads}`]),
      ...(bufferBytes === undefined ? [] : [`tune.bufsize ${bufferBytes}`]),
      ...(accessLog ? ["log stdout format raw local0"] : []),
      ...(tls?.resumption === false ? ["tune.ssl.cachesize 0"] : []),
    ],
    defaults: logged ?? unlogged,
  };
}

function configuration(setup: ProxySetup, options: Options, { global, defaults }: Settings): string {
  const timeout = `${options.timeoutSeconds}s`;
  const parts = {
    global: [...(setup.profile === "fair" ? [`maxconn ${maxConnections(setup)}`] : []), ...global],
    defaults: [
      "mode http",
      ...["timeout connect 5s", `timeout client ${timeout}`, `timeout server ${timeout}`],
      ...defaults,
      ...(setup.profile === "fair" ? ["retries 0"] : []),
    ],
    "frontend clients": [bind(setup), "default_backend origins"],
    "backend origins": ["balance roundrobin", ...serverLines(setup.origins)],
  };
  const sectionOf = (head: string) => head.split(" ")[0] as Section;
  return Object.entries(parts)
    .flatMap(([head, lines]) => [head, ...[...lines, ...(options[sectionOf(head)] ?? [])].map((line) => `    ${line}`)])
    .join("\n")
    .concat("\n");
}

function bind({ listen: { host, port }, tls, http2 }: ProxySetup): string {
  const plain = `bind ${host}:${port}`;
  if (!tls) return plain;
  const version = `TLSv${tls.version}`;
  const versions = `ssl-min-ver ${version} ssl-max-ver ${version}`;
  const spoken = http2 ? "h2,http/1.1" : "http/1.1";
  return `${plain} ssl crt ${tls.combinedFile} alpn ${spoken} ${versions}${tls.resumption ? "" : " no-tls-tickets"}`;
}

function serverLines(origins: ProxySetup["origins"]): string[] {
  return origins.map(({ host, port }, index) => `server s${index + 1} ${host}:${port}`);
}

/** HAProxy sizes its tables from this; unset it would follow the limit on open files. */
function maxConnections(setup: ProxySetup): number {
  return Math.min(setup.connections * 4 + 100, Math.floor(setup.openFiles / 2) - 50);
}
