import { setTimeout as sleep } from "node:timers/promises";
import { withoutAbsent } from "../../domain/absent.ts";
import { machineCpu } from "../../process/kernel/cpuTime.ts";
import { type Advice, byHand, rightsOfRoot } from "../advice.ts";
import { installableNames, type Machine, planSetup } from "../provision/setup.ts";
import { checksOf } from "./checks.ts";
import { type MachineFacts, readMachine } from "./machine.ts";
import type { MachineCheck } from "./machineCheck.ts";
import { findParts, type Part } from "./parts.ts";

/** A part with what would bring it, if it is not found. */
export interface Finding extends Part {
  readonly advice?: Advice;
}

/** Plugins that together can measure on this machine. */
export interface Combination {
  readonly proxy: string;
  readonly load: string;
  readonly limiter: string;
}

/** All that the doctor found. */
export interface Diagnosis {
  readonly machine: MachineFacts;
  readonly checks: readonly MachineCheck[];
  readonly findings: readonly Finding[];
  /** Absent where nothing can be measured. */
  readonly combination?: Combination;
  /** Kinds of parts of which none works. */
  readonly lacking: readonly ("proxy" | "load" | "limiter")[];
}

/** A shorter look says nothing of what the hypervisor does. */
const shortestLookMs = 500;

/** Looks at the machine and at every part of the lab; changes nothing. */
export async function diagnose(on: Machine): Promise<Diagnosis> {
  const [facts, parts, stealCores] = await Promise.all([
    readMachine(on.host, on.dataDir),
    findParts(on),
    steal(shortestLookMs),
  ]);
  const machine = withoutAbsent<MachineFacts>({ ...facts, stealCores });
  const advices = await advicesFor(on, parts, machine);
  const combination = combinationOf(parts);
  return {
    machine,
    checks: withDocker(checksOf(machine), parts, machine),
    findings: parts.map((part) => {
      const advice = advices.get(part.id) ?? ownAdvice(part);
      return { ...part, ...(advice && { advice }) };
    }),
    ...(combination ? { combination } : {}),
    lacking: (["proxy", "load", "limiter"] as const).filter((kind) => !parts.some((part) => works(part, kind))),
  };
}

async function steal(ms: number): Promise<number | undefined> {
  const before = machineCpu();
  const from = performance.now();
  await sleep(ms);
  const after = machineCpu();
  if (!before || !after) return undefined;
  return (after.stealSeconds - before.stealSeconds) / ((performance.now() - from) / 1000);
}

/** Id of a missing program -> how to get it here. What only root can install, setup installs when it is run as root. */
async function advicesFor(on: Machine, parts: readonly Part[], machine: MachineFacts): Promise<Map<string, Advice>> {
  const missing = new Set(parts.filter(({ detection }) => !detection.available).map(({ id }) => id));
  const names = installableNames(on).filter((name) => missing.has(name));
  if (names.length === 0) return new Map();
  const { steps, byHand: left } = await planSetup(on, names);
  const installed = steps.flatMap(({ programs }) => programs).filter((id) => missing.has(id));
  const setup = (program: string): Advice => ({ do: "setup", program });
  return new Map([
    ...left.map(({ program, advice }): [string, Advice] => {
      const forRoot = advice.do === "run" && advice.by === "root";
      return [program, forRoot ? { ...setup(program), ...rightsOfRoot(machine) } : advice];
    }),
    ...installed.map((id): [string, Advice] => [id, setup(id)]),
  ]);
}

/** What a plugin itself says that would help. */
function ownAdvice({ detection }: Part): Advice | undefined {
  return detection.available || detection.help === undefined ? undefined : byHand(detection.help);
}

/** The first combination of parts that work; a proxy may come from an image of its limiter. */
export function combinationOf(parts: readonly Part[]): Combination | undefined {
  const load = parts.find((part) => works(part, "load"));
  const limiter = parts.find((part) => works(part, "limiter"));
  const proxy = parts.find(({ kind, detection }) => kind === "proxy" && detection.available);
  if (!load || !limiter) return undefined;
  if (proxy) return { proxy: proxy.id, load: load.id, limiter: limiter.id };
  const boxed = parts.find(({ image }) => image !== undefined);
  return boxed && { proxy: boxed.id, load: load.id, limiter: boxed.image!.limiter };
}

function works({ kind, detection, image }: Part, wanted: Part["kind"]): boolean {
  return kind === wanted && (detection.available || image !== undefined);
}

/** What the Docker command line and the limiter docker say together, among the checks of the machine. */
function withDocker(checks: MachineCheck[], parts: readonly Part[], { dockerClient }: MachineFacts): MachineCheck[] {
  const daemon = parts.find(({ kind, id }) => kind === "limiter" && id === "docker")?.detection;
  if (!daemon) return checks;
  const client = dockerClient === undefined ? "no docker command" : `command ${dockerClient}`;
  const told = daemon.available
    ? [`daemon ${daemon.version ?? ""}`.trim(), ...(daemon.details ?? []).map((one) => one.replace(/^daemon /, ""))]
    : [daemon.reason];
  const state = daemon.available ? "ok" : "warning";
  const check: MachineCheck = { id: "docker", title: "Docker", value: [client, ...told].join(", "), state };
  const at = checks.findIndex(({ id }) => id === "systemd");
  return checks.toSpliced(at < 0 ? checks.length : at, 0, check);
}
