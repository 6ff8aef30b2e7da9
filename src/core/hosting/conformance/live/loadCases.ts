import type { LoadPlugin, Loop } from "../../../contract/index.ts";
import type { LoadWish } from "../../../measure/trial/loadRun.ts";
import { loopback } from "../../../process/ports.ts";
import * as judge from "./loadRules.ts";
import type { Behaviour, TargetServer } from "./target.ts";

/** What of a load differs from the usual one of these rules; where a target listens is known once it does. */
export type Changes = (target: TargetServer) => Partial<LoadWish>;

/** Rate of an open loop. */
export const requestsPerSecond = 200;

/** Throws where the rule is broken; what was measured, in words, where it holds. */
export interface LoadRule {
  readonly name: string;
  readonly judge: (trial: judge.LoadTrial) => string;
}

/** One run of a tool with the rules for what comes of it. */
export interface LoadCase {
  readonly name: string;
  readonly wish: Changes;
  readonly behaviour: Behaviour;
  readonly rules: readonly LoadRule[];
}

/** Where not the time is in question; a tool that takes whole seconds only takes one. */
const briefly = { until: { seconds: 0.5 } };
/** So slow that the tool waits nearly all the time: what it counts and measures is known, whatever the machine. */
const delayMs = 10;
const sound: Behaviour = { delayMs };
const requests = 200;
/** Nothing listens there: who asks a proxy for them has no business with the server itself. */
const urls = [1, 2, 3].map((port) => `http://${loopback}:${port}/`) as [string, ...string[]];

const counts = { name: "counts what was answered, within 1 %", judge: judge.countsAnswers };
const time = { name: "takes the time that it was given", judge: judge.takesItsTime };
const delay: LoadRule = {
  name: `measures an origin that takes ${delayMs} ms`,
  judge: (trial) => judge.measuresDelay(trial, delayMs),
};
const connections = { name: "keeps its connections open", judge: judge.keepsConnections };
const servers = { name: "asks the proxy for the URL, in absolute form", judge: judge.namesServers };

/** A run for everything that a tool says it supports. */
export function loadCases({ loops, ...supports }: LoadPlugin["supports"]): LoadCase[] {
  const cases = [
    ...loops.map((loop) => ({ ...loopCase(loop), wanted: true })),
    {
      name: "without keep-alive",
      wish: () => ({ ...briefly, keepAlive: false }),
      rules: [counts, { name: "opens a connection for each request", judge: judge.opensConnections }],
      wanted: supports.noKeepAlive,
    },
    {
      name: "through a forward proxy",
      wish: ({ address }) => ({ ...briefly, urls: [urls[0]], forwardProxy: address }),
      rules: [counts, servers],
      wanted: supports.forwardProxy,
    },
    {
      name: "several URLs through a forward proxy",
      wish: ({ address }) => ({ ...briefly, urls, forwardProxy: address }),
      rules: [counts, servers, { name: "asks for each as often as for the others", judge: judge.sharesOut }],
      wanted: supports.severalUrls,
    },
    {
      name: `${requests} requests`,
      wish: () => ({ until: { requests } }),
      rules: [{ name: "sends so many and no more", judge: judge.sendsNumber }],
      wanted: supports.requestCount,
    },
    {
      name: "an origin that answers with status 500",
      wish: () => briefly,
      behaviour: { delayMs, status: 500 },
      rules: [{ name: "reports failures and nothing completed", judge: judge.tellsFailures }],
      wanted: true,
    },
  ] satisfies (Omit<LoadCase, "behaviour"> & { behaviour?: Behaviour; wanted: boolean; wish: Changes })[];
  return cases.filter(({ wanted }) => wanted).map((one) => ({ behaviour: sound, ...one }));
}

function loopCase(loop: Loop): Omit<LoadCase, "behaviour"> {
  if (loop === "closed") {
    return { name: "closed loop", wish: () => ({ loop }), rules: [counts, time, delay, connections] };
  }
  return {
    name: `open loop, ${requestsPerSecond} requests/s`,
    wish: () => ({ loop, requestsPerSecond }),
    rules: [counts, time, delay, connections, { name: "keeps to the rate", judge: judge.keepsRate }],
  };
}
