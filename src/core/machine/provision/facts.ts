import { coerce, gte } from "semver";
import type { Host, InstallHints } from "../../contract/index.ts";
import { withoutAbsent } from "../../domain/absent.ts";
import { systemNameOf } from "../parse.ts";

/** A program that is missing and how its plugin says it is installed. */
export interface WantedProgram {
  /** Id of the plugin. */
  readonly name: string;
  readonly install: InstallHints;
}

/** What of a machine decides how programs are installed on it. */
export interface Facts {
  /** Name of the operating system, for people. */
  readonly system: string;
  readonly root: boolean;
  /** The system's package manager, where it is one that the lab knows. */
  readonly manager?: (typeof managers)[number];
  /** apt's lists are less than a day old. */
  readonly aptListsFresh: boolean;
  /** Packages that apt knows nothing of, by the lists that it has. */
  readonly aptUnknown: readonly string[];
  /** A Python 3 that can make virtual environments with pip in them; looked for when one of the programs needs it. */
  readonly python?: string;
  readonly npm: boolean;
  /** A Go that is new enough; looked for when one of the programs is built with it. */
  readonly go?: string;
  /** Rust's cargo; looked for when one of the programs is built with it. */
  readonly cargo?: string;
}

const managers = ["apt", "apk", "dnf", "pacman", "zypper", "brew"] as const;

/** Preferred: a program in an environment of this one can also run in a container that sees only the system's folders. */
export const systemPython = "/usr/bin/python3";

/** Debian's package with the part of Python that makes virtual environments. */
export const venvPackage = "python3-venv";

/** From this version on, Go itself gets the newer one that a program may need. */
export const oldestGo = "1.21";

/** Looks at the machine; changes nothing. */
export async function readFacts(host: Host, wanted: readonly WantedProgram[]): Promise<Facts> {
  const manager = await first(managers, (name) => works(host, [name === "apt" ? "apt-get" : name, "--version"]));
  const notByBrew = wanted.map(({ install }) => install).filter(({ brew }) => !(brew && manager === "brew"));
  const building = notByBrew.some((install) => install.go);
  const go = building ? await findGo(host) : undefined;
  // On a Mac even a look at a Python that is not there may open a window.
  const needsPython = (building && !go) || notByBrew.some((install) => install.pip);
  const canMakeEnvironments = (path: string) => works(host, [path, "-c", "import ensurepip, venv"]);
  const cargo = notByBrew.some((install) => install.cargo) ? await findCargo(host) : undefined;
  const python = needsPython ? await first([systemPython, "python3"], canMakeEnvironments) : undefined;
  const packages = [...new Set([venvPackage, ...wanted.flatMap(({ install }) => install.apt ?? [])])];
  const system = systemNameOf(await host.readText("/etc/os-release"));
  return withoutAbsent<Facts>({
    system: system ?? (host.platform === "darwin" ? "macOS" : host.platform),
    root: host.root,
    manager,
    aptListsFresh: manager === "apt" && (await areListsFresh(host)),
    aptUnknown: manager === "apt" ? await unknownToApt(host, packages) : [],
    python,
    npm: wanted.some(({ install }) => install.npm) && (await works(host, ["npm", "--version"])),
    go,
    cargo,
  });
}

/** Also where Go's own installer puts it, which is on few people's PATH. */
function findGo(host: Host): Promise<string | undefined> {
  return first(["go", "/usr/local/go/bin/go"], async (path) => {
    const printed = await host.probe([path, "version"]);
    const version = coerce(/go version go(\S+)/.exec(printed?.stdout ?? "")?.[1]);
    return version !== null && gte(version, `${oldestGo}.0`);
  });
}

/** Also where Rust's own installer puts it. Whether it is new enough for a program, cargo itself tells. */
function findCargo(host: Host): Promise<string | undefined> {
  const { HOME } = host.env;
  const paths = ["cargo", ...(HOME ? [`${HOME}/.cargo/bin/cargo`] : [])];
  return first(paths, (path) => works(host, [path, "--version"]));
}

async function areListsFresh(host: Host): Promise<boolean> {
  // Every update changes one of these folders, also when it finds nothing new.
  const folders = ["/var/lib/apt/lists", "/var/lib/apt/lists/partial"] as const;
  const printed = await host.probe(["find", ...folders, "-maxdepth", "0", "-mtime", "-1"]);
  return (printed?.stdout ?? "").trim() !== "";
}

async function unknownToApt(host: Host, packages: readonly string[]): Promise<string[]> {
  const policies = (await host.probe(["env", "LC_ALL=C", "apt-cache", "policy", ...packages]))?.stdout ?? "";
  const known = new Set([...policies.matchAll(/^(\S+):\n.*\n {2}Candidate: (?!\(none\))/gm)].map(([, name]) => name));
  return packages.filter((name) => !known.has(name));
}

async function works(host: Host, argv: readonly [string, ...string[]]): Promise<boolean> {
  return (await host.probe(argv))?.code === 0;
}

async function first<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T | undefined> {
  for (const item of items) if (await test(item)) return item;
  return undefined;
}
