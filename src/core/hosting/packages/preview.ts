import type { LoadPlan, PluginOptions, Profile, ProxyPlan, Role } from "../../contract/index.ts";
import { LabError } from "../../errors.ts";
import { exampleLoad } from "../conformance/load.ts";
import { exampleSetup, exampleTls } from "../conformance/proxy.ts";
import { door } from "../door.ts";
import { asPlugin, checkedOptions, findPlugin, importPlugin, schemaOf } from "../load.ts";
import type { Subject } from "./subject.ts";

/** For which of its tasks a plugin is asked for a plan. */
export interface PreviewWish {
  readonly role: Role;
  readonly profile: Profile;
  /** Instead of those in plugins.json. */
  readonly options?: PluginOptions | undefined;
  /** Over TLS 1.3. */
  readonly tls?: boolean | undefined;
  /** Over HTTP/2, and so over TLS. */
  readonly http2?: boolean | undefined;
}

/** What a plugin would have the lab start. */
export interface Preview {
  readonly kind: "proxy" | "load";
  readonly id: string;
  readonly role: Role;
  /** Of proxies. */
  readonly profile?: Profile;
  readonly plan: ProxyPlan | LoadPlan;
}

/**
 * The plan of a proxy or load tool for made-up addresses and a made-up scratch folder, `/scratch`; nothing is started.
 * Throws LAB_PLUGIN where it cannot be loaded or returns no plan, LAB_UNSUPPORTED for what it does not support or has no
 * plan for.
 */
export async function previewPlan({ use, places, options }: Subject, wish: PreviewWish): Promise<Preview> {
  const { plugin, options: given } = await loaded(use, places, wish.options ?? options);
  const { role, profile, http2 = false, tls = http2 } = wish;
  if (plugin.kind === "proxy" || plugin.kind === "load") {
    if (tls && !plugin.supports.tls) throw unsupported(plugin.id, "cannot speak TLS");
    if (http2 && !plugin.supports.http2) throw unsupported(plugin.id, "cannot speak HTTP/2");
  }
  const spoken = http2 ? { http2 } : {};
  if (plugin.kind === "proxy") {
    if (!plugin.supports.roles.includes(role)) throw unsupported(plugin.id, `is no ${role} proxy`);
    if (tls && role === "forward") throw unsupported(plugin.id, "gets plain HTTP as a forward proxy");
    const secure = tls
      ? { tls: exampleTls("1.3", plugin.supports.tlsResumption?.includes("1.3") ?? false), ...spoken }
      : {};
    const setup = { ...exampleSetup(role, profile, plugin.supports.balancing ? 2 : 1), ...secure, options: given };
    return { kind: plugin.kind, id: plugin.id, role, profile, plan: await door.planProxy(plugin, setup) };
  }
  if (plugin.kind === "load") {
    const forward = role === "forward";
    if (forward && !plugin.supports.forwardProxy) throw unsupported(plugin.id, "cannot ask a forward proxy");
    const setup = { ...exampleLoad(plugin, { forward, tls }), ...spoken, options: given };
    return { kind: plugin.kind, id: plugin.id, role, plan: await door.planLoad(plugin, setup) };
  }
  throw unsupported(plugin.id, `is a ${plugin.kind}; proxies and load tools have plans`);
}

/** The plugin, and the options as it gets them. */
async function loaded(use: string, places: Subject["places"], set: PluginOptions) {
  try {
    const { path, contract } = await findPlugin(use, places);
    const plugin = asPlugin(await importPlugin(path), path, "it is not a plugin: ");
    return { plugin, options: checkedOptions(schemaOf(plugin, contract), set).options };
  } catch (cause) {
    throw new LabError("LAB_PLUGIN", `${use}: ${(cause as Error).message}`, {
      help: "./lab plugins check tells more of what is wrong with it",
      cause,
    });
  }
}

function unsupported(id: string, what: string): LabError {
  return new LabError("LAB_UNSUPPORTED", `${id} ${what}`);
}
