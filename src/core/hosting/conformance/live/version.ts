import type { Host, LoadPlugin, ProxyPlugin } from "../../../contract/index.ts";
import type { Found } from "../../../process/launcher.ts";

/** The version that was found. Throws an Error that shows what the program printed where none was. */
export async function tellsVersion({ program }: ProxyPlugin | LoadPlugin, found: Found, host: Host): Promise<string> {
  if (found.version) return found.version;
  const { versionArguments, versionPattern } = program;
  const printed = found.executable && (await host.probe([found.executable, ...versionArguments]));
  const said = printed ? firstLine(printed.stdout + printed.stderr) : "";
  throw new Error(
    `the first group of program.versionPattern, /${versionPattern}/, is not in what it prints: "${said}"`,
  );
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0]!.slice(0, 200);
}
