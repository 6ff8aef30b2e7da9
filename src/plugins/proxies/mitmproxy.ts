import { defineProxy, type ProxySetup } from "../../core/contract/index.ts";

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
  supports: { roles: ["forward", "reverse"], balancing: true, maxThreads: 1 },
  memorySettings: [
    "stream_large_bodies passes bodies on instead of holding them",
    "Python and its modules take most of it before the first request",
  ],

  plan(setup) {
    const { host, port } = setup.listen;
    const several = setup.role === "reverse" && setup.origins.length > 1;
    const fair = setup.profile === "fair";
    return {
      argv: [
        "mitmdump",
        ...["--mode", mode(setup), "--listen-host", host, "--listen-port", String(port)],
        ...["--set", `confdir=${setup.scratchDir}/conf`, "--set", "connection_strategy=lazy"],
        ...(several ? ["--scripts", `${setup.scratchDir}/balance.py`] : []),
        ...(fair ? ["--quiet", "--set", "stream_large_bodies=1", "--set", "onboarding=false"] : []),
      ],
      files: several ? { "balance.py": roundRobin(setup) } : {},
      ...(fair ? { deviations: ["no log of requests", "bodies streamed, not kept", "no onboarding pages"] } : {}),
    };
  },

  planOwn(path) {
    const [folder, name] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
    if (name !== "config.yaml") throw new Error(`mitmdump reads a config.yaml, and ${name} is none`);
    return { argv: ["mitmdump", "--set", `confdir=${folder}`] };
  },
  writeOrigins: ([{ host, port }]) => `http://${host}:${port}`,
  upstreamsIn: (text) => [...text.matchAll(/reverse:https?:\/\/([^\s"'/]+)/g)].map(([, address]) => address!),
});

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
