import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it, onTestFinished } from "vitest";
import { probe } from "../../src/core/process/command.ts";
import { runLab } from "../fixtures/runLab.ts";

/** The user's own Python first; that of the system is where packages of the system are. */
const candidates = ["python3", "/usr/bin/python3"];
const needed = "import matplotlib, pandas";

async function findPython(): Promise<string | undefined> {
  for (const python of candidates) if ((await probe([python, "-c", needed], 60_000))?.code === 0) return python;
  return undefined;
}

const python = await findPython();
const absent =
  python === undefined && process.env.LAB_REQUIRE !== "all" ? "no Python with pandas and matplotlib is installed" : "";

it.skipIf(absent)(`the notebook runs from its first cell to its last${absent && ` (${absent})`}`, async () => {
  const dir = mkdtempSync(join(tmpdir(), "lab-notebook-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const store = join(dir, "lab.sqlite");
  await runLab(["import", "data/study.ndjson.gz"], { store });
  await runLab(["export", "--out", join(dir, "trials.csv")], { store });
  await runLab(["export", "--segments", "--out", join(dir, "segments.csv")], { store });
  const { cells } = JSON.parse(readFileSync("examples/notebook/trials.ipynb", "utf8"));
  const code = cells
    .filter((cell: { cell_type: string }) => cell.cell_type === "code")
    .map(({ source }: { source: string[] }) => source.join(""));
  expect(code.length).toBeGreaterThan(2);
  const env = { MPLBACKEND: "Agg", MPLCONFIGDIR: dir };
  const { exitCode, stderr } = await execa(python ?? "python3", ["-c", code.join("\n\n")], {
    cwd: dir,
    env,
    reject: false,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.not.stringContaining("Error") });
  expect(statSync(join(dir, "requests.png")).size).toBeGreaterThan(10_000);
});
