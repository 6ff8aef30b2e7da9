import { join } from "node:path";
import type { Address, ProxyPlan, ProxyPlugin, ProxySetup, Role } from "../../contract/index.ts";
import { LabError } from "../../errors.ts";
import { door } from "../../hosting/door.ts";
import type { Entry } from "../../hosting/registry.ts";
import { type Found, openFiles, resolveLaunch } from "../../process/launcher.ts";
import { freePort, loopback } from "../../process/ports.ts";
import type { RunContext } from "./context.ts";
import { entranceAt } from "./entrance.ts";
import { filledIn, type OwnConfiguration, standIns } from "./ownConfiguration.ts";

/** A plan with a configuration of the user's own: where that lies, and what its placeholders stand for. */
export interface OwnPlan extends ProxyPlan {
  readonly path?: string;
  readonly replaced?: Readonly<Record<string, string>>;
}

/** Where its files are, below the scratch folder. */
const folderName = "own";
/** Lines of a checker that are shown. */
const mostLines = 12;

/** What to start with a configuration of the user's own. Throws LAB_CONFIGURATION. */
export async function planOwn(
  plugin: ProxyPlugin,
  { main, files, sha256 }: OwnConfiguration,
  setup: ProxySetup,
  signal: AbortSignal,
): Promise<OwnPlan> {
  const folder = join(setup.scratchDir, folderName);
  const replaced = standIns(setup, folder, await door.writeOrigins(plugin, setup.origins, signal));
  const path = join(folder, main);
  const plan = await door.planOwn(plugin, path, setup, signal);
  const filled = Object.entries(files).map(([name, text]) => [join(folderName, name), filledIn(text, replaced)]);
  return {
    ...plan,
    files: { ...plan.files, ...Object.fromEntries(filled) },
    deviations: [...(plan.deviations ?? []), `a configuration of your own: ${main}, SHA-256 ${sha256.slice(0, 12)}`],
    path,
    replaced,
  };
}

/** What is to be checked before anything is started. */
export interface CheckedSetup {
  readonly proxy: Entry<ProxyPlugin>;
  readonly configuration: OwnConfiguration;
  readonly role: Role;
  readonly url?: string | undefined;
  /** Where it expects its origins; absent: the lab fills their addresses in. */
  readonly at?: readonly Address[] | undefined;
  readonly servers: number;
  readonly found: Found;
}

/** Runs the checker of a proxy's program on a configuration of the user's own. Throws LAB_CONFIGURATION with its words. */
export async function checkOwn(
  { host, signal }: Pick<RunContext, "host" | "signal">,
  { proxy, configuration, role, url, at, servers, found }: CheckedSetup,
): Promise<void> {
  const scratch = await host.scratchDir();
  const free = async () => ({ host: loopback, port: await freePort(loopback) });
  try {
    const { listen } = entranceAt(await free(), role, url);
    const origins = at ?? (await Promise.all(Array.from({ length: servers }, free)));
    const setup: ProxySetup = {
      ...{ role, listen, openFiles, scratchDir: scratch.path, instance: scratch.instance, options: proxy.options },
      ...{ origins: origins as [Address, ...Address[]], threads: 1, connections: 1, profile: "as-shipped" },
    };
    const plan = await planOwn(proxy.plugin, configuration, setup, signal);
    const argv = await door.checkOwn(proxy.plugin, plan.path!, setup, signal);
    if (argv === undefined || found.executable === undefined) return;
    await resolveLaunch(plan, { name: proxy.plugin.id, found, scratchDir: scratch.path });
    const said = await host.probe([found.executable, ...argv.slice(1)]);
    if (said === undefined || said.code === 0) return;
    const short = (text: string) => text.replaceAll(join(scratch.path, folderName, "/"), "");
    const lines = short(`${said.stderr}\n${said.stdout}`)
      .split("\n")
      .filter((line) => line.trim() !== "");
    throw new LabError("LAB_CONFIGURATION", `"${short(argv.join(" "))}" refuses the configuration`, {
      help: lines.slice(-mostLines).join("\n"),
    });
  } finally {
    await scratch.remove();
  }
}
