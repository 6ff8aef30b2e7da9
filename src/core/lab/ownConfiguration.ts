import type { ProxyPlugin } from "../contract/index.ts";
import { hostAndPort, isLoopback, kinds } from "../domain/levels.ts";
import { dottedName, optionsAmong } from "../domain/pluginOptions.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { LabError } from "../errors.ts";
import { door } from "../hosting/door.ts";
import type { Registry } from "../hosting/registry.ts";
import {
  type OwnConfiguration,
  type Placeholder,
  placeholdersIn,
  readConfiguration,
} from "../measure/rig/ownConfiguration.ts";

/**
 * Completes a spec that names a configuration of the user's own: by what its files are, and by where they expect their
 * servers. Throws LAB_USAGE, LAB_UNSUPPORTED or LAB_CONFIGURATION where nothing could be measured with it.
 */
export async function withOwnConfiguration(spec: SweepSpec, registry: Registry): Promise<SweepSpec> {
  const { configuration: paths, url, originAt } = spec.scenario;
  if (paths === undefined) {
    if (url === undefined && originAt === undefined) return spec;
    const option = url === undefined ? "--origin-at" : "--url";
    throw new LabError("LAB_USAGE", `${option} belongs to a configuration of your own`, { help: "give --config FILE" });
  }
  const plugin = onlyProxy(spec, registry);
  const configuration = await readConfiguration(paths);
  const upstreams = await upstreamsOf(plugin, configuration);
  const placeholders = placeholdersIn(configuration);
  requireEntrance(configuration, placeholders, spec);
  const at = originsAt(configuration, placeholders, spec, upstreams);
  return {
    ...spec,
    ...(at && { servers: [at.length] }),
    scenario: {
      ...spec.scenario,
      profile: "own",
      configurationSha256: configuration.sha256,
      ...(at && { originAt: at }),
    },
  };
}

/**
 * The SHA-256 of a configuration of the user's own: of the files that are named, `haproxy.cfg,conf.d`, or that itself.
 * Throws LAB_CONFIGURATION for files that cannot be read.
 */
export async function configurationHash(named: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(named)) return named;
  return (await readConfiguration(kinds.paths.parse(named, "--config"))).sha256;
}

/** Throws LAB_USAGE for an option of the plugin, which makes no configuration where the user has one. */
export function refuseIdleOptions({ proxies: [proxy = ""], options = {}, scenario }: SweepSpec): void {
  if (scenario.configuration === undefined) return;
  const [name] = Object.keys(optionsAmong(options, proxy));
  if (name === undefined) return;
  throw new LabError("LAB_USAGE", `the option ${dottedName(proxy, name)} has no effect beside --config`, {
    help: "write what it means into the configuration, and leave the option out",
  });
}

function onlyProxy({ proxies }: SweepSpec, registry: Registry): ProxyPlugin {
  const [first, ...others] = proxies;
  if (first === undefined || others.length > 0)
    throw new LabError("LAB_USAGE", "--config is for one proxy", { help: "name it: --proxy haproxy" });
  const { plugin } = registry.get("proxy", first);
  if (plugin.planOwn && plugin.writeOrigins) return plugin;
  throw new LabError("LAB_UNSUPPORTED", `${first} cannot be started with a configuration of your own`, {
    help: "its plugin has no planOwn; see docs/write-a-plugin.md",
  });
}

/** Addresses that it passes requests on to. Throws LAB_CONFIGURATION for one that is not on this machine. */
async function upstreamsOf(plugin: ProxyPlugin, { files }: OwnConfiguration): Promise<string[]> {
  const all: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const found = (await door.upstreamsIn(plugin, text)).filter((address) => !address.includes("{{"));
    const away = found.find((address) => !isLoopback(hostAndPort(address)[0]));
    if (away !== undefined)
      throw new LabError("LAB_CONFIGURATION", `${name} passes requests on to ${away}, which is not this machine`, {
        help: "write {{origins}} in its place, or an address such as 127.0.0.1:9001",
      });
    all.push(...found);
  }
  return [...new Set(all)];
}

const listening: readonly Placeholder[] = ["listen", "port"];

function requireEntrance({ main }: OwnConfiguration, placeholders: ReadonlySet<Placeholder>, spec: SweepSpec): void {
  const { url } = spec.scenario;
  const free = listening.some((one) => placeholders.has(one));
  if (free && url !== undefined && !url.includes("{{listen}}"))
    throw new LabError("LAB_USAGE", `${main} leaves it to the lab where it listens, and --url says where`, {
      help: `write {{listen}} in the URL, or in ${main} the address itself`,
    });
  if (free || (url !== undefined && !url.includes("{{listen}}"))) return;
  throw new LabError("LAB_USAGE", `nobody says where ${main} listens`, {
    help: `write {{listen}} in ${main}, or give its address: --url http://127.0.0.1:8080/`,
  });
}

/** Where it expects its origins; `undefined` where it has the lab's addresses filled in. */
function originsAt(
  { main }: OwnConfiguration,
  placeholders: ReadonlySet<Placeholder>,
  { role, servers, scenario: { originAt } }: SweepSpec,
  upstreams: readonly string[],
): readonly string[] | undefined {
  if (placeholders.has("origins") || role === "forward") {
    if (originAt === undefined) return undefined;
    throw new LabError("LAB_USAGE", `${main} has {{origins}} filled in, so --origin-at has no meaning`, {
      help: "leave one of them out",
    });
  }
  const at = originAt ?? upstreams;
  if (at.length === 0)
    throw new LabError("LAB_USAGE", `nobody says where ${main} expects its servers`, {
      help: `write {{origins}} in ${main}, or give their addresses: --origin-at 127.0.0.1:9001`,
    });
  const [wanted] = servers;
  if (servers.length > 1 || (wanted !== 1 && wanted !== at.length))
    throw new LabError("LAB_USAGE", `${main} expects ${at.length} servers, at ${at.join(", ")}`, {
      help: "leave --servers out",
    });
  return at;
}
