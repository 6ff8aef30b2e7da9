import { defineProxy, type ProxySetup } from "../../core/contract/index.ts";

const sections = ["global", "defaults", "frontend", "backend"] as const;
type Section = (typeof sections)[number];

/** HAProxy. Options: lines to add to a section, such as `{ "frontend": ["http-request set-header X-Lab 1"] }`. */
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
  memorySettings: [
    "maxconn sizes its tables, and each connection may take two buffers of tune.bufsize (16 kB)",
    "a haproxy without a maxconn takes it from the limit on open files",
    "-m MEGABYTES makes it refuse rather than be killed",
  ],

  plan(setup) {
    const added = sections.flatMap((section) => linesFor(setup, section).map((line) => `${section}: ${line}`));
    const fair = setup.profile === "fair" ? ["retries 0", `nbthread ${setup.threads}`, "no log"] : [];
    return {
      argv: ["haproxy", "-db", "-q", "-f", `${setup.scratchDir}/haproxy.cfg`],
      files: { "haproxy.cfg": configuration(setup) },
      deviations: [...fair, ...added],
    };
  },

  // Paths in it count from its own folder.
  planOwn: (path) => ({ argv: ["haproxy", "-db", "-q", "-C", folderOf(path), "-f", path] }),
  checkOwn: (path) => ["haproxy", "-c", "-C", folderOf(path), "-f", path],
  writeOrigins: (origins) => serverLines(origins).join("\n"),
  upstreamsIn: (text) => [...text.matchAll(/^[ \t]*server[ \t]+\S+[ \t]+(\S+)/gm)].map(([, address]) => address!),
});

function configuration(setup: ProxySetup): string {
  const servers = serverLines(setup.origins).map((line) => `    ${line}`);
  const fair = setup.profile === "fair";
  const added = (section: Section) =>
    linesFor(setup, section)
      .map((line) => `    ${line}\n`)
      .join("");
  return `global
    maxconn ${maxConnections(setup)}
${fair ? `    nbthread ${setup.threads}\n` : ""}${added("global")}defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
${fair ? "    no log\n    retries 0\n" : ""}${added("defaults")}frontend clients
    bind ${setup.listen.host}:${setup.listen.port}
    default_backend origins
${added("frontend")}backend origins
    balance roundrobin
${servers.join("\n")}
${added("backend")}`;
}

function serverLines(origins: ProxySetup["origins"]): string[] {
  return origins.map(({ host, port }, index) => `server s${index + 1} ${host}:${port}`);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function linesFor({ options }: ProxySetup, section: Section): string[] {
  const lines = options[section] ?? [];
  if (Array.isArray(lines) && lines.every((line) => typeof line === "string" && !line.includes("\n"))) return lines;
  throw new Error(`the option ${section} must be a list of lines for that section of HAProxy's configuration`);
}

/** HAProxy sizes its tables from this; unset it would follow the limit on open files. */
function maxConnections(setup: ProxySetup): number {
  return Math.min(setup.connections * 4 + 100, Math.floor(setup.openFiles / 2) - 50);
}
