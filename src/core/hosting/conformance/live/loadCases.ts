import type { LoadPlugin, Loop, TlsVersion } from "../../../contract/index.ts";
import type { LoadWish } from "../../../measure/trial/loadRun.ts";
import { loopback } from "../../../process/ports.ts";
import { tlsVersions } from "../check.ts";
import * as judge from "./loadRules.ts";
import type { Behaviour, TargetServer } from "./target.ts";

/** What of a load differs from the usual one of these rules; where a target listens is known once it does. */
export type Changes = (target: TargetServer) => Partial<LoadWish>;

/** Rate of an open loop. */
export const requestsPerSecond = 200;

const openLoop = { loop: "open", requestsPerSecond } as const;

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
/** Of an origin that answers less than half of an open loop's rate over the connections that there are. */
const tooSlowMs = 100;
const requests = 200;
/** Nothing listens there: who asks a proxy for them has no business with the server itself. */
const urls = [1, 2, 3].map((port) => `http://${loopback}:${port}/`) as [string, ...string[]];

const counts: LoadRule = { name: "counts what was answered, within 1 %", judge: judge.countsAnswers };
const time: LoadRule = { name: "takes the time that it was given", judge: judge.takesItsTime };
const delay: LoadRule = {
  name: `measures an origin that takes ${delayMs} ms`,
  judge: (trial) => judge.measuresDelay(trial, delayMs),
};
const connections: LoadRule = { name: "keeps its connections open", judge: judge.keepsConnections };
const reconnects: LoadRule = { name: "opens a connection for each request", judge: judge.opensConnections };
const rate: LoadRule = { name: "keeps to the rate", judge: judge.keepsRate };
const due: LoadRule = {
  name: "counts latencies from when requests were due",
  judge: (trial) => judge.countsFromDue(trial, tooSlowMs),
};
const servers: LoadRule = { name: "asks the proxy for the URL, in absolute form", judge: judge.namesServers };
const shares: LoadRule = { name: "asks for each as often as for the others", judge: judge.sharesOut };
const number: LoadRule = { name: "sends so many and no more", judge: judge.sendsNumber };
const failures: LoadRule = { name: "reports failures and nothing completed", judge: judge.tellsFailures };

const resumes: LoadRule = { name: "resumes TLS sessions on new connections", judge: judge.resumesSessions };
const handshakes: LoadRule = { name: "makes full TLS handshakes", judge: judge.handshakesFully };
const http2: LoadRule = { name: "speaks HTTP/2", judge: judge.speaksHttp2 };
const overTls = (tls: TlsVersion): Behaviour => ({ delayMs, tls });

/** A run for everything that a tool says it supports. */
export function loadCases({ loops, ...supports }: LoadPlugin["supports"]): LoadCase[] {
  const cases = [
    ...loops.map(loopCase),
    loops.includes("open") &&
      loadCase("open loop, faster than its origin", () => openLoop, [connections, due], { delayMs: tooSlowMs }),
    supports.noKeepAlive &&
      loadCase("without keep-alive", () => ({ ...briefly, keepAlive: false }), [counts, reconnects]),
    ...(supports.tls ? tlsVersions.flatMap((tls) => tlsCases(tls, supports)) : []),
    supports.http2 && loadCase("over HTTP/2", () => ({ ...briefly, http2: true }), [counts, http2], overTls("1.3")),
    supports.forwardProxy && loadCase("through a forward proxy", throughProxy([urls[0]]), [counts, servers]),
    supports.severalUrls &&
      loadCase("several URLs through a forward proxy", throughProxy(urls), [counts, servers, shares]),
    supports.requestCount && loadCase(`${requests} requests`, () => ({ until: { requests } }), [number]),
    loadCase("an origin that answers with status 500", () => briefly, [failures], { delayMs, status: 500 }),
  ];
  return cases.filter((one) => one !== undefined && one !== false);
}

function tlsCases(version: TlsVersion, supports: Omit<LoadPlugin["supports"], "loops">): LoadCase[] {
  const behaviour = overTls(version);
  const kept = loadCase(`over TLS ${version}`, () => briefly, [counts], behaviour);
  if (!supports.noKeepAlive) return [kept];
  const rules = [counts, supports.tlsResumption?.includes(version) ? resumes : handshakes];
  return [
    kept,
    loadCase(`over TLS ${version} without keep-alive`, () => ({ ...briefly, keepAlive: false }), rules, behaviour),
  ];
}

function loopCase(loop: Loop): LoadCase {
  const rules = [counts, time, delay, connections];
  if (loop === "closed") return loadCase("closed loop", () => ({ loop }), rules);
  return loadCase(`open loop, ${requestsPerSecond} requests/s`, () => openLoop, [...rules, rate]);
}

function throughProxy(asked: typeof urls): Changes {
  return ({ address }) => ({ ...briefly, urls: asked, forwardProxy: address });
}

function loadCase(name: string, wish: Changes, rules: LoadRule[], behaviour: Behaviour = { delayMs }): LoadCase {
  return { name, wish, behaviour, rules };
}
