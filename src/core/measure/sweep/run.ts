import type { Address } from "../../contract/index.ts";
import { hostAndPort } from "../../domain/levels.ts";
import type { SweepSpec } from "../../domain/spec.ts";
import { threadsFor } from "../../plan/plan.ts";
import { pinSelf } from "../../process/pin.ts";
import { loopback, requireFree } from "../../process/ports.ts";
import { outsideOrigin, startOrigins } from "../origin/start.ts";
import { tlsWish } from "../rig/certificate.ts";
import type { RunContext } from "../rig/context.ts";
import { type OwnConfiguration, sameConfiguration } from "../rig/ownConfiguration.ts";
import { checkOwn } from "../rig/ownPlan.ts";
import { openRig } from "../rig/rig.ts";
import { startProbe } from "../speed/probe.ts";
import { runLoad } from "../trial/loadRun.ts";
import { describeEnvironment, type Placement, placeRoles } from "./environment.ts";
import type { SweepJob, SweepOutcome, SweepParts } from "./job.ts";
import { type FoundPrograms, requirePlugins } from "./requirements.ts";
import { Sweep } from "./sweep.ts";

/**
 * Runs a sweep on this machine; see `Sweep`. `begin`: called once all that it needs was found, before anything is started.
 * Throws what `requirePlugins` throws, and LAB_PORT_IN_USE.
 */
export async function runSweep(context: RunContext, job: SweepJob, begin: () => void): Promise<SweepOutcome> {
  const { host } = context;
  const configuration = await sameConfiguration(job.spec.scenario);
  const place = placeRoles(host.platform, host.coreIds, Math.max(...job.spec.cpu.map(threadsFor)));
  const programs = await requirePlugins(context, job.spec, (limiter, progress) =>
    job.emit({ type: "preparing", limiter, ...progress }),
  );
  if (configuration) await checkAll(context, job.spec, configuration, programs);
  if (job.proxyPort !== undefined) await requireFree(loopback, job.proxyPort);
  begin();
  const unpin = await pinSelf(place?.rest);
  try {
    return await new Sweep(job, partsOf(context, job, programs, place, configuration)).run();
  } finally {
    await unpin();
  }
}

/** Has a configuration of the user's own checked by each program that will run with it. Throws LAB_CONFIGURATION. */
async function checkAll(
  context: RunContext,
  spec: SweepSpec,
  configuration: OwnConfiguration,
  programs: FoundPrograms,
): Promise<void> {
  const { role, scenario } = spec;
  for (const id of spec.proxies) {
    const proxy = context.registry.get("proxy", id);
    const onHost = spec.limiters
      .map((limiter) => programs.source(id, limiter))
      .find(({ image }) => image === undefined);
    if (!onHost) continue;
    const at = scenario.originAt?.map(addressOf);
    const { found } = onHost;
    await checkOwn(context, { proxy, configuration, role, url: scenario.url, at, servers: spec.servers[0]!, found });
  }
}

function addressOf(text: string): Address {
  const [host, port] = hostAndPort(text);
  return { host, port };
}

/** Real proxies, origins and load tools, with the programs that were found. */
export function partsOf(
  context: RunContext,
  { spec, proxyPort }: Pick<SweepJob, "spec" | "proxyPort">,
  programs: FoundPrograms,
  place: Placement | undefined,
  configuration?: OwnConfiguration,
): SweepParts {
  const { host, registry, signal } = context;
  const { originUrl, bodyBytes, originDelayMs: delayMs, profile, url, originAt } = spec.scenario;
  const at = originAt?.map(addressOf);
  const connections = Math.max(...spec.concurrency);
  const { rest: cores } = place ?? {};
  const everywhere = spec.scenario.pin === "none";
  const proxyCores = everywhere ? undefined : place?.proxy;
  // It would be given the cores of the lab, which makes room for it.
  const launchCores = place && everywhere ? host.coreIds : proxyCores;
  return {
    registry,
    signal,
    clock: performance,
    restCores: cores?.length,
    proxyCores: proxyCores?.length,
    environment: describeEnvironment(host, programs.versions, place && { ...place, proxy: launchCores! }),
    startOrigins: async (count) =>
      originUrl ? outsideOrigin(originUrl) : startOrigins(host, { count, at, bodyBytes, delayMs, cores }),
    startProbe: async () => (spec.probe && proxyCores ? startProbe(host, proxyCores) : undefined),
    async startRig(point, origins, onPlan) {
      const proxy = registry.get("proxy", point.proxy);
      const limiter = registry.get("limiter", point.limiter);
      const source = programs.source(point.proxy, point.limiter);
      const setup = {
        ...{ proxy, limiter, source, point, origins, connections, onPlan },
        profile: profile === "own" ? ("as-shipped" as const) : profile,
        own: configuration && { configuration, url },
        tls: tlsWish(spec.scenario),
        http2: spec.scenario.http === "2",
      };
      return openRig(context, { ...setup, port: proxyPort, cores: launchCores });
    },
    runLoad: (tool, wish, until, watch) => runLoad({ ...context, signal: until }, tool, wish, { ...watch, cores }),
  };
}
