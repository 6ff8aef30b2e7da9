import {
  type Confined,
  type Detection,
  defineLimiter,
  type Launch,
  type LimiterHost,
  type Limits,
  type Process,
  type Program,
} from "../../core/contract/index.ts";
import { confinedIn } from "./shared/confined.ts";
import { mount } from "./shared/groups.ts";
import { noControlGroups, unavailable } from "./shared/unavailable.ts";
import { properties, untilInForce } from "./systemd-run/limits.ts";
import { managerOf, managerOptions, obstacle } from "./systemd-run/manager.ts";
import { busAddress, gate, keeperOf } from "./systemd-run/programs.ts";
import { countCpuTime, untilWaiting } from "./systemd-run/scope.ts";
import { type Unit, unitOf } from "./systemd-run/unit.ts";

const systemdRun: Program = {
  executables: ["systemd-run"],
  versionArguments: ["--version"],
  versionPattern: "systemd (\\d+)",
  install: { apt: ["systemd"] },
};

/** Runs programs in transient scopes of systemd: children of the lab, in a unit whose limits systemd sets. */
export default defineLimiter({
  id: "systemd-run",
  title: "systemd-run",
  supports: { cpu: true, memory: true, liveUpdate: true, images: false, otherHosts: false },
  minimum: { cpu: 0.01, memoryBytes: 1024 * 1024 },
  options: managerOptions,

  async detect(host, options): Promise<Detection> {
    const manager = managerOf(options, host);
    const first = (await host.readText("/proc/1/comm"))?.trim();
    if (host.platform !== "linux" || first !== "systemd") {
      const instead = host.platform !== "linux" ? `this is ${host.platform}` : `process 1 is ${first ?? "unknown"}`;
      return unavailable(`systemd does not run this machine: ${instead}`, "use another limiter");
    }
    if (host.cgroupVersion === undefined) return noControlGroups;
    const found = await host.findProgram(systemdRun);
    if (!found.available) return found;
    const version = `${found.version ?? "of unknown version"} (${manager} manager)`;
    return (await obstacle(manager, host)) ?? { available: true, version };
  },

  async start(launch, limits, host, options): Promise<Confined> {
    const manager = managerOf(options, host);
    const settings = properties(limits);
    const found = await host.findProgram(systemdRun);
    if (!found.available) throw new Error(found.reason);
    const unit = unitOf(`${host.uniqueName()}.scope`, manager, host);
    const child = await host.launch({
      ...launch,
      argv: ["systemd-run", ...unit.creation(settings), ...gate(launch, manager)],
      executable: found.executable ?? "systemd-run",
      env: { ...launch.env, ...busAddress(manager, host) },
    });
    return confine(child, launch, unit, limits, host);
  },
});

async function confine(child: Process, launch: Launch, unit: Unit, limits: Limits, host: LimiterHost) {
  const undo: (() => unknown)[] = [unit.remove];
  const end = async () => {
    for (const step of undo.splice(0)) await step();
  };
  try {
    const keeper = await host.launch(keeperOf(launch));
    undo.unshift(() => keeper.stop(0));
    const folders = await untilWaiting(child, unit.name, host);
    undo.push(...folders.map((path) => host.own({ kind: "cgroup", path })));
    undo.push(await countCpuTime(child.pid, unit.name, host));
    const group = await host.controlGroup(child.pid);
    await unit.takeIn(keeper.pid);
    // On version 1 systemd cannot keep a unit from swap, which would turn the memory limit into a speed limit.
    const memory = folders.find((path) => path.startsWith(`${mount}/memory/`));
    if (memory) await host.writeText(`${memory}/memory.swappiness`, "0");
    await untilInForce(limits, () => group.limits());
    const update = async (changed: Limits) => {
      await unit.set(properties(changed));
      await untilInForce(changed, () => group.limits());
    };
    const confined = confinedIn({ group, update, kill: unit.kill, remove: end }, child);
    await host.probe(["sh", "-c", "kill -CONT $0", String(child.pid)]);
    return confined;
  } catch (error) {
    await child.stop(0);
    await end();
    throw error;
  }
}
