import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { defineProxy } from "../../core/contract/index.ts";

const server = fileURLToPath(new URL("./builtin.server.mjs", import.meta.url));

/** A proxy that is always there: an npm library on Node. For trying the lab out, not for judging proxies. */
export default defineProxy({
  id: "builtin",
  title: "built-in Node proxy (npm http-proxy-3)",
  program: { executables: ["node"], versionArguments: ["--version"], versionPattern: "v(\\S+)", install: {} },
  supports: { roles: ["reverse"], balancing: true, maxThreads: 1, tls: true, tlsResumption: ["1.2", "1.3"] },

  async detect() {
    const require = createRequire(import.meta.url);
    const { version } = require("http-proxy-3/package.json") as { version: string };
    const modules = dirname(dirname(require.resolve("http-proxy-3/package.json")));
    const readOnlyDirs = [dirname(server), modules, dirname(dirname(process.execPath))];
    return { available: true, version, executable: process.execPath, readOnlyDirs };
  },

  plan({ listen, origins, connections, tls }) {
    const config = { listen, origins, connections, tls };
    return { argv: ["node", server, JSON.stringify(config)] };
  },
});
