import { basename, dirname } from "node:path";
import {
  defineProxy,
  type OptionsOf,
  type OptionsSchema,
  type ProxySetup,
  type ServerTls,
} from "../../core/contract/index.ts";

const byLab = "is set by the lab";

const declared = {
  accessLog: {
    type: "boolean",
    meaning: "print a line for each request to its standard output; unset: not in the profile fair",
  },
  streamBodies: {
    type: "boolean",
    meaning: "pass bodies on as they come instead of holding them; unset: in the profile fair alone",
  },
  set: {
    type: "texts",
    meaning: "its own options to set, NAME=VALUE each, such as http2=false",
    reserved: {
      mode: byLab,
      listen_host: byLab,
      listen_port: byLab,
      confdir: byLab,
      connection_strategy: byLab,
      scripts: byLab,
      onboarding: byLab,
      stream_large_bodies: "is the option streamBodies",
      flow_detail: "is the option accessLog",
    },
  },
} as const satisfies OptionsSchema;

type Options = OptionsOf<typeof declared>;

/** mitmdump: the other two programs of mitmproxy keep every request in memory to show it. */
export default defineProxy({
  id: "mitmproxy",
  title: "mitmproxy (mitmdump)",
  program: {
    executables: ["mitmdump"],
    versionArguments: ["--version"],
    versionPattern: "Mitmproxy: (\\S+)",
    install: { pip: ["mitmproxy"], brew: ["mitmproxy"] },
    image: "mitmproxy/mitmproxy",
  },
  supports: { roles: ["forward", "reverse"], balancing: true, maxThreads: 1, tls: true, http2: true },
  options: declared,
  memorySettings: [
    "stream_large_bodies passes bodies on instead of holding them",
    "Python and its modules take most of it before the first request",
  ],

  plan(setup) {
    const { host, port } = setup.listen;
    const several = setup.role === "reverse" && setup.origins.length > 1;
    const fair = setup.profile === "fair";
    const { accessLog = !fair, streamBodies = fair, set = [] } = setup.options as Options;
    const settings = [
      ...(streamBodies ? ["stream_large_bodies=1"] : []),
      ...(fair ? ["onboarding=false"] : []),
      ...set,
    ];
    return {
      argv: [
        "mitmdump",
        ...["--mode", mode(setup), "--listen-host", host, "--listen-port", String(port)],
        ...["--set", `confdir=${setup.scratchDir}/conf`, "--set", "connection_strategy=lazy"],
        ...(several ? ["--scripts", `${setup.scratchDir}/balance.py`] : []),
        ...(accessLog ? [] : ["--quiet"]),
        ...(setup.tls ? terminating(setup.tls, setup.http2) : []),
        ...settings.flatMap((setting) => ["--set", setting]),
      ],
      files: several ? { "balance.py": roundRobin(setup) } : {},
      deviations: [
        ...(accessLog ? [] : ["no log of requests"]),
        ...(streamBodies ? ["bodies streamed, not kept"] : []),
        ...(fair ? ["no onboarding pages"] : []),
        ...set,
      ],
    };
  },

  planOwn(path) {
    const name = basename(path);
    if (name !== "config.yaml") throw new Error(`mitmdump reads a config.yaml, and ${name} is none`);
    return { argv: ["mitmdump", "--set", `confdir=${dirname(path)}`] };
  },
  writeOrigins: ([{ host, port }]) => `http://${host}:${port}`,
  upstreamsIn: (text) => [...text.matchAll(/reverse:https?:\/\/([^\s"'/]+)/g)].map(([, address]) => address!),
});

function terminating(tls: ServerTls, http2 = false): string[] {
  const version = `TLS${tls.version.replace(".", "_")}`;
  const bounds = ["min", "max"].flatMap((bound) => ["--set", `tls_version_client_${bound}=${version}`]);
  return ["--certs", `*=${tls.combinedFile}`, ...bounds, "--set", `http2=${http2}`];
}

function mode({ role, origins: [first] }: ProxySetup): string {
  return role === "forward" ? "regular" : `reverse:http://${first.host}:${first.port}`;
}

/** Its reverse mode knows one origin; an addon of a few lines spreads requests over several. */
function roundRobin({ origins }: ProxySetup): string {
  const addresses = origins.map(({ host, port }) => `("${host}", ${port})`);
  return `import itertools

origins = itertools.cycle([${addresses.join(", ")}])


def request(flow):
    flow.request.host, flow.request.port = next(origins)
`;
}
