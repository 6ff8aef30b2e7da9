/** What load tools have in common that a driver of the lab runs on its own Node, with connections of an npm package. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { Detection, Host, LoadSample, LoadSetup, Program } from "../../../core/contract/index.ts";
import { isCount, parseJson } from "./result.ts";

const tickMark = "LAB_TICK ";

/** Node, and the package that brings the connections. */
export function programOf(npmPackage: string): Program {
  return {
    executables: ["node"],
    versionArguments: ["--version"],
    versionPattern: "v(\\S+)",
    install: { npm: [npmPackage] },
  };
}

/** Looks for the package; its version is the tool's. */
export async function detectPackage(host: Host, npmPackage: string, driver: string): Promise<Detection> {
  let path: string;
  try {
    path = createRequire(import.meta.url).resolve(`${npmPackage}/package.json`);
  } catch {
    const reason = `the npm package ${npmPackage} is not installed`;
    return { available: false, reason, help: `npm install ${npmPackage}` };
  }
  const { version } = JSON.parse((await host.readText(path)) ?? "{}") as { version?: string };
  const modules = dirname(dirname(path));
  return {
    available: true,
    ...(version === undefined ? {} : { version }),
    executable: process.execPath,
    readOnlyDirs: [dirname(driver), modules],
  };
}

/** A line in which a driver tells how far it is. */
export function tickOf(line: string): LoadSample | undefined {
  if (!line.startsWith(tickMark)) return undefined;
  const tick = parseJson(line.slice(tickMark.length)) as { seconds?: unknown; completed?: unknown } | undefined;
  if (!isCount(tick?.seconds) || !isCount(tick.completed)) return undefined;
  return { seconds: tick.seconds, completedRequests: tick.completed };
}

/** What a driver is told of a load: where to send, what, and until when. */
export function targetOf(load: LoadSetup) {
  const urls = load.urls.map((url) => new URL(url));
  return {
    requests: urls.map((url) => ({
      path: load.forwardProxy ? url.href : url.pathname + url.search,
      host: url.host,
    })),
    connections: load.concurrency,
    keepAlive: load.keepAlive,
    ...("seconds" in load.until ? { seconds: load.until.seconds } : { amount: load.until.requests }),
  };
}

/** Wanted rate of an open loop, in requests/s. Throws where there is none. */
export function openRateOf({ requestsPerSecond }: LoadSetup): number {
  if (requestsPerSecond) return requestsPerSecond;
  throw new Error("an open loop needs a number of requests per second");
}
