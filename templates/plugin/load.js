import { defineLoad, LoadFailure, lastWords } from "proxy-lab/contract";

/** A small load tool, to begin with something that works: put the program that you want to measure with in its place. */
const program = `
import { Agent, request } from "node:http";
const { url, connections, seconds, timeoutSeconds } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const begun = performance.now();
const times = [];
let failed = 0;
const ask = () =>
  new Promise((resolve) => {
    const call = request(url, { agent, timeout: 1000 * timeoutSeconds }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode < 400)).on("error", () => resolve(false));
    });
    call.on("timeout", () => call.destroy()).on("error", () => resolve(false)).end();
  });
async function client() {
  while (performance.now() < begun + 1000 * seconds) {
    const sent = performance.now();
    if (await ask()) times.push(performance.now() - sent);
    else failed++;
  }
}
await Promise.all(Array.from({ length: connections }, client));
const duration = (performance.now() - begun) / 1000;
times.sort((a, b) => a - b);
const at = (share) => times[Math.floor(share * times.length)];
const latencyMs = times.length > 0 ? { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: times.at(-1) } : {};
console.log(JSON.stringify({ duration, completed: times.length, failed, latencyMs }));
process.exit();
`;

export default defineLoad({
  id: "my-plugin",
  title: "My plugin",
  program: {
    executables: ["node"],
    versionArguments: ["--version"],
    versionPattern: "v(\\S+)",
    install: {},
  },
  supports: { loops: ["closed"], forwardProxy: false, severalUrls: false, noKeepAlive: false, requestCount: false },

  // Pure: the same load gives the same plan. `lab plugins plan .` shows what comes of it.
  plan({ urls, concurrency, until, timeoutSeconds, scratchDir }) {
    const seconds = "seconds" in until ? until.seconds : 1;
    const config = { url: urls[0], connections: concurrency, seconds, timeoutSeconds };
    return { argv: ["node", `${scratchDir}/load.mjs`, JSON.stringify(config)], files: { "load.mjs": program } };
  },

  parse(output) {
    if (!output.stdout.startsWith("{")) throw new LoadFailure(`my-plugin printed no figures: ${lastWords(output)}`);
    const { duration, completed, failed, latencyMs } = JSON.parse(output.stdout);
    return {
      loop: "closed",
      durationSeconds: duration,
      completedRequests: completed,
      failedRequests: failed,
      failures: {},
      latencyMs,
      latencyKind: "service",
    };
  },
});
