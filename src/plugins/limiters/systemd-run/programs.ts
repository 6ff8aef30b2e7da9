import type { Host, Launch } from "../../../core/contract/index.ts";
import type { Manager } from "./manager.ts";

/** A user's manager is found by these, which a measured program must not see. */
export function busAddress(manager: Manager, { env }: Host): Record<string, string> {
  const names = manager === "user" ? ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"] : [];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/**
 * What runs in the scope: a shell that drops the variables that only systemd-run needed or added, waits to be continued,
 * and becomes the program. So the program does nothing before its limits are known to be in force.
 */
export function gate(launch: Launch, manager: Manager): string[] {
  const own = manager === "user" ? ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"] : [];
  const strange = ["INVOCATION_ID", ...own].filter((name) => !(name in launch.env));
  const [name, ...args] = launch.argv;
  return [
    "/bin/sh",
    "-c",
    `unset ${strange.join(" ")}; kill -STOP $$; exec "$@"`,
    name,
    launch.executable ?? name,
    ...args,
  ];
}

/**
 * A process that sleeps in the scope until the counters have been read: systemd removes a scope as soon as it is empty,
 * and with it the count of OOM kills. What it occupies was charged elsewhere, before it came in.
 */
export function keeperOf({ env, scratchDir, openFiles, name }: Launch): Launch {
  const argv = ["/bin/sh", "-c", "trap '' HUP INT TERM; exec sleep 2147483647"] as const;
  return { name: `${name} keeper`, argv, executable: argv[0], env, scratchDir, readOnlyDirs: [], openFiles };
}
