import type {
  Detection,
  Host,
  OptionsOf,
  OptionsSchema,
  PluginOptions,
  ProbeResult,
} from "../../../core/contract/index.ts";
import { mount } from "../shared/groups.ts";
import { unavailable } from "../shared/unavailable.ts";

export const managerOptions = {
  manager: {
    type: "choice",
    choices: ["system", "user"],
    meaning:
      "system: needs root; user: needs version 2 of control groups, with cpu and memory delegated; unset: system for root, user for others",
  },
} as const satisfies OptionsSchema;

type Options = OptionsOf<typeof managerOptions>;

/** Whose systemd: that of the machine, or that of the user. */
export type Manager = NonNullable<Options["manager"]>;

/** The manager to use, by the options of the plugin. */
export function managerOf(options: PluginOptions, host: Host): Manager {
  const { manager = host.root ? "system" : "user" }: Options = options;
  return manager;
}

/** Why a manager cannot be used to limit programs; `undefined` where it can. */
export function obstacle(manager: Manager, host: Host): Promise<Detection | undefined> {
  return manager === "system" ? systemObstacle(host) : userObstacle(host);
}

async function systemObstacle(host: Host): Promise<Detection | undefined> {
  if (!host.root) {
    const help = 'run the lab as root, or set "manager": "user" in plugins.json';
    return unavailable("units of the system's manager need root", help);
  }
  const answer = await host.probe(["systemctl", "show", "--property=Version", "--value"]);
  if (answer?.code === 0) return undefined;
  return unavailable(`systemd does not answer: ${said(answer)}`, "systemctl status must work");
}

async function userObstacle(host: Host): Promise<Detection | undefined> {
  if (host.cgroupVersion === "v1") {
    const help = "run the lab as root, or boot with systemd.unified_cgroup_hierarchy=1";
    return unavailable("on version 1 of control groups systemd lets no user limit CPU", help);
  }
  const answer = await host.probe(["systemctl", "--user", "show", "--property=ControlGroup", "--value"]);
  if (answer?.code !== 0) {
    const help = "log in as this user (or loginctl enable-linger), with XDG_RUNTIME_DIR=/run/user/<uid> set";
    return unavailable(`no systemd manager of this user answers: ${said(answer)}`, help);
  }
  const controllers = (await host.readText(`${mount}${answer.stdout.trim()}/cgroup.controllers`)) ?? "";
  const lacking = ["cpu", "memory"].filter((one) => !controllers.trim().split(" ").includes(one));
  if (lacking.length === 0) return undefined;
  const help = "as root: systemctl edit user@.service, add [Service] and Delegate=cpu memory pids, then log in anew";
  return unavailable(`systemd does not let this user limit ${lacking.join(" and ")}`, help);
}

/** What a command of systemd said, in one line. */
export function said(answer: ProbeResult | undefined): string {
  return (answer?.stderr || answer?.stdout || "no answer from systemctl").trim().split("\n")[0]!;
}
