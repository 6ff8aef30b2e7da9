import type { Profile, ProxyPlugin } from "../../../contract/index.ts";
import { openRig, type Rig, type RigSetup } from "../../../measure/rig/rig.ts";
import type { Entry } from "../../registry.ts";
import { tlsVersions } from "../check.ts";
import { contextOf, type LiveLab, type Started, unconfined } from "./lab.ts";
import { leavesNoProcess } from "./processes.ts";
import * as rules from "./proxyRules.ts";
import type { Steps } from "./steps.ts";
import { asOrigins, startTarget, type TargetServer } from "./target.ts";

const profiles: readonly Profile[] = ["fair", "as-shipped"];
/** Connections that the proxy is told of, and gets. */
const connections = 32;

/** Starts the proxy in each role and profile and sends requests through it. */
export async function proxyLive(lab: LiveLab, entry: Entry<ProxyPlugin>, steps: Steps): Promise<void> {
  const { roles, balancing, keepsOriginConnections = true } = entry.plugin.supports;
  for (const role of roles) {
    const several = role === "forward" || balancing;
    const targets = await Promise.all(Array.from({ length: several ? 3 : 1 }, () => startTarget()));
    try {
      for (const profile of profiles)
        await tryOne(lab, entry, steps, { role, profile, targets, keepsOriginConnections });
      if (role === "reverse" && entry.plugin.supports.tls) await tryTls(lab, entry, steps, targets);
    } finally {
      await Promise.all(targets.map((target) => target.close()));
    }
  }
}

/** That it speaks TLS as it is told, starting it for each way: a rig makes sure of it by handshakes of its own. */
async function tryTls(
  lab: LiveLab,
  entry: Entry<ProxyPlugin>,
  steps: Steps,
  targets: readonly TargetServer[],
): Promise<void> {
  const { tlsResumption = [], http2 = false } = entry.plugin.supports;
  for (const version of tlsVersions) {
    for (const resumption of tlsResumption.includes(version) ? [true, false] : [false]) {
      const words = `TLS ${version}${http2 ? " and HTTP/2" : ""}, with ${resumption ? "resumed" : "full"} handshakes`;
      await steps.try(
        `reverse, fair: speaks ${words}`,
        async (signal) => {
          const tls = { key: "ecdsa", version, resumption } as const;
          const rig = await openOne(lab, entry, signal, { role: "reverse", profile: "fair", targets, tls, http2 });
          await rig.close();
        },
        { timeoutMs: readyWithinMs + marginMs },
      );
    }
  }
}

interface ProxyCase extends Pick<rules.Traffic, "role" | "targets"> {
  readonly profile: Profile;
  readonly keepsOriginConnections: boolean;
}

/** Tries a rule for the proxy in one of its roles and profiles. */
type TryRule = Steps["try"];

async function tryOne(lab: LiveLab, entry: Entry<ProxyPlugin>, steps: Steps, setting: ProxyCase): Promise<void> {
  const name = (rule: string) => `${setting.role}, ${setting.profile}: ${rule}`;
  const limiter = unconfined();
  const tryIt: TryRule = (rule, run, options) => steps.try(name(rule), run, options);
  try {
    const opened = await tryIt("starts and passes on the origins' answers", (signal) => open(signal), {
      detail: ({ seconds }) => `ready after ${seconds.toFixed(2)} s`,
      late: ({ rig }) => rig.close().catch(() => {}),
      timeoutMs: readyWithinMs + marginMs,
    });
    const started = limiter.last();
    if (opened && started) await tryRunning(opened.rig, started, setting, tryIt);
  } finally {
    const started = limiter.last();
    // One that went into the background has ended for the limiter. What a running one leaves is told by a rule.
    if (started) await leavesNoProcess(started.launch.scratchDir, started.process.pid).catch(() => {});
  }

  async function open(signal: AbortSignal) {
    const begun = performance.now();
    const rig = await openOne(lab, entry, signal, setting, limiter);
    return { rig, seconds: (performance.now() - begun) / 1000 };
  }
}

type Opening = Pick<ProxyCase, "role" | "profile" | "targets"> & Pick<RigSetup, "tls" | "http2">;

async function openOne(
  lab: LiveLab,
  entry: Entry<ProxyPlugin>,
  signal: AbortSignal,
  { role, profile, targets, tls, http2 = false }: Opening,
  limiter = unconfined(),
): Promise<Rig> {
  const context = contextOf(lab, signal, entry);
  const point = { proxy: entry.plugin.id, loadTool: "none", role, cpu: 1, servers: targets.length };
  return openRig(context, {
    proxy: entry,
    limiter: limiter.entry,
    source: { found: await context.registry.require(entry, lab.host) },
    point: { ...point, limiter: limiter.entry.plugin.id, concurrency: connections },
    profile,
    tls,
    http2,
    origins: asOrigins(targets),
    connections,
    readyWithinMs,
  });
}

/** Tries the rules for a proxy that answers, and ends it. */
async function tryRunning(rig: Rig, started: Started, setting: ProxyCase, tryIt: TryRule): Promise<void> {
  const client = new rules.Client(rig.entrance.listen, 1);
  const traffic = trafficOf(setting, client);
  try {
    await tryIt("passes bodies, statuses and methods on as they are", () => rules.leavesContentAlone(traffic));
    const reach = setting.role === "forward" ? rules.reachesTheNamed : rules.reachesAll;
    await tryIt(reachRule(setting), () => reach(traffic), { detail: (counts) => counts.join(", ") });
    await tryIt("keeps a client's connection open", () => rules.keepsConnection(traffic));
    if (setting.profile === "fair" && setting.keepsOriginConnections)
      await tryIt("keeps its connections to the origins", () => rules.keepsOriginConnections(traffic));
    await tryIt(`answers ${connections} clients at once`, () => manyAtOnce(rig, setting));
    await tryIt("writes only into its own folder", () => rules.writesOnlyInItsFolder(started));
    client.close();
    const ending = `ends by itself within ${rules.graceMs / 1000} s of SIGTERM and leaves no process`;
    const after = (seconds: number) => `after ${seconds.toFixed(2)} s`;
    await tryIt(ending, () => rules.endsInOrder(started), { detail: after });
  } finally {
    client.close();
    await rig.close();
  }
}

/** Some proxies load a language and all its libraries first. */
const readyWithinMs = 15_000;
/** Why a proxy does not answer is told by the lab, which must not be cut short. */
const marginMs = 5_000;

function reachRule({ role, targets }: ProxyCase): string {
  if (role === "forward") return "passes each request on to the server that it names";
  return targets.length > 1 ? `spreads requests over ${targets.length} origins in turn` : "passes all requests on";
}

/** A forward proxy is asked for URLs of a target, a reverse proxy for paths of its own. */
function trafficOf({ role, targets }: ProxyCase, client: rules.Client): rules.Traffic {
  const target = (path: string, index: number) => new URL(path, targets[index % targets.length]!.url).href;
  const ask: rules.Traffic["ask"] = (path, index, body) =>
    client.ask(role === "reverse" ? path : target(path, index), body);
  return { role, targets, client, ask };
}

async function manyAtOnce(rig: Rig, setting: ProxyCase): Promise<void> {
  const client = new rules.Client(rig.entrance.listen, connections);
  try {
    await rules.answersAllAtOnce(trafficOf(setting, client), connections);
  } finally {
    client.close();
  }
}
