import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { defineProxy } from "../../core/contract/index.ts";

const server = fileURLToPath(new URL("./builtin.server.mjs", import.meta.url));

/** A proxy that is always there: an npm library on Node. For trying the lab out, not for judging proxies. */
export default defineProxy({
  id: "builtin",
  title: "built-in Node proxy (npm http-proxy-3)",
  program: { executables: ["node"], versionArguments: ["--version"], versionPattern: "v(\\S+)", install: {} },
  supports: { roles: ["reverse"], balancing: true, maxThreads: 1 },

  async detect() {
    const { version } = createRequire(import.meta.url)("http-proxy-3/package.json") as { version: string };
    return { available: true, version, executable: process.execPath };
  },

  plan(setup) {
    const config = { listen: setup.listen, origins: setup.origins, connections: setup.connections };
    return { argv: ["node", server, JSON.stringify(config)] };
  },
});
