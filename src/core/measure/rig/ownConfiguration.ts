import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ProxySetup } from "../../contract/index.ts";
import type { Scenario } from "../../domain/point.ts";
import { LabError, messageOf } from "../../errors.ts";

/** A configuration of the user's own, as it was read. */
export interface OwnConfiguration {
  /** The first file or folder, as it is named among the files. */
  readonly main: string;
  /** Text by path, relative to where the lab puts them. */
  readonly files: Readonly<Record<string, string>>;
  /** Of names and texts. */
  readonly sha256: string;
}

const mostFiles = 200;
const mostBytes = 4 * 2 ** 20;

/** Reads files, and folders with all that is in them. Throws LAB_CONFIGURATION. */
export async function readConfiguration(paths: readonly string[]): Promise<OwnConfiguration> {
  const found = (await Promise.all(paths.map((path) => filesUnder(path, basename(path))))).flat();
  if (found.length > mostFiles) throw refused(`${paths.join(", ")}: more than ${mostFiles} files`);
  const files: Record<string, string> = {};
  let bytes = 0;
  for (const { path, name } of found) {
    if (files[name] !== undefined) throw refused(`two files would be called ${name}: give the folder that holds both`);
    const content = await readFile(path).catch((cause) => unreadable(path, cause));
    bytes += content.length;
    if (bytes > mostBytes) throw refused(`${path}: with it the configuration is larger than 4 MiB`);
    if (content.includes(0)) throw refused(`${path} is no text`, "name such files in the configuration by their paths");
    files[name] = content.toString("utf8");
  }
  const sha256 = createHash("sha256")
    .update(JSON.stringify(Object.entries(files).sort()))
    .digest("hex");
  return { main: basename(paths[0]!), files, sha256 };
}

async function filesUnder(path: string, name: string): Promise<{ readonly path: string; readonly name: string }[]> {
  const found = await stat(path).catch((cause) => unreadable(path, cause));
  if (!found.isDirectory()) return [{ path, name }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: file, name: join(name, file.slice(path.length)) }));
}

/** The configuration of a scenario, as it was when the sweep was planned. Throws LAB_CONFIGURATION if it has changed since. */
export async function sameConfiguration({
  configuration,
  configurationSha256,
}: Scenario): Promise<OwnConfiguration | undefined> {
  if (configuration === undefined) return undefined;
  const own = await readConfiguration(configuration);
  if (own.sha256 === configurationSha256) return own;
  throw refused(`${configuration.join(", ")} has changed since the sweep was planned`, "plan a new sweep with it");
}

/** What can be written in a configuration. */
export type Placeholder = "listen" | "host" | "port" | "origins" | "folder";

const placeholder = /\{\{(listen|host|port|origins|folder)\}\}/g;

/** The placeholders that are in some files. */
export function placeholdersIn({ files }: Pick<OwnConfiguration, "files">): Set<Placeholder> {
  const all = Object.values(files).flatMap((text) => [...text.matchAll(placeholder)]);
  return new Set(all.map(([, name]) => name as Placeholder));
}

/** What placeholders stand for. `origins`: as the proxy writes them. */
export function standIns(
  { listen: { host, port } }: Pick<ProxySetup, "listen">,
  folder: string,
  origins: string,
): Readonly<Record<Placeholder, string>> {
  return { listen: `${host}:${port}`, host, port: String(port), origins, folder };
}

/** A text with its placeholders filled in. What has several lines keeps the indentation of the first. */
export function filledIn(text: string, values: Readonly<Record<Placeholder, string>>): string {
  return text
    .split("\n")
    .map((line) =>
      line.replaceAll(placeholder, (_, name: Placeholder) => {
        return values[name].replaceAll("\n", `\n${/^\s*/.exec(line)![0]}`);
      }),
    )
    .join("\n");
}

function unreadable(path: string, cause: unknown): never {
  throw refused(`${path} cannot be read: ${messageOf(cause)}`, "check the path of --config");
}

function refused(message: string, help?: string): LabError {
  return new LabError("LAB_CONFIGURATION", message, { help });
}
