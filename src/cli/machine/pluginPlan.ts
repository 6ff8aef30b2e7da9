import { type Command, Option } from "commander";
import type { PluginOptions, Profile, Role } from "../../core/contract/index.ts";
import { Lab, type PluginPreview } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { type CommonOptions, printJson, printLine } from "../terminal/output.ts";
import { optionsFromJson } from "./optionsJson.ts";

interface Flags extends CommonOptions {
  readonly role: Role;
  readonly profile: Profile;
  readonly options?: PluginOptions;
  readonly tls?: boolean;
  readonly http2?: boolean;
}

/** `lab plugins plan`: for authors, what a plugin makes of a setup. */
export function addPlanCommand(plugins: Command): void {
  plugins
    .command("plan <path>")
    .description(
      "show the command, environment and files that a proxy or load tool would be started with; starts nothing",
    )
    .addOption(new Option("--role <role>", "as which it is used").choices(["reverse", "forward"]).default("reverse"))
    .addOption(new Option("--profile <profile>", "of proxies").choices(["fair", "as-shipped"]).default("fair"))
    .option("--tls", "over TLS")
    .option("--http2", "over HTTP/2, and so over TLS")
    .addOption(
      new Option("--options <json>", "options for it, as in plugins.json (those there, unless given)").argParser(
        optionsFromJson,
      ),
    )
    .action(action(planCommand));
}

async function planCommand(path: string, { json, ...flags }: Flags): Promise<void> {
  const { role, profile, options, tls, http2, ...named } = flags;
  const preview = await Lab.plugins(named).plan(path, { role, profile, options, tls, http2 });
  if (json) printJson(preview);
  else printLine(inWords(preview));
}

function inWords({ kind, id, role, profile, plan }: PluginPreview): string {
  const { argv, env = {}, files = {}, ...rest } = plan;
  const what = kind === "proxy" ? `${role} proxy ${id}, ${profile}` : `load tool ${id}, for a ${role} proxy`;
  return [
    what,
    "",
    ...argv.map((argument, index) => `${index === 0 ? "argv  " : "      "}  ${argument}`),
    ...Object.entries(env).map(([name, value]) => `env     ${name}=${value}`),
    ...("driver" in rest && rest.driver ? [`driver  ${rest.driver}`] : []),
    ...("deviations" in rest ? (rest.deviations ?? []).map((one) => `deviation  ${one}`) : []),
    ...Object.entries(files).flatMap(([path, text]) => ["", `--- ${path}`, text.trimEnd()]),
  ].join("\n");
}
