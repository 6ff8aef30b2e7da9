import type { Command } from "commander";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { Engine } from "../../core/engine.ts";
import { LabError } from "../../core/errors.ts";
import { packageVersion } from "../../core/hosting/manifest.ts";
import type { Entry } from "../../core/hosting/registry.ts";
import { packBundle } from "../../core/store/bundle.ts";
import { BUNDLE_FORMAT, BUNDLE_VERSION, type BundledPlugin } from "../../core/store/bundleSchema.ts";
import { formatBytes, plural } from "../../core/views/index.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { printJson, printLine } from "../terminal/output.ts";
import { writeOutput } from "../terminal/writeOutput.ts";

interface Flags extends CommonOptions {
  readonly sweep?: string;
  readonly note?: string;
}

const kinds = ["proxy", "load", "limiter"] as const;

/** `lab bundle`: sweeps with all that another machine needs to look at them, in one file. */
export function addBundleCommand(program: Command): void {
  program
    .command("bundle <file>")
    .description("write sweeps with their trials, environment and configurations to a file for others")
    .option("--sweep <ids>", "the sweeps to write (all unless given)")
    .option("--note <text>", "a line for those who read it")
    .action((file: string, _: unknown, command: Command) => bundleCommand(file, command.optsWithGlobals<Flags>()));
}

async function bundleCommand(file: string, flags: Flags): Promise<void> {
  const engine = await openEngine(flags);
  try {
    const sweeps = flags.sweep?.split(",").map((id) => engine.findSweep(id)) ?? engine.store.sweeps().reverse();
    const trials = sweeps.flatMap(({ id }) => engine.store.trials({ sweepId: id }));
    const newest = trials.at(-1);
    if (!newest) throw new LabError("LAB_NO_DATA", "there are no trials to write", { help: "run some: ./lab sweep" });
    const header = {
      format: BUNDLE_FORMAT,
      version: BUNDLE_VERSION,
      createdAt: new Date().toISOString(),
      labVersion: newest.environment.labVersion,
      ...(flags.note === undefined ? {} : { note: flags.note }),
      plugins: await pluginsOf(engine, trials),
    } as const;
    const bytes = packBundle({ header, sweeps, trials });
    await writeOutput(file, bytes);
    if (flags.json) printJson({ file, sweeps: sweeps.length, trials: trials.length, bytes: bytes.length });
    else
      printLine(
        `wrote ${plural(sweeps.length, "sweep")}, ${plural(trials.length, "trial")} (${formatBytes(bytes.length)}) to ${file}`,
      );
  } finally {
    engine.close();
  }
}

/** Those of the plugins in use that the trials name. */
function pluginsOf(engine: Engine, trials: readonly TrialRecord[]): Promise<BundledPlugin[]> {
  const named = new Set(
    trials.flatMap(({ point: { proxy, loadTool, limiter } }) => [
      `proxy ${proxy}`,
      `load ${loadTool}`,
      `limiter ${limiter}`,
    ]),
  );
  const entries = kinds
    .flatMap((kind): Entry[] => engine.registry.list(kind))
    .filter(({ plugin: { kind, id } }) => named.has(`${kind} ${id}`));
  return Promise.all(entries.map(bundled));
}

/** With the version of its package; of those that come with the lab that is the lab's own. */
async function bundled({ plugin: { kind, id }, source, file }: Entry): Promise<BundledPlugin> {
  const version = file === undefined ? undefined : await packageVersion(file);
  return { kind, id, source, ...(version === undefined ? {} : { version }) };
}
