import type { Arrivals, LoadPlugin, Loop, ProxyPlugin } from "../contract/index.ts";
import { longestOriginDelayMs } from "../domain/point.ts";
import { excessOf, type SweepSpec } from "../domain/spec.ts";
import { LabError } from "../errors.ts";
import type { Registry } from "../hosting/registry.ts";

/** Throws LAB_UNKNOWN_PLUGIN, LAB_UNSUPPORTED or LAB_USAGE for a sweep that cannot be run; starts nothing. */
export function checkSpec(spec: SweepSpec, registry: Registry, { cores }: { cores: number }): void {
  const excess = excessOf(spec);
  if (excess) throw new LabError("LAB_USAGE", `the sweep has ${excess}`, { help: "give fewer levels or repetitions" });
  checkProtocol(spec);
  for (const id of spec.proxies) checkProxy(id, spec, registry);
  for (const id of spec.loadTools) checkLoadTool(id, spec, registry);
  for (const id of spec.limiters) checkLimiter(id, spec, registry);
  const wide = spec.cpu.find((cpu) => cpu > cores);
  if (wide !== undefined) throw usage("--cpu", `${wide} cores`, `this machine has ${cores}`);
  if (spec.plan === "adaptive" && spec.replicates > 1)
    throw unsupported("an adaptive plan chooses by itself what it repeats", "leave --replicates out");
  if (spec.plan === "rounds" && spec.replicates > 1)
    throw unsupported(
      "a plan of rounds repeats every point",
      "say how often with --rounds, and leave --replicates out",
    );
  checkOrigin(spec);
  checkRates(spec);
  checkPercentile(spec);
  checkShare(spec.scenario);
}

/** Options of TLS and HTTP/2 that contradict others. */
function checkProtocol({
  role,
  scenario: { tls, tlsVersion, tlsHandshake, http, configuration, url },
}: SweepSpec): void {
  if (tls === undefined && (tlsVersion ?? tlsHandshake) !== undefined)
    throw contradiction(`--tls-${tlsVersion ? "version" : "handshake"} belongs to --tls`, "give --tls, too");
  if (tls !== undefined && configuration !== undefined)
    throw contradiction(
      "--tls is for configurations of the lab's making",
      "say in your own what it speaks, and in --url",
    );
  if (tls !== undefined && role === "forward")
    throw unsupported("the lab speaks plain HTTP with forward proxies", "leave --tls out");
  if (http === "2" && tls === undefined && !url?.startsWith("https:"))
    throw contradiction("--http 2 goes over TLS", configuration ? "give an https URL: --url" : "give --tls, too");
}

function checkOrigin({ servers, scenario: { originUrl, originDelayMs } }: SweepSpec): void {
  if (originUrl !== undefined && servers.some((count) => count > 1))
    throw unsupported("an origin of your own is one server", "leave --servers out");
  if (originUrl === undefined && originDelayMs > longestOriginDelayMs)
    throw usage("--origin-delay", `${originDelayMs} ms`, `an origin has to answer within ${longestOriginDelayMs} ms`);
}

/** Both ask what a proxy can do at most, which a rate that it is offered does not tell. */
function checkRates({ plan, requestsPerSecond }: SweepSpec): void {
  if (requestsPerSecond.length < 2 || (plan !== "rounds" && plan !== "adaptive")) return;
  const what = plan === "rounds" ? "a plan of rounds" : "an adaptive plan";
  throw unsupported(`${what} takes one offered rate, not ${requestsPerSecond.length}`, "use --plan grid or random");
}

/** Of so few requests none need lie beyond the 99th percentile. */
const fewestToShow = 100;

function checkPercentile({ goal, requestsPerSecond, scenario: { windowSeconds } }: SweepSpec): void {
  const rate = Math.min(...requestsPerSecond);
  if (goal === undefined || rate * windowSeconds >= fewestToShow) return;
  const requests = `a window of ${windowSeconds} s has ${Math.floor(rate * windowSeconds)} requests at ${rate}/s`;
  throw new LabError("LAB_USAGE", `--p99 cannot be shown: ${requests}, and one in ${fewestToShow} lies beyond it`, {
    help: `give --window ${Math.ceil(fewestToShow / rate)}s or longer`,
  });
}

function checkShare({ rate, warmupSeconds, method }: SweepSpec["scenario"]): void {
  if (rate === undefined) return;
  if (method === "visit")
    throw unsupported("a visit is too brief to find the capacity that --rate is a share of", "use --plan grid");
  if (warmupSeconds > 0) return;
  throw new LabError("LAB_USAGE", "--rate: a share of the capacity needs a warm-up to find the capacity", {
    help: "leave --warmup 0 out, or give --rate in requests per second",
  });
}

function checkProxy(id: string, spec: SweepSpec, registry: Registry): void {
  const { role, servers, scenario } = spec;
  const { supports } = registry.get("proxy", id).plugin;
  if (scenario.configuration === undefined) checkProxyProtocol(id, supports, scenario);
  if (!supports.roles.includes(role)) {
    throw unsupported(`${id} cannot be a ${role} proxy`, `it can be: ${supports.roles.join(", ")}`);
  }
  if (role === "reverse" && !supports.balancing && servers.some((count) => count > 1)) {
    throw unsupported(`${id} cannot spread requests over several servers`, "use --servers 1");
  }
}

