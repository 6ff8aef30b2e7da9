import type { Address, LaunchSpec, Program } from "../../contract/index.ts";
import { type OriginCounters, originBody, statusPath } from "./origin.ts";

export const nginxProgram: Program = {
  executables: ["nginx"],
  versionArguments: ["-v"],
  versionPattern: "nginx/(\\S+)",
  install: { apt: ["nginx"], brew: ["nginx"] },
};

/** nginx takes at most 4 kB in one word of its configuration; larger bodies come from a file. */
const largestInlineBody = 3_000;

/** One origin server on nginx, a single process, as it counts and as it is fast. */
export function nginxOrigin(listen: Address, bodyBytes: number, scratchDir: string): LaunchSpec {
  const inline = bodyBytes <= largestInlineBody;
  const answer = inline ? `default_type text/plain; return 200 "${originBody(bodyBytes)}";` : `root ${scratchDir}/www;`;
  return {
    argv: ["nginx", "-p", scratchDir, "-e", "stderr", "-c", `${scratchDir}/nginx.conf`],
    files: {
      "nginx.conf": configuration(listen, answer, scratchDir),
      ...(inline ? {} : { "www/index.html": originBody(bodyBytes) }),
    },
  };
}

function configuration(listen: Address, answer: string, scratchDir: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `  ${kind}_temp_path ${scratchDir}/${kind};`,
  );
  // One process and no master: nothing is left when it is killed, and its CPU time is one counter.
  return `daemon off;
master_process off;
user root;
pid ${scratchDir}/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
${temporary.join("\n")}
  access_log off;
  sendfile on;
  open_file_cache max=10;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  server {
    listen ${listen.host}:${listen.port} backlog=4096;
    location / { ${answer} }
    location = ${statusPath} { stub_status; }
  }
}
`;
}

/** The counters in the text of nginx's stub_status; they include the request that asked. */
export function parseStubStatus(text: string): OriginCounters | undefined {
  const [, accepted, served] = /^\s*(\d+) \d+ (\d+)\s*$/m.exec(text) ?? [];
  return served === undefined ? undefined : { accepted: Number(accepted), served: Number(served) };
}
