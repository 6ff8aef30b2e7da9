import { defineProxy } from "proxy-lab/contract";

/** A small proxy, to begin with something that works: put the program that you want to measure in its place. */
const program = `
import { Agent, createServer, request } from "node:http";
const { listen, origins } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true });
let turn = 0;
createServer((incoming, outgoing) => {
  const origin = origins[turn++ % origins.length];
  const { url: path, method, headers } = incoming;
  const call = request({ ...origin, path, method, headers, agent }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  call.on("error", () => outgoing.destroy());
  incoming.pipe(call);
}).listen(listen.port, listen.host);
`;

export default defineProxy({
  id: "my-plugin",
  title: "My plugin",
  program: {
    executables: ["node"],
    versionArguments: ["--version"],
    versionPattern: "v(\\S+)",
    install: {},
  },
  supports: { roles: ["reverse"], balancing: true, maxThreads: 1 },

  // Pure: the same setup gives the same plan. `lab plugins plan .` shows what comes of it.
  plan({ listen, origins, scratchDir, profile }) {
    return {
      argv: ["node", `${scratchDir}/proxy.mjs`, JSON.stringify({ listen, origins })],
      files: { "proxy.mjs": program },
      ...(profile === "fair" ? { deviations: ["connections to the origins kept"] } : {}),
    };
  },
});
