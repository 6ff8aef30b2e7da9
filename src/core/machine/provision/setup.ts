import type { Detection, Program } from "../../contract/index.ts";
import type { Entry, Registry } from "../../hosting/registry.ts";
import { nginxProgram } from "../../measure/origin/nginx.ts";
import { runCommand } from "../../process/command.ts";
import type { LocalHost } from "../../process/host.ts";
import { readFacts } from "./facts.ts";
import { type ProvisionTools, provision, type RunStep } from "./provision.ts";
import { type InstallPlan, planInstall } from "./recipes.ts";

/** What setting up works on. */
export interface Machine {
  readonly host: LocalHost;
  readonly registry: Registry;
  readonly dataDir: string;
}

interface Installable {
  readonly name: string;
  readonly program: Program;
  detect(): Promise<Detection>;
}

/**
 * The commands that would install what is missing: of the named programs, or of all but those whose building takes so long
 * that they must be named.
 */
export async function planSetup(machine: Machine, names?: readonly string[]): Promise<InstallPlan> {
  const isAskedFor = ({ name, program: { install } }: Installable) => names?.includes(name) ?? !install.cargo;
  const wanted = installables(machine).filter(isAskedFor);
  const found = await Promise.all(wanted.map((one) => one.detect()));
  const absent = wanted.filter((_, index) => !found[index]!.available);
  const missing = absent.map(({ name, program: { install } }) => ({ name, install }));
  return planInstall(missing, await readFacts(machine.host, missing), machine.dataDir);
}

/** Carries the plan out, one step after the other, and looks for each program afterwards. */
export function runSetup(machine: Machine, plan: InstallPlan, options: Pick<ProvisionTools, "onProgress" | "signal">) {
  const byName = new Map(installables(machine).map((one) => [one.name, one]));
  return provision(plan, {
    ...options,
    run: (argv, options) => run(machine.host, argv, options),
    detect: (name) => {
      machine.registry.forgetDetections();
      return byName.get(name)!.detect();
    },
  });
}

/** Runs a step. What may be killed is, when the lab ends without having done so. */
function run(host: LocalHost, ...[argv, options]: Parameters<RunStep>): ReturnType<RunStep> {
  let disown = () => {};
  const onStart = (pid: number) => {
    if (!options.gentle) disown = host.own({ kind: "process", pid });
  };
  return runCommand(argv, { ...options, onStart }).finally(() => disown());
}

/** Everything that the lab knows how to install, by name; `quick`: without what must be built first, which takes minutes. */
export function installableNames(machine: Machine, { quick = false } = {}): string[] {
  const wanted = installables(machine).filter(({ program: { install } }) => !quick || !(install.go ?? install.cargo));
  return wanted.map(({ name }) => name);
}

function installables({ host, registry }: Machine): Installable[] {
  const hasHints = ({ program: { install } }: { readonly program: Program }) => Object.keys(install).length > 0;
  const entries = [...registry.list("proxy"), ...registry.list("load")].filter(({ plugin }) => hasHints(plugin));
  const ofPlugins = entries.map((entry) => ({
    name: entry.plugin.id,
    program: entry.plugin.program,
    detect: () => registry.detectAnyhow(entry as Entry, host),
  }));
  // Origins want it as well, whether or not it is in use as a proxy.
  if (ofPlugins.some(({ name }) => name === "nginx")) return ofPlugins;
  return [...ofPlugins, { name: "nginx", program: nginxProgram, detect: () => host.findProgram(nginxProgram) }];
}