function checkProxyProtocol(id: string, supports: ProxyPlugin["supports"], scenario: SweepSpec["scenario"]): void {
  const { tls, tlsVersion, http } = scenario;
  if (tls && !supports.tls) throw unsupported(`${id} cannot speak TLS with clients`, "choose another proxy");
  if (resumes(scenario) && !supports.tlsResumption?.includes(tlsVersion!))
    throw unsupported(`${id} does not resume TLS sessions`, "measure full handshakes: --tls-handshake full");
  if (http === "2" && !supports.http2) throw unsupported(`${id} cannot speak HTTP/2`, "choose another proxy");
}

/** Whether sessions are to be resumed, which counts where connections are made all the time. */
function resumes({ tls, keepAlive, tlsHandshake }: SweepSpec["scenario"]): boolean {
  return tls !== undefined && !keepAlive && tlsHandshake === "resumed";
}

function checkLoadTool(id: string, spec: SweepSpec, registry: Registry): void {
  const obstacle = loadObstacle(registry.get("load", id).plugin, spec);
  if (obstacle) throw obstacle;
  if (spec.concurrency.some((count) => count > 4000))
    throw usage("--concurrency", "more than 4000 connections", "the lab allows 8192 open files");
}

/** Why a load tool cannot send what a spec asks for, LAB_UNSUPPORTED or LAB_USAGE; `undefined` where it can. */
export function loadObstacle({ id, supports }: LoadPlugin, spec: SweepSpec): LabError | undefined {
  if (spec.role === "forward" && !supports.forwardProxy)
    return unsupported(`${id} cannot send through a forward proxy`, "choose another load tool");
  const { tls, tlsVersion, url, http } = spec.scenario;
  if ((tls || url?.startsWith("https:")) && !supports.tls)
    return unsupported(`${id} cannot send over TLS`, "choose another load tool");
  if (resumes(spec.scenario) && !supports.tlsResumption?.includes(tlsVersion!))
    return unsupported(
      `${id} does not resume a session of TLS ${tlsVersion} on each connection`,
      "measure full handshakes, --tls-handshake full, or use --load autocannon",
    );
  if (http === "2" && !supports.http2)
    return unsupported(
      `${id} cannot speak HTTP/2`,
      loopsOf(spec).includes("open") ? "h2load can, in a closed loop" : "use --load h2load",
    );
  if (!spec.scenario.keepAlive && !supports.noKeepAlive)
    return unsupported(`${id} cannot work without keep-alive`, "choose another load tool");
  return loopObstacle(id, loopsOf(spec), supports.loops) ?? arrivalsObstacle(id, spec, supports.arrivals);
}

function arrivalsObstacle(
  id: string,
  spec: SweepSpec,
  kinds: readonly Arrivals["kind"][] = ["constant"],
): LabError | undefined {
  const { arrivals = { kind: "constant" } } = spec.scenario;
  if (arrivals.kind === "constant") return undefined;
  if (!loopsOf(spec).includes("open")) return usage("--arrivals", "of an open loop only", "give a rate: --rate 1000");
  return kinds.includes(arrivals.kind)
    ? undefined
    : unsupported(`${id} cannot send ${arrivals.kind}`, "use --load pacer");
}

/** A share of the capacity needs a closed loop as well, to find the capacity. */
function loopsOf({ requestsPerSecond, scenario: { rate } }: SweepSpec): readonly Loop[] {
  if (requestsPerSecond.length > 0) return ["open"];
  return rate === undefined ? ["closed"] : ["closed", "open"];
}

function loopObstacle(id: string, needed: readonly Loop[], loops: readonly Loop[]): LabError | undefined {
  const lacking = needed.find((loop) => !loops.includes(loop));
  if (lacking === undefined) return undefined;
  const alone = lacking === "closed" ? "give it a rate: --rate 1000" : "pacer, autocannon, oha and vegeta can";
  const help = needed.length > 1 ? "autocannon and oha can" : alone;
  return unsupported(`${id} cannot send in ${lacking === "open" ? "an open" : "a closed"} loop`, help);
}

function checkLimiter(id: string, { cpu, memoryBytes }: SweepSpec, registry: Registry): void {
  const { minimum } = registry.get("limiter", id).plugin;
  const low = cpu.find((level) => level < minimum.cpu);
  if (low !== undefined) throw usage("--cpu", `${low} cores`, `${id} takes ${minimum.cpu} and up`);
  const small = memoryBytes.find((level) => level < minimum.memoryBytes);
  if (small !== undefined) throw usage("--memory", `${small} bytes`, `${id} takes ${minimum.memoryBytes} bytes and up`);
}

function unsupported(message: string, help: string): LabError {
  return new LabError("LAB_UNSUPPORTED", message, { help });
}

function contradiction(message: string, help: string): LabError {
  return new LabError("LAB_USAGE", message, { help });
}

function usage(option: string, value: string, help: string): LabError {
  return new LabError("LAB_USAGE", `${option}: ${value} is out of range`, { help });
}
